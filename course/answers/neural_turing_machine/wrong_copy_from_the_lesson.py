"""Makes the lesson's copy: the answer is not reversed."""

# loses: copy_batch

import numpy as np


def copy_batch(rng, B, L, bits):
    inputs = np.zeros((B, 2 * L + 2, bits + 2))
    vectors = rng.integers(0, 2, (B, L, bits))
    inputs[:, 0, bits] = 1
    inputs[:, 1 : L + 1, :bits] = vectors
    inputs[:, L + 1, bits + 1] = 1
    return inputs, vectors.astype(float)
