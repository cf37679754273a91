"""What an application is told, and where it then goes."""
