"""Is an application used as its users use it, and is every way in which it may fail them seen?"""
