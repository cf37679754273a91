"""Did the migration lose anything?  The engine: it returns facts and raises errors."""

__version__ = "0.1.0"
