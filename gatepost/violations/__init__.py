"""Which rows that are there would break what pending migrations demand of them?"""
