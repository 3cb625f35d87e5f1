"""Neighbours in large vocabularies: a k-d tree, or products of blocks.

200,000 words a language make 4e10 scores, 320 GB as float64. Two exact ways need no
such matrix:

* *blocks*: the product of a few hundred rows with all columns at a time, of which only
  the k best are kept;
* a *k-d tree* on unit vectors, where $\\cos = 1 - |x - y|^2 / 2$: the nearest point has
  the largest cosine. Quick in few dimensions only.

CSLS is nearest neighbours too, in one dimension more: see `lifted`.
"""

import numpy as np
from scipy import spatial

from lessons.language.word_translation import retrieval
from lessons.toolkit.errors import UserError, unknown

WAYS = ("auto", "tree", "blocks")
TREE_DIMENSIONS = 8  # up to here a tree is the quicker one
BLOCK = 512  # rows of a product


def largest(queries, words, k, way="auto", block=BLOCK):
    """The k words with the largest cosine for each query.

    Args:
        queries: shape (n, d).
        words: shape (m, d).
        k: at least 1; all words where there are fewer.
        way: "tree", "blocks", or "auto" for the quicker one.
        block: queries of one product.

    Returns:
        (cosines, places): shapes (n, k), the largest first.
    """
    queries, words = retrieval.unit(queries), retrieval.unit(words)
    return _nearest(queries, words, np.zeros(len(words)), k, way, block)


def translations(
    mapped, target, k=retrieval.NEIGHBOURS, best=1, way="auto", block=BLOCK
):
    """The best CSLS translations of every source word, without the matrix of scores.

    Args:
        mapped: source words after the mapping, shape (n, d).
        target: shape (m, d).
        k: K of CSLS.
        best: how many for each word.
        way, block: as for `largest`.

    Returns:
        Places of target words, the best first, shape (n, best).
    """
    near = largest(target, mapped, k, way, block)[0].mean(axis=1)  # r_S(y), (m,)
    mapped, target = retrieval.unit(mapped), retrieval.unit(target)
    return _nearest(mapped, target, near, best, way, block)[1]


def lifted(queries, words, penalty):
    r"""Points whose nearest neighbours maximise $2 \cos(x, y) - r(y)$.

    For unit vectors $|x - y|^2 + r(y) + c = 2 - (2\cos(x, y) - r(y)) + c$. Appending
    $\sqrt{r(y) + c}$ to y and 0 to x makes the left side a squared distance; c is the
    least number for which all roots exist. The term $r_T(x)$ of CSLS is the same for
    all y and decides nothing.

    Args:
        queries, words: unit vectors, shapes (n, d) and (m, d).
        penalty: r, shape (m,).

    Returns:
        (queries, words): shapes (n, d + 1) and (m, d + 1).
    """
    root = np.sqrt(penalty - np.min(penalty))
    zero = np.zeros((len(queries), 1))
    return np.hstack([queries, zero]), np.hstack([words, root[:, None]])


def _nearest(queries, words, penalty, k, way, block):
    """Values of 2 cos - r halved (cosines where r is 0) and places of the k largest."""
    if way not in WAYS:
        raise unknown("way", way, WAYS)
    if k < 1 or block < 1:
        raise UserError(f"k and block must be at least 1, got k={k}, block={block}.")
    k = min(k, len(words))
    if way == "auto":
        way = "tree" if words.shape[1] <= TREE_DIMENSIONS else "blocks"
    if way == "tree":
        points, others = lifted(queries, words, penalty)
        # A split at the middle is quick to make, and searched as quickly.
        tree = spatial.cKDTree(others, balanced_tree=False, compact_nodes=False)
        places = tree.query(points, k=np.arange(1, k + 1))[1]
    else:
        places = np.concatenate(
            [
                _best_of(queries[start : start + block] @ words.T - penalty / 2, k)
                for start in range(0, len(queries), block)
            ]
        )
    values = [np.sum(queries * words[column], axis=1) for column in places.T]
    return np.stack(values, axis=1) - penalty[places] / 2, places


def _best_of(scores, k):
    """Columns of the k largest entries of each row, the largest first."""
    columns = np.argpartition(-scores, k - 1, axis=1)[:, :k]
    order = np.argsort(-np.take_along_axis(scores, columns, axis=1), axis=1)
    return np.take_along_axis(columns, order, axis=1)
