"""Tests of what a migration made, and of what was there before it."""
