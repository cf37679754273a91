"""What does the application do when it is used?  By writing through it, and removing that again.

Checks never write: what they judge of this is what was seen here.
"""
