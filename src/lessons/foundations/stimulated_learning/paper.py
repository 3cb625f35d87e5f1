"""What the paper states, and the rows of the results table."""

HIDDEN_STACK = 5_699_584
PAPER_PARAMETERS = {"paper": 7_693_209}
