"""How does a copy of a database become a backup that counts, and how long is it kept?"""
