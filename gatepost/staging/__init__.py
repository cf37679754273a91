"""How do files become a database that can stand for the before side?"""
