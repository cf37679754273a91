"""Is every document of a source read as it is, and every damaged one refused with its place?"""
