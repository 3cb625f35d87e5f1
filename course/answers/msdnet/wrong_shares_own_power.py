"""Takes the exit's own probability for those before it too."""

# loses: exit_shares

import numpy as np


def exit_shares(q):
    shares = q * (1 - q) ** np.arange(len(q))
    return shares / shares.sum()
