"""Differences that are none."""
