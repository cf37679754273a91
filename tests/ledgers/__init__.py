"""Records of applied migrations: honest ones, and what is wrong with the others."""
