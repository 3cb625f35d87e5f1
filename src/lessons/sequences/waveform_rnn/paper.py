"""What the seed states."""

HEADLINES = ()
