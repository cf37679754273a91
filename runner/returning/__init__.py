"""The way back: of a run that failed, of one that died, of a release after its GO."""
