"""Files that were staged, loaded, exported and are the same again."""
