"""Tests of all the rooms, against real servers."""
