"""What the paper states, and the rows of the results table."""

# Parameters of the architecture as the sheet computes them with 128 symbols, three
# markers, an embedding of 64 and a softmax of its own; the paper lists none. By preset,
# variant and width of the values.
PARAMETERS = {
    ("paper", "lstm", 256): 370_755,
    ("paper", "lstm_2", 256): 896_067,
    ("paper", "lstm_4", 256): 1_946_691,
    ("paper", "lstm_8", 256): 4_047_939,
    ("paper_512", "lstm", 256): 1_257_283,
    ("paper_512", "lstm_2", 256): 3_356_483,
    ("paper_512", "lstm_4", 256): 7_554_883,
    ("paper_512", "lstm_8", 256): 15_951_683,
    ("paper", "stack", 256): 764_997,
    ("paper", "queue", 256): 764_997,
    ("paper", "deque", 256): 1_093_447,
    ("paper", "stack", 64): 519_045,
}

HEADLINES = ()
EFFECT = None
