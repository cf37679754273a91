"""Which SQL files build a database, which of them ran, and how is one run?"""
