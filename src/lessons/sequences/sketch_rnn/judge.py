"""Judges of drawings that share nothing with the models: pictures and measures."""

import warnings

import numpy as np

from lessons.toolkit import quality
from lessons.toolkit.data import strokes

SIDE = 14  # cells of a picture's side
FARTHEST = 4.0  # deviations of a measure
_FINE = 6  # places along a segment that leave ink
MEASURES = (
    "points",
    "strokes",
    "width",
    "height",
    "ink",
    "middle x",
    "middle y",
    "ink above the middle",
)


def pictures(rows, extent):
    """Drawings as coarse pictures: how much of the pen's way lies in each cell.

    Args:
        rows: stroke-5, shape (drawings, N_max, 5).
        extent: the picture reaches from minus this to this, both ways.

    Returns:
        float64, shape (drawings, SIDE * SIDE), from 0 to 1.
    """
    places, ink = _segments(rows)
    cells = np.floor((places / extent + 1) / 2 * SIDE).astype(int)
    cells = np.clip(cells, 0, SIDE - 1)
    flat = cells[..., 1] * SIDE + cells[..., 0]
    found = np.zeros((len(rows), SIDE * SIDE))
    index = np.broadcast_to(np.arange(len(rows))[:, None, None], flat.shape)
    np.add.at(found, (index, flat), ink)
    return 1 - np.exp(-found / _FINE)


def _segments(rows):
    """Places along every line that is drawn, and whether they leave ink."""
    rows = np.asarray(rows, float)
    points = np.cumsum(rows[..., :2], axis=1)
    part = (np.arange(_FINE) + 0.5) / _FINE
    start, end = points[:, :-1, None], points[:, 1:, None]
    places = start + part[:, None] * (end - start)
    down = (rows[:, :-1, 2] > 0.5) & (rows[:, 1:, 4] < 0.5)
    return places, np.repeat(down[..., None], _FINE, axis=2).astype(float)


def measures(rows):
    """Simple numbers of drawings, by `MEASURES`, shape (drawings, 8).

    Args:
        rows: stroke-5, shape (drawings, N_max, 5).
    """
    rows = np.asarray(rows, float)
    real = rows[..., 4] < 0.5
    points = np.cumsum(rows[..., :2], axis=1)
    count = np.maximum(real.sum(axis=1), 1)
    low = np.where(real[..., None], points, np.inf).min(axis=1)
    high = np.where(real[..., None], points, -np.inf).max(axis=1)
    size = np.where(np.isfinite(high - low), high - low, 0)
    centre = np.sum(points * real[..., None], axis=1) / count[:, None]
    down = (rows[:, :-1, 2] > 0.5) & real[:, 1:]
    steps = np.hypot(rows[:, 1:, 0], rows[:, 1:, 1]) * down
    upper = steps * (points[:, 1:, 1] > 0)
    return np.column_stack(
        [
            real.sum(axis=1),
            (rows[..., 3] > 0.5).sum(axis=1),
            size,
            steps.sum(axis=1),
            centre,
            upper.sum(axis=1),
        ]
    )


class Judge:
    """Says of drawings what they are, and how far two sets of them are apart.

    Classes and attributes by logistic regression on coarse pictures, distances as the
    Fréchet distance of standardised `measures`; learned from the training drawings.

    Args:
        drawings: `data.Drawings`.
        seed: of nothing yet but the regressions' order.
    """

    def __init__(self, drawings, seed=0):
        rows = drawings.arrays("train")
        spread = np.abs(np.cumsum(rows[..., :2], axis=1))
        self.extent = float(np.quantile(spread, 0.999)) * 1.05
        found = measures(rows)
        self._centre, self._scale = found.mean(axis=0), found.std(axis=0) + 1e-9
        inputs = pictures(rows, self.extent)
        targets = {"class": drawings.train_labels}
        targets |= {name: both[0] for name, both in drawings.attributes.items()}
        self._models = {
            name: _regression(inputs, values, seed) for name, values in targets.items()
        }

    def probabilities(self, rows, name="class"):
        """Probability of each class, shape (drawings, classes).

        Args:
            rows: stroke-5.
            name: "class" or an attribute, whose classes are False and True.
        """
        found = self._models[name]
        inputs = pictures(rows, self.extent)
        if found is None:  # one class only
            return np.ones((len(inputs), 1))
        return found.predict_proba(inputs)

    def accuracy(self, rows, values, name="class"):
        """Share of drawings whose likeliest class is the true one."""
        return float(np.mean(self.probabilities(rows, name).argmax(axis=1) == values))

    def distance(self, rows, others):
        """Squared Fréchet distance of the measures of two sets.

        Measures are standardised and cut at `FARTHEST` deviations, so that a single
        drawing that runs away does not decide.
        """
        first, second = (
            np.clip((measures(m) - self._centre) / self._scale, -FARTHEST, FARTHEST)
            for m in (rows, others)
        )
        return quality.frechet_distance(first, second)


def _regression(inputs, values, seed):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    if len(np.unique(values)) < 2:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return LogisticRegression(max_iter=300, random_state=seed).fit(inputs, values)


def rows_of(found, max_length):
    """Drawings as stroke-5, where one without a point becomes padding alone.

    Args:
        found: a list of stroke-3.
        max_length: N_max.
    """
    empty = np.tile(np.float32(strokes.END), (max_length, 1))
    return np.stack(
        [strokes.to_stroke5(d, max_length) if len(d) else empty for d in found]
    )
