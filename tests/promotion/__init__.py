"""Releases that went well elsewhere first, or did not."""
