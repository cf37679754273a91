"""A creator platform to migrate: its schema, its data, its media and its application."""
