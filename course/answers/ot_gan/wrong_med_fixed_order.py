"""Follows algorithm 1 for four batches in the paper's order."""

# loses: med_loss


def med_loss(W, is_data):
    between = W[0, 2] + W[0, 3] + W[1, 2] + W[1, 3]
    return (between - 2 * W[0, 1] - 2 * W[2, 3]) / 2
