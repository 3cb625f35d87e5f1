"""What the paper states, and the rows of the results table."""

# Parameters of the published sizes; the paper states none, they follow from the sizes.
PARAMETERS = {
    ("paper", "vrnn_gauss"): 93_898_000,
    ("paper", "vrnn_gmm"): 98_477_620,
    ("paper", "rnn_gmm"): 86_723_620,
    ("paper_handwriting", "vrnn_gmm"): 8_489_571,
    ("laptop", "vrnn_gauss"): 78_768,
    ("laptop", "vrnn_i"): 74_088,
    ("laptop", "rnn_gauss"): 63_072,
    ("laptop", "rnn_gmm"): 101_514,
}
