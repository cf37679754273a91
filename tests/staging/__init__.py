"""Files that became the before side."""
