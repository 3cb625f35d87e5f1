"""WaveNet autoencoders: sizes, and how much arithmetic a training step takes."""

import dataclasses

from benchmarks import settings

TAPS, NUM_CLASSES = 3, 256


@dataclasses.dataclass(frozen=True)
class Row:
    """One autoencoder: encoder of two-sided layers, gated decoder of causal ones, Adam.

    Attributes:
        name: on the command line.
        title: in the table.
        length: samples of an example.
        hop: samples of a frame.
        code: channels of the code.
        encoder_width: channels of the encoder.
        width, skip: residual and skip channels of the decoder.
        layers: of either stack, with dilations 1, 2, 4, ...
    """

    name: str
    title: str
    length: int
    hop: int
    code: int
    encoder_width: int
    width: int
    skip: int
    layers: int
    batch_size: int
    family = "wavenet_autoencoder"
    left_out = {}

    @property
    def rates(self):
        """Dilations of the layers."""
        return tuple(2**layer for layer in range(self.layers))

    def products(self):
        """(inputs, outputs) of each matrix that is applied at each sample."""
        e, r, s = self.encoder_width, self.width, self.skip
        found = [(TAPS, e), *[(TAPS * e, e), (e, e)] * self.layers, (e, self.code)]
        found += [(TAPS, r), (r, s), *[(TAPS * r, 2 * r)] * self.layers]
        found += [(r, r + s)] * (self.layers - 1) + [(r, s), (s, s), (s, NUM_CLASSES)]
        return found

    def conditions(self):
        """(inputs, outputs) of each matrix that is applied at each frame."""
        return [(self.code, 2 * self.width)] * self.layers + [(self.code, self.skip)]

    def num_parameters(self):
        """Trained parameters."""
        pairs = [*self.products(), *self.conditions()]
        return sum((inputs + 1) * outputs for inputs, outputs in pairs)

    def step_flops(self):
        """Products of one step; samples themselves need no gradient."""
        every = sum(inputs * outputs for inputs, outputs in self.products())
        first = TAPS * (self.encoder_width + self.width)
        frames = sum(inputs * outputs for inputs, outputs in self.conditions())
        total = self.length * (3 * every - first) + self.length // self.hop * 3 * frames
        return 2 * self.batch_size * total

    def data(self):
        """Random classes of samples, behind a pitch that nothing reads."""
        import numpy as np

        generator = np.random.default_rng(0)
        shape = (self.batch_size * settings.NUM_STEPS, 1 + self.length)
        notes = generator.integers(NUM_CLASSES, size=shape, dtype=np.int32)
        notes[:, 0] = 60
        return (notes,)


ROWS = (
    Row(
        "wavenet",
        "WaveNet autoencoder, 5 layers of 24, 512 samples",
        length=512,
        hop=32,
        code=4,
        encoder_width=16,
        width=24,
        skip=32,
        layers=5,
        batch_size=8,
    ),
)
