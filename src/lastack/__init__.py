"""lastack tells why a TCP connection ended, who ended it, and what to do."""

__version__ = "0.1.0"
