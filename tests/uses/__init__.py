"""What still uses what pending migrations take away?"""
