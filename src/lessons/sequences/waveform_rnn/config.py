"""Configurations of the `waveform_rnn` lesson."""

import dataclasses

from lessons.sequences.waveform_rnn.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a network per entry of `variants`."""

    source: str = setting(
        "voices", "where sounds come from", choices=("voices", "timit")
    )
    data_path: str | None = setting(None, "folder with TIMIT's files")
    phone: str = setting("aa", "which vowel: aa, ae, ao, eh, iy or uw; TIMIT has more")
    sample_rate: int = setting(8000, "samples a second", minimum=1000)
    num_voices: int = setting(10, "training voices", minimum=1)
    voice_samples: int = setting(2400, "samples of a training voice", minimum=2)
    num_test: int = setting(48, "voices that generation is judged on", minimum=1)
    pitch_low: float = setting(119.0, "lowest pitch, Hz", above=0)
    pitch_high: float = setting(121.0, "highest pitch, Hz", above=0)
    jitter: float = setting(0.0, "deviation of a period, a part of it", minimum=0)
    shimmer: float = setting(0.0, "deviation of a pulse, a part of it", minimum=0)
    late_drop: bool = setting(False, "whether voices rise, hold and drop late")
    between: bool = setting(True, "whether pulses fall between samples")
    glottis: float = setting(0.96, "glottal pole", minimum=0, maximum=0.999)
    window: int = setting(80, "samples the network sees, W", minimum=1)
    stride: int = setting(10, "samples it predicts and moves by, s", minimum=1)
    units: int = setting(64, "hidden units, H", minimum=1)
    length: int = setting(400, "samples of a training subsequence, N", minimum=2)
    learned_start: bool = setting(False, "whether the first state is trained")
    variants: tuple[str, ...] = setting(
        ("teacher",), "ways to train", choices=tuple(VARIANTS)
    )
    optimizer: str = setting("adam", "which optimizer", choices=("adam", "sgd"))
    rate: float = setting(0.002, "learning rate at α = 1", above=0)
    clip: float = setting(1.0, "greatest norm of the gradient", above=0)
    kappa: float = setting(3.0, "how fast the rate falls with α", minimum=0)
    ramp_start: int = setting(50, "epoch where α leaves 1", minimum=0)
    ramp_stop: int = setting(150, "epoch where its line reaches 0", minimum=1)
    noise: float = setting(0.33, "noise on the input at α = 0", minimum=0)
    look_every: int = setting(10, "epochs between two looks at test voices", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        for low, high in (
            ("pitch_low", "pitch_high"),
            ("ramp_start", "ramp_stop"),
            ("stride", "window"),
            ("length", "voice_samples"),
        ):
            strict = low == "ramp_start"
            a, b = getattr(self, low), getattr(self, high)
            if a > b or (strict and a == b):
                raise UserError(
                    f"{low} must be {'below' if strict else 'at most'} {high}={b}, "
                    f"got {a}."
                )
        if self.length < self.window + self.stride:
            raise UserError(
                f"length must be at least window + stride = {self.window + self.stride}"
                f", got {self.length}."
            )
        from lessons.sequences.waveform_rnn import data

        data.check(self)


_LAPTOP = Config(
    preset="laptop",
    variants=("teacher", "mixed", "free", "sampled"),
    epochs=200,
    batch_size=32,
)
_PAPER = Config(
    preset="paper",
    sample_rate=16_000,
    voice_samples=1250,
    window=240,
    stride=1,
    units=500,
    length=500,
    variants=("mixed", "free"),
    optimizer="sgd",
    rate=0.01,
    epochs=500,
    batch_size=20,
    ramp_start=100,
    ramp_stop=300,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_voices=2,
        voice_samples=240,
        num_test=3,
        window=20,
        stride=10,
        units=6,
        length=80,
        variants=("teacher", "mixed", "sampled"),
        epochs=4,
        batch_size=4,
        ramp_start=1,
        ramp_stop=3,
        look_every=2,
    ),
    "laptop": _LAPTOP,
    # What else could explain B and C: the rate, any noise, the gradient's path.
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("decayed", "noise", "mixed_cut", "free_cut"),
    ),
    # The seed's remedies, with plain gradient descent as there.
    "laptop_remedies": dataclasses.replace(
        _LAPTOP,
        preset="laptop_remedies",
        variants=(
            *("momentum", "momentum_clip", "momentum_floor", "momentum_decay"),
            *("plain", "all", "momentum_truth"),
        ),
        optimizer="sgd",
        rate=0.3,
        epochs=100,
        ramp_start=25,
        ramp_stop=75,
        look_every=100,
    ),
    "paper": _PAPER,
    "paper_stride10": dataclasses.replace(_PAPER, preset="paper_stride10", stride=10),
}
