"""What does a database declare, and do two declare the same?"""
