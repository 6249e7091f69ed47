"""Bytes to segments and segments to bytes; pure, and bounds-checked."""
