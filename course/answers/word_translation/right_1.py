"""A right answer in NumPy, as short as it gets."""

import numpy as np

WRITTEN = r"""
1. Match the eigenvectors of the second moments of both clouds, take the signs from means or
   skewness, refine. If that reaches 96 too, the two spaces match so well that the game is not
   needed: the table shows that the data are easy, not that adversarial training is.
2. In few dimensions wrong mappings have high criteria; with one axis turned round it is 0.93 and
   half of the words are wrong. I would ask for the criteria of the other restarts or of a right
   mapping, and for the number of different translations.
3. Every vector has a part along the common mean, so a word that lies along it has a raised cosine
   with all others. CSLS subtracts each word's mean cosine with its own neighbours, which is
   large exactly for these words.
"""


def procrustes(X, Y, c):
    u, _, vt = np.linalg.svd(np.einsum("n,ni,nj->ij", c, Y, X))
    return u @ vt


def orthogonalize(W, beta, steps):
    if steps == 0:
        return W
    gram = np.einsum("...ij,...kj->...ik", W, W)
    return orthogonalize(W + beta * (W - gram @ W), beta, steps - 1)


def csls(S, k_row, k_column):
    rows = -np.sort(-S, axis=1)[:, :k_row].mean(axis=1, keepdims=True)
    columns = -np.sort(-S, axis=0)[:k_column].mean(axis=0, keepdims=True)
    return 2 * S - rows - columns


def mutual_pairs(S, margin):
    found = []
    for i, j in np.ndindex(*S.shape):
        rivals = (S[i] >= S[i, j] - margin).sum() + (S[:, j] >= S[i, j] - margin).sum()
        if rivals == 2:
            found.append((i, j))
    return found


def precision_at_k(S, gold, k, weights):
    rows = [i for i in gold if gold[i]]
    best = np.argsort(-S[rows], axis=1, kind="stable")[:, :k]
    right = [bool(gold[i] & set(b)) for i, b in zip(rows, best.tolist(), strict=True)]
    return 100 * float(np.average(right, weights=weights[rows]))
