"""What PostgreSQL can declare, one attribute at a time, and what only looks different."""
