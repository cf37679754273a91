"""Does every relation hold after what it held before, and if not, what happened to it?"""
