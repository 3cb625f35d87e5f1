"""Procedural drawings whose every number is known: cats and faces.

The pen always draws in the same order: the head, the left and the right eye, the mouth,
the ears of a cat, the whiskers. What varies is drawn from ranges (`ranges`), and
every point is moved by Gaussian noise, so that the density of a drawing given its
numbers is known exactly (`oracle_nats`).
"""

import typing

import numpy as np

from lessons.toolkit.data import strokes

KINDS = ("cat", "face")
JITTER = 0.015  # standard deviation of a point, in radii of the head
HEAD_POINTS = 9
# What varies, with its range. All lengths in radii of the head; y points upwards.
RANGES = {
    "width": (0.8, 1.2),  # half width of the head
    "height": (0.8, 1.2),  # half its height
    "eye_x": (0.25, 0.5),  # an eye's distance from the middle
    "eye_y": (0.1, 0.4),
    "eye_size": (0.06, 0.24),
    "mouth": (0.2, 0.5),  # half width of the mouth
    "smile": (-0.25, 0.25),  # how far its corners lie above its middle
    "ear": (0.3, 0.7),  # height of an ear
    "whisker": (0.4, 0.8),  # length of a whisker
    "tilt": (-0.3, 0.3),  # of the whiskers, radians
}


class Drawing(typing.NamedTuple):
    """One procedural drawing.

    Attributes:
        strokes: stroke-3.
        kind: index into `KINDS`.
        whiskers: whether it has any.
    """

    strokes: np.ndarray
    kind: int
    whiskers: bool


def lines(kind, whiskers, numbers, num_eyes=2):
    """The lines of a drawing before noise.

    Args:
        kind: one of `KINDS`.
        whiskers: whether it has any.
        numbers: a value for each of `RANGES`.
        num_eyes: 2, or 3 for one more between them.

    Returns:
        A list of arrays of shape (points, 2).
    """
    n = numbers
    angles = np.pi / 2 + 2 * np.pi * np.arange(HEAD_POINTS) / (HEAD_POINTS - 1)
    size = np.array([n["width"], n["height"]])
    found = [size * np.stack([np.cos(angles), np.sin(angles)], axis=1)]
    for x in (-n["eye_x"], n["eye_x"], 0.0)[:num_eyes]:
        ends = (n["eye_y"] - n["eye_size"], n["eye_y"] + n["eye_size"])
        found.append(np.array([(x, y) for y in ends]))
    sides = np.array([-1, 0, 1])
    mouth = np.stack([n["mouth"] * sides, -0.45 + n["smile"] * sides**2], axis=1)
    found.append(mouth)
    if kind == "cat":
        for side in (-1, 1):
            feet = [size * (np.sin(a) * side, np.cos(a)) for a in (0.9, 0.3)]
            top = np.mean(feet, axis=0) + n["ear"] * np.array([0.4 * side, 0.9])
            found.append(np.array([feet[0], top, feet[1]]))
    if whiskers:
        along = np.array([np.cos(n["tilt"]), np.sin(n["tilt"])])
        for side in (-1, 1):
            start = np.array([0.35 * side, -0.15])
            found.append(np.array([start, start + n["whisker"] * along * (side, 1)]))
    return found


def drawn(kind, whiskers, rng, num_eyes=2):
    """A drawing with numbers from their ranges, and noise on every point.

    Args:
        kind: one of `KINDS`.
        whiskers: whether it has any.
        rng: NumPy generator.
        num_eyes: as for `lines`.

    Returns:
        A `Drawing`.
    """
    numbers = {name: rng.uniform(*ends) for name, ends in RANGES.items()}
    exact = lines(kind, whiskers, numbers, num_eyes)
    moved = [line + rng.normal(0, JITTER, line.shape) for line in exact]
    return Drawing(strokes.from_lines(moved), KINDS.index(kind), whiskers)


def collection(count, kinds, rng):
    """Drawings with kinds in turn, whiskers by the toss of a coin.

    Args:
        count: how many.
        kinds: names out of `KINDS`.
        rng: NumPy generator.

    Returns:
        A list of `Drawing`.
    """
    return [
        drawn(kinds[i % len(kinds)], bool(rng.random() < 0.5), rng)
        for i in range(count)
    ]


def longest(kinds):
    """The greatest number of points that a drawing of these kinds has."""
    middle = {name: sum(ends) / 2 for name, ends in RANGES.items()}
    return max(sum(map(len, lines(kind, True, middle))) for kind in kinds)


def oracle_nats(num_points, scale):
    r"""Nats per drawing of somebody who knows each drawing's numbers and its noise.

    Points are Gaussian around known places, and offsets are differences of points, a
    change of variables of determinant 1; dividing by a scale $c$ adds $-2 \ln c$ a
    point: $n (\ln 2\pi s^2 + 1 - 2 \ln c)$, $s$ the noise.

    Args:
        num_points: $n$, a number or an array.
        scale: $c$, what offsets were divided by.
    """
    return num_points * (np.log(2 * np.pi * JITTER**2) + 1 - 2 * np.log(scale))
