"""The questions: one file each, one test per subject."""
