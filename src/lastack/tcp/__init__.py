"""The vocabulary of TCP that every other room speaks."""
