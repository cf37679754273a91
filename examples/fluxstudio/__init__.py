"""A design studio's platform to migrate: from JSON files to PostgreSQL."""
