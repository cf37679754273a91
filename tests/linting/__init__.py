"""Is what pending migrations do wrong known before they run?"""
