"""Python's own HTTP server, keep-alive, which closes what is idle for 0.4 s.

http_server_with_idle_time.py ADDRESS PORT
"""

import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Answer(BaseHTTPRequestHandler):
    """Answers every GET with two octets."""

    protocol_version = "HTTP/1.1"
    timeout = 0.4

    def do_GET(self) -> None:
        """Answer."""
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")


class Server(ThreadingHTTPServer):
    """Of either version of IP."""

    address_family = socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET


Server((sys.argv[1], int(sys.argv[2])), Answer).serve_forever()
