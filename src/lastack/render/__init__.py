"""Verdicts and timelines as text and data; one format a file."""
