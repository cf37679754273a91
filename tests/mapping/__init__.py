"""Fields that are used, and those that are lost."""
