"""What is known of a run: its lock, its journal, its state, and what became of each step."""
