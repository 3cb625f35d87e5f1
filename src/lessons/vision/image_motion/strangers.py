r"""Pairs of images from different films: what a code says where nothing moved.

Between two images that have nothing to do with each other there is no motion. A code
that is a difference, $R(I, J) = \varphi(J) - \varphi(I)$, has something to say all the
same, and says it in a form that can be told: the table of its values for all pairs of
images is a sum of an effect of the row and one of the column, and these two effects
are opposite. Both parts are needed. A code of the first image alone passes the first;
an antisymmetric one that needs both images at once, such as the translation that fits
best, passes the second.
"""

import numpy as np

from lessons.vision.image_motion import readouts, saliency

LEAST = 1e-20  # sum of squares that counts
FEWEST = 3  # images; with fewer labels than these the first clips are taken


def images_of(clips):
    """First frames of one clip of each label, shape (labels, height, width, 1)."""
    chosen = np.unique(clips.labels, return_index=True)[1]
    if len(chosen) < FEWEST:
        chosen = np.arange(min(len(clips), 13))
    return clips.frames[chosen, 0]


def all_pairs(images):
    """Every image before every one, itself too: (n * n, 2, height, width, 1)."""
    count = len(images)
    first, second = np.divmod(np.arange(count**2), count)
    return np.stack([images[first], images[second]], axis=1)


def two_way(table):
    r"""How far a table is a sum of effects, and how these are related.

    The table is split into its mean, an effect of each row, one of each column, and a
    rest; the shares of the squares add up to 1.

    Args:
        table: a number for each first image (row) and each second one (column).

    Returns:
        (share, correlation): the part of the squares that the two effects explain; the
        correlation of the effects of one image as first and as second one, -1 for a
        difference. Both are 0 where there is no effect.
    """
    away = table - table.mean()
    rows, columns = away.mean(axis=1), away.mean(axis=0)
    rest = away - rows[:, None] - columns
    squares = np.sum(away**2)
    lengths = np.linalg.norm(rows) * np.linalg.norm(columns)
    if squares < LEAST or lengths < LEAST:
        return 0.0, 0.0
    return float(1 - np.sum(rest**2) / squares), float(rows @ columns / lengths)


def evaluate(embedded, train, test):
    """What a code says of pairs of strangers.

    Args:
        embedded: function of (frames, order) that gives embeddings.
        train: `Clips` that a read-out is fitted to.
        test: `Clips`; gives the images.

    Returns:
        Dictionary of floats: `additive` and `opposite`, see `two_way`, of the code
        along its main direction; `light_strangers`, mean R² of the change of the two
        moments of light between strangers, by a read-out that was fitted on films.
    """
    ends = 0, train.frames.shape[1] - 1
    films, images = embedded(train.frames, ends), images_of(test)
    pairs = all_pairs(images)
    codes = embedded(pairs, (0, 1))
    table = codes @ saliency.main_direction(films)
    share, correlation = two_way(table.reshape(len(images), -1))
    apart = ~np.eye(len(images), dtype=bool).ravel()
    read = readouts.linear(
        films, readouts.light(train.frames), codes[apart], readouts.light(pairs[apart])
    )
    return {
        "additive": share,
        "opposite": correlation,
        "light_strangers": float(read.mean()),
    }
