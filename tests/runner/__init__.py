"""Does the runner do what it says, and come back when it must?"""
