"""What runs beside us: children, hooks, the project's own command, and who watches them."""
