"""`python -m lessons` is the command `lessons`."""

from lessons.cli import command

if __name__ == "__main__":  # worker processes of a sweep import this module again
    command()
