"""What the paper states."""

HEADLINES = ()
EFFECT = None
