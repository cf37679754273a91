"""What do users see of a run?  A process of its own looks from outside, every half second.

It knows nothing of what the runner does but whether users are still on the old system, kept out,
or on the new one; what it saw lies in a file of the run's folder.
"""
