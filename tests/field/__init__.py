"""Captures of real programs: servers, clients, languages, firewalls, lost packets."""
