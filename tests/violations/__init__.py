"""What do pending migrations demand of the rows that are there?"""
