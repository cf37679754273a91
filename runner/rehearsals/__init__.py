"""A migration that is tried elsewhere first, and what that tells of the real one."""
