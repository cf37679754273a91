"""Does what a migration made hold what it should, and what was there before it what it must?"""
