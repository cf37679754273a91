"""What a baseline records, how it is kept, and what a gate makes of it."""
