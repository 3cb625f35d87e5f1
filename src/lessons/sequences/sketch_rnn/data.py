"""Drawings of the lesson: procedural, outlines of letters, or a user's QuickDraw."""

import dataclasses

import numpy as np

from lessons.sequences.sketch_rnn import drawings
from lessons.toolkit.data import fonts, outlines, quickdraw, strokes
from lessons.toolkit.errors import UserError

LETTERS = "CSUVZ"  # what `source="letters"` draws, a class each
STEP = 0.16  # distance of points along an outline, in em


@dataclasses.dataclass(frozen=True, eq=False)
class Drawings:
    """Drawings in two parts, offsets divided by one factor.

    Attributes:
        train, test: lists of stroke-3.
        train_labels, test_labels: integers, the class of each.
        class_names: by label.
        scale: what the offsets were divided by.
        max_length: N_max, rows of stroke-5.
        attributes: (train, test) booleans of each drawing, by name; empty where
            nothing but the class is known.
    """

    train: list
    test: list
    train_labels: np.ndarray
    test_labels: np.ndarray
    class_names: tuple
    scale: float
    max_length: int
    attributes: dict = dataclasses.field(default_factory=dict)

    def arrays(self, part="train", classes=False):
        """Stroke-5 of a part, float32 (drawings, max_length, 5).

        Args:
            part: "train" or "test".
            classes: whether each row also holds the one-hot class, behind.
        """
        rows = strokes.batch(getattr(self, part), self.max_length)
        if not classes:
            return rows
        codes = np.eye(len(self.class_names), dtype=np.float32)
        codes = codes[getattr(self, f"{part}_labels")]
        codes = np.repeat(codes[:, None], self.max_length, axis=1)
        return np.concatenate([rows, codes], axis=2)


def load(config):
    """The drawings of a configuration.

    Args:
        config: a `Config`; `source="quickdraw"` reads the files of `data_path`.

    Returns:
        `Drawings`.

    Raises:
        UserError: a file lacks something, see `toolkit.data.quickdraw.load`; or
            max_length would cut one of the embedded drawings. Those of QuickDraw are
            cut, see `strokes.to_stroke5`.
    """
    makers = {"faces": _faces, "letters": _letters, "quickdraw": _quickdraw}
    train, test, names, attributes = makers[config.source](config)
    longest = max(len(each) for each, _ in train + test)
    if config.source != "quickdraw" and longest >= config.max_length:
        raise UserError(
            f"max_length={config.max_length} leaves no row for the end of a drawing "
            f"of {longest} points. Allowed: at least {longest + 1}."
        )
    scale = strokes.scale_factor([s for s, _ in train])
    (train, train_labels), (test, test_labels) = (
        (strokes.scaled([s for s, _ in part], scale), np.array([c for _, c in part]))
        for part in (train, test)
    )
    return Drawings(
        train=train,
        test=test,
        train_labels=train_labels,
        test_labels=test_labels,
        class_names=tuple(names),
        scale=scale,
        max_length=config.max_length,
        attributes=attributes,
    )


def _parts(config, make):
    """What a function of (count, generator) gives, for training and for test."""
    counts = (config.num_train, config.num_test)
    return [
        make(count, np.random.default_rng((config.seed, part)))
        for part, count in enumerate(counts)
    ]


def _faces(config):
    def make(count, rng):
        return drawings.collection(count, config.kinds, rng)

    parts = _parts(config, make)
    order = [drawings.KINDS.index(kind) for kind in config.kinds]
    train, test = ([(d.strokes, order.index(d.kind)) for d in part] for part in parts)
    whiskers = [np.array([drawing.whiskers for drawing in part]) for part in parts]
    return train, test, config.kinds, {"whiskers": tuple(whiskers)}


def _letters(config):
    def make(count, rng):
        return [
            (_letter(i % len(LETTERS), rng), i % len(LETTERS)) for i in range(count)
        ]

    train, test = _parts(config, make)
    return train, test, LETTERS, {}


def _letter(label, rng):
    """An outline in a random font, sheared, stretched and shaken a little."""
    font = fonts.FONTS[rng.integers(len(fonts.FONTS))]
    lines = outlines.outlines(LETTERS[label], font, step=STEP)
    bend = np.eye(2) + rng.normal(0, 0.08, (2, 2))
    moved = [line @ bend + rng.normal(0, 0.005, line.shape) for line in lines]
    centre = np.concatenate(moved).mean(axis=0)
    return strokes.from_lines([line - centre for line in moved])


def _quickdraw(config):
    paths = [path for path in (config.data_path or "").split(",") if path]
    parts = [quickdraw.load(path) for path in paths or [None]]
    train = [(s, c) for c, part in enumerate(parts) for s in part["train"]]
    test = [(s, c) for c, part in enumerate(parts) for s in part["test"]]
    rng = np.random.default_rng(config.seed)
    chosen = []
    for drawn, count in ((train, config.num_train), (test, config.num_test)):
        if len(drawn) < count:
            raise UserError(
                f"the files of data_path hold {len(drawn)} drawings where {count} are "
                "asked for. Allowed: fewer num_train or num_test, or more files."
            )
        chosen.append([drawn[i] for i in rng.permutation(len(drawn))[:count]])
    names = [path.rsplit("/", 1)[-1].removesuffix(".npz") for path in paths]
    return *chosen, names, {}


def augmented(rows, rng, stretch=0.1, drop=0.0):
    r"""Stroke-5 with $\Delta x$ and $\Delta y$ times factors of each drawing's own.

    Args:
        rows: shape (drawings, max_length, 5).
        rng: NumPy generator.
        stretch: a; factors are uniform in (1 - a, 1 + a), one for x and one for y.
        drop: probability that a point within a stroke is left out, its offset added to
            the next; in the official code, not in the paper.

    Returns:
        float32, the same shape.
    """
    rows = np.array(rows, np.float32)
    rows[..., :2] *= rng.uniform(1 - stretch, 1 + stretch, (len(rows), 1, 2))
    return rows if not drop else np.stack([_thinned(r, rng, drop) for r in rows])


def _thinned(rows, rng, drop):
    drawing = strokes.to_stroke3(rows)
    kept, carried = [], np.zeros(2, np.float32)
    for i, point in enumerate(drawing):
        inside = 0 < i < len(drawing) - 1 and not point[2] and not drawing[i - 1][2]
        if inside and rng.random() < drop:
            carried = carried + point[:2]
            continue
        kept.append([*(point[:2] + carried), point[2]])
        carried = np.zeros(2, np.float32)
    return strokes.to_stroke5(kept, len(rows)) if kept else rows
