"""`python -m lastack` is the command `lastack`."""

import sys

from lastack.cli import main

if __name__ == "__main__":
    sys.exit(main())
