"""What is read out of files, and what is refused, and where."""
