r"""Drawings as sequences of pen movements: formats, checks, simplification.

* *lines*: a list of arrays (points, 2), one for each movement of the pen on the paper.
* *stroke-3*: float32 rows $(\Delta x, \Delta y, q)$; $q = 1$ where the pen is lifted
  after the point. The first offset is taken from the origin.
* *stroke-5*: float32 rows $(\Delta x, \Delta y, p_1, p_2, p_3)$ of a fixed number: pen
  down after this point, lifted after it, drawing finished (Ha and Eck 2017,
  arXiv:1704.03477, section 3.1). Rows after the end are (0, 0, 0, 0, 1).
"""

import numpy as np

from lessons.toolkit.errors import UserError

END = (0.0, 0.0, 0.0, 0.0, 1.0)  # the row of stroke-5 after the last point
START = (0.0, 0.0, 1.0, 0.0, 0.0)  # what a decoder reads before the first point


def check(strokes, name="strokes"):
    """A drawing as a float32 array, or an error that says what is wrong with it.

    Args:
        strokes: stroke-3, at least one row.
        name: what the message calls it.

    Returns:
        float32, shape (points, 3).

    Raises:
        UserError: other shape, no row, a number that is not finite, or a pen state
            that is neither 0 nor 1.
    """
    try:
        array = np.asarray(strokes, np.float32)
    except (TypeError, ValueError):
        raise UserError(f"{name} holds no numbers. {_ALLOWED}") from None
    if array.ndim != 2 or array.shape[1] != 3 or not len(array):
        raise UserError(f"{name} has shape {array.shape}. {_ALLOWED}")
    if not np.all(np.isfinite(array)):
        row = int(np.argmin(np.all(np.isfinite(array), axis=1)))
        raise UserError(f"{name} has a number that is not finite in row {row}.")
    if not np.all(np.isin(array[:, 2], (0, 1))):
        row = int(np.argmin(np.isin(array[:, 2], (0, 1))))
        raise UserError(
            f"{name} has the pen state {array[row, 2]:g} in row {row}. "
            "Allowed: 0 (pen stays down) or 1 (pen is lifted after this point)."
        )
    return array


_ALLOWED = "Allowed: rows (Δx, Δy, pen lifted), shape (points, 3), at least one."


def from_lines(lines):
    """Lines as stroke-3; the pen is lifted after each line.

    Args:
        lines: arrays of shape (points, 2), each of at least one point.

    Returns:
        float32, shape (points of all lines, 3).

    Raises:
        UserError: no line, or one that is no array of points.
    """
    lines = [np.asarray(line, float) for line in lines]
    wrong = [np.shape(line) for line in lines if line.ndim != 2 or line.shape[1] != 2]
    if not lines or wrong or not all(map(len, lines)):
        raise UserError(
            f"lines must be arrays of shape (points, 2) with at least one point each, "
            f"got {wrong or [np.shape(line) for line in lines]}."
        )
    points = np.concatenate([np.zeros((1, 2)), *lines])
    lifted = np.concatenate([np.eye(1, len(line), len(line) - 1)[0] for line in lines])
    return np.column_stack([np.diff(points, axis=0), lifted]).astype(np.float32)


def to_lines(strokes, start=(0.0, 0.0)):
    """The lines of a stroke-3, float64; the inverse of `from_lines` up to rounding.

    Args:
        strokes: shape (points, 3); may be empty.
        start: where the first offset is taken from.
    """
    strokes = np.asarray(strokes, float).reshape(-1, 3)
    points = np.cumsum(strokes[:, :2], axis=0) + start
    lifted = np.flatnonzero(strokes[:, 2] > 0.5) + 1
    return [line for line in np.split(points, lifted) if len(line)]


def to_stroke5(strokes, max_length):
    """Stroke-3 as stroke-5 with a fixed number of rows.

    A longer drawing is cut, and the pen lifted after the last point that is kept.

    Args:
        strokes: stroke-3, see `check`.
        max_length: number of rows, at least 1.

    Returns:
        float32, shape (max_length, 5).

    Raises:
        UserError: the strokes are broken, or max_length is below 1.
    """
    strokes = check(strokes)
    if max_length < 1:
        raise UserError(f"max_length must be at least 1, got {max_length}.")
    kept = strokes[:max_length]
    rows = np.tile(np.float32(END), (max_length, 1))
    lifted = kept[:, 2].copy()
    if len(strokes) > max_length:
        lifted[-1] = 1
    rows[: len(kept), :2] = kept[:, :2]
    rows[: len(kept), 2:] = np.stack([1 - lifted, lifted, 0 * lifted], axis=1)
    return rows


def to_stroke3(rows):
    """Stroke-5 as stroke-3: the rows before the first whose third pen state is 1.

    Args:
        rows: shape (rows, 5).

    Returns:
        float32, shape (points, 3); empty where the drawing ends at once.

    Raises:
        UserError: another shape.
    """
    rows = np.asarray(rows, np.float32)
    if rows.ndim != 2 or rows.shape[1] != 5:
        raise UserError(f"rows have shape {rows.shape}. Allowed: (rows, 5).")
    ended = np.flatnonzero(rows[:, 4] > 0.5)
    kept = rows[: ended[0]] if len(ended) else rows
    return kept[:, [0, 1, 3]]


def batch(drawings, max_length):
    """Drawings as one array of stroke-5, shape (drawings, max_length, 5).

    Args:
        drawings: a list of stroke-3.
        max_length: as for `to_stroke5`.

    Raises:
        UserError: there is no drawing, or one is broken; the message says which.
    """
    if not len(drawings):
        raise UserError("drawings must hold at least one drawing, got none.")
    checked = [check(each, f"drawing {i}") for i, each in enumerate(drawings)]
    return np.stack([to_stroke5(each, max_length) for each in checked])


def scale_factor(drawings):
    """Standard deviation of all offsets, x and y together: what they are divided by.

    Args:
        drawings: a list of stroke-3, those of the training set.

    Returns:
        A float, above 0.

    Raises:
        UserError: the pen never moves.
    """
    offsets = np.concatenate([each[:, :2] for each in drawings]).astype(float)
    factor = float(np.std(offsets))
    if not factor > 0:
        raise UserError("the pen never moves: all offsets are the same.")
    return factor


def scaled(drawings, factor):
    """Drawings with offsets divided by a factor; the pen states stay."""
    divisors = np.array([factor, factor, 1], np.float32)
    return [np.asarray(each, np.float32) / divisors for each in drawings]


def distances(points, start, end):
    """Distances of points from the *segment* between two points.

    The foot of the perpendicular is moved into the segment, so that points beyond its
    ends are measured from the ends, and a segment of length 0 is a point.

    Args:
        points: shape (n, 2).
        start, end: shape (2,).

    Returns:
        float64, shape (n,).
    """
    points, start, end = (np.asarray(a, float) for a in (points, start, end))
    along = end - start
    square = along @ along
    place = np.clip((points - start) @ along / square, 0, 1) if square else 0.0
    foot = start + np.multiply.outer(place, along)
    return np.hypot(*(points - foot).T)


def kept_points(points, tolerance):
    """Which points the Ramer-Douglas-Peucker simplification keeps.

    Both ends are kept. If the point farthest from the segment between them is farther
    than the tolerance, it is kept too and both halves are treated alike (Ramer 1972,
    Douglas and Peucker 1973). Every point that is left out lies within the tolerance
    of the simplified line, which the distance to the endless line does not promise.

    Args:
        points: shape (n, 2), n at least 1.
        tolerance: in units of the points, at least 0.

    Returns:
        Indices in rising order.

    Raises:
        UserError: a tolerance below 0, or no points.
    """
    points = np.asarray(points, float)
    if tolerance < 0 or points.ndim != 2 or points.shape[-1] != 2 or not len(points):
        raise UserError(
            "simplification needs points of shape (n, 2), n at least 1, and a tolerance"
            f" of at least 0, got shape {points.shape} and {tolerance}."
        )
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        if last - first < 2:
            continue
        gaps = distances(points[first + 1 : last], points[first], points[last])
        split = first + 1 + int(np.argmax(gaps))
        if gaps.max() > tolerance:
            kept.add(split)
            open_spans += [(first, split), (split, last)]
    return np.array(sorted(kept))


def simplified(lines, tolerance):
    """Lines with fewer points, each by itself: no lifting of the pen is lost."""
    lines = [np.asarray(line) for line in lines]
    return [line[kept_points(line, tolerance)] for line in lines]
