"""How do staged records become the rows of a table, and is nothing of them left out?"""
