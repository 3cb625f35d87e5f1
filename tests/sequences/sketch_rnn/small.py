"""A small model and drawings for it, as the tests of this lesson use them."""

import numpy as np

from lessons.sequences.sketch_rnn.model import SketchRNN
from lessons.toolkit import runtime
from lessons.toolkit.data import strokes

SQUARE = strokes.from_lines([np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)])])


def small(code="encoder", **options):
    runtime.seed_everything(0)
    model = SketchRNN(8, 4, 5, 3, 2, code=code, seed=0, **options)
    model.build((None, 8, 5))
    return model


def rows_of(*lengths, max_length=8):
    rng = np.random.default_rng(1)
    drawings = [rng.normal(size=(n, 3)) for n in lengths]
    for each in drawings:
        each[:, 2] = rng.random(len(each)) < 0.3
    return strokes.batch(drawings, max_length)
