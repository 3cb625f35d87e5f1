"""Projects, but forgets to divide by the length of the feature."""

# loses: matched_gradient

import numpy as np


def matched_gradient(M, U, V):
    unit = U / np.linalg.norm(U, axis=1, keepdims=True)
    pull = -M @ (V / np.linalg.norm(V, axis=1, keepdims=True))
    return pull - unit * np.sum(unit * pull, axis=1, keepdims=True)
