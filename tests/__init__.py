"""The tests, in the rooms of the house that they test."""
