"""`python -m lessons` is the command `lessons`."""

import sys

from lessons.cli import main

if __name__ == "__main__":  # worker processes of a sweep import this module again
    sys.exit(main())
