"""Segments to connections to facts: the one fused pass over a capture."""
