"""What does a database say of the migrations that ran in it, and is that the truth?"""
