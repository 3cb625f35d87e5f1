"""Character models: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings


@dataclasses.dataclass(frozen=True)
class Row:
    """Embedding, LSTM layers, logits; cross-entropy at each step, trained with Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        vocabulary: number of characters, also the width of the embedding.
        units: widths of the layers.
        length: characters per sequence.
    """

    name: str
    title: str
    vocabulary: int
    units: tuple[int, ...]
    length: int
    batch_size: int
    family = "lstm"
    left_out = {}

    def products(self):
        """(inputs, outputs) of each matrix, applied at each character."""
        widths = (self.vocabulary, *self.units)
        pairs = zip(widths, self.units, strict=False)
        layers = [(inputs + units, 4 * units) for inputs, units in pairs]
        return [*layers, (self.units[-1], self.vocabulary)]

    def num_parameters(self):
        """Trained parameters, with one offset per gate."""
        affine = sum((inputs + 1) * outputs for inputs, outputs in self.products())
        return self.vocabulary**2 + affine

    def step_flops(self):
        """Products of one step."""
        multiplications = sum(inputs * outputs for inputs, outputs in self.products())
        return 6 * self.batch_size * self.length * multiplications

    def data(self):
        """Random characters and the characters after them."""
        import numpy as np

        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, self.length + 1)
        text = generator.integers(self.vocabulary, size=shape, dtype=np.int32)
        return np.ascontiguousarray(text[:, :-1]), np.ascontiguousarray(text[:, 1:])


ROWS = (
    Row(
        "lstm",
        "character model, LSTM 2x256, 100 characters",
        vocabulary=64,
        units=(256, 256),
        length=100,
        batch_size=32,
    ),
    Row(
        "lstm_small",
        "character model, LSTM 128, 50 characters",
        vocabulary=94,
        units=(128,),
        length=50,
        batch_size=32,
    ),
)
