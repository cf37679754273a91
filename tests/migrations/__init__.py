"""SQL files that build a database, and those that do not."""
