"""Do the questions about declarations see every difference, and nothing where there is none?"""
