"""What is known of the paper, and the rows of the results table."""

# Weights of the three networks with D = 64, four dilations, four steps, two heads and
# eight actions, computed from the listings; the paper states no count.
DEMONSTRATION_PARAMETERS = 138_240
CONTEXT_PARAMETERS = 653_376
MANIPULATION_PARAMETERS = 71_688
PARAMETERS = 863_304
ACTIONS = 8
# A plain LSTM of 512 units on the 10 numbers of four landmarks.
LSTM_PARAMETERS = 1_071_104
HEADLINES = ()
