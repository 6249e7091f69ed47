"""Python's own HTTP client: a request, a pause, and one more on the connection.

    http_client_that_reuses.py ADDRESS PORT

Exit status 0 if the second was answered by nothing, and again on a connection of
its own by an answer.
"""

import sys
import time
from http.client import HTTPConnection, RemoteDisconnected


def asked(connection: HTTPConnection) -> bytes:
    """Send a GET and return the answer's body."""
    connection.request("GET", "/")
    return connection.getresponse().read()


connection = HTTPConnection(sys.argv[1], int(sys.argv[2]))
assert asked(connection) == b"ok"
time.sleep(0.8)  # the server closes in the middle of it
try:
    asked(connection)
except (RemoteDisconnected, ConnectionResetError):
    connection.close()
else:
    sys.exit("the second request was answered")
assert asked(connection) == b"ok"  # it connects anew
connection.close()
