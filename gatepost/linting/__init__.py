"""What would go wrong with pending migrations, before one of their statements is run?"""
