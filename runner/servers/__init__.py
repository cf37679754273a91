"""What is done and seen on the two servers: databases, names, marks, rights, sessions."""
