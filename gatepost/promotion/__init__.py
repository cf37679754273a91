"""Was what is about to happen here seen to go well somewhere else first?"""
