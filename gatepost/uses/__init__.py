"""Does anything still use what pending migrations drop, rename or give another type?"""
