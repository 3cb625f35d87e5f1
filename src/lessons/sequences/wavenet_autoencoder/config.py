"""Configurations of the `wavenet_autoencoder` lesson."""

import dataclasses

from lessons.sequences.wavenet_autoencoder.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

# What of an autoencoder may be judged; see `evaluation.evaluate`.
JUDGED = ("likelihood", "sound", "code", "factors", "hump", "noise")

# Layers of the spectral autoencoder: channels, kernel size, strides.
SPECTRAL = {
    "smallest": ([(6, 4, (2, 2)), (4, 4, (2, 2))], [(6, 4, (2, 2)), (4, 4, (2, 2))]),
    # A code of 8 x 2 x 16 = 256 numbers, beside 62 x 4 = 248 of the WaveNet's.
    "small": (
        [(8, 4, (2, 2)), (16, 4, (2, 2)), (24, 4, (2, 2)), (16, 4, (2, 2))],
        [(24, 4, (2, 2)), (16, 4, (2, 2)), (8, 4, (2, 2)), (8, 4, (2, 2))],
    ),
    "paper": (
        [(128, 5, (2, 2)), (128, 4, (2, 2)), (128, 4, (2, 2)), (256, 4, (2, 2))]
        + [(256, 4, (2, 2)), (256, 4, (2, 2)), (512, 4, (2, 2)), (512, 4, (2, 2))]
        + [(512, 4, (2, 1)), (1024, 1, (1, 1)), (1984, 1, (1, 1))],
        [(1024, 1, (1, 1))]
        + [(512, 4, (2, 2)), (512, 4, (2, 2)), (256, 4, (2, 2)), (256, 4, (2, 2))]
        + [(256, 4, (2, 2)), (128, 4, (2, 2)), (128, 4, (2, 2)), (128, 5, (2, 2))]
        + [(128, 5, (2, 1))],
    ),
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a network per entry of `variants`."""

    source: str = setting("notes", "where notes come from", choices=("notes", "nsynth"))
    data_path: str | None = setting(None, "folder or TFRecord file of NSynth")
    sample_rate: int = setting(4000, "samples a second", minimum=2000)
    note_samples: int = setting(1984, "samples of a note", minimum=2)
    num_train: int = setting(360, "training notes", minimum=2)
    num_test: int = setting(90, "test notes", minimum=2)
    crop: int = setting(512, "samples of a training example", minimum=1)
    crops: int = setting(2, "training examples cut from a note", minimum=1)
    equal_envelopes: bool = setting(False, "whether all families fade alike")
    code_dim: int = setting(4, "channels of the code", minimum=1)
    hop: int = setting(32, "samples of a frame of the code", minimum=1)
    encoder_width: int = setting(16, "channels of the encoder", minimum=1)
    encoder_layers: int = setting(5, "dilated layers of the encoder", minimum=1)
    width: int = setting(24, "residual channels of the decoder", minimum=1)
    skip: int = setting(32, "skip channels of the decoder", minimum=1)
    decoder_layers: int = setting(5, "dilated layers of the decoder", minimum=1)
    stage: int = setting(10, "layers until dilations begin again", minimum=1)
    pitch_dim: int = setting(8, "width of the pitch's embedding", minimum=1)
    rate: float = setting(5e-3, "learning rate of the WaveNets", above=0)
    schedule: str = setting(
        "cosine",
        "how the rate falls",
        choices=("cosine", "constant", "paper"),
    )
    n_fft: int = setting(256, "samples of a spectrum's window", minimum=4)
    spectral_hop: int = setting(64, "samples between two spectra", minimum=1)
    spectral_frames: int = setting(32, "frames that a spectrum is filled up to")
    spectral_layers: str = setting(
        "small", "layers of the spectral autoencoder", choices=tuple(SPECTRAL)
    )
    spectral_epochs: int = setting(12, "passes over the spectra", minimum=1)
    spectral_rate: float = setting(3e-3, "learning rate of the baseline", above=0)
    momentum: float = setting(
        0.9, "part of the running statistics that a batch leaves as it was", maximum=1
    )
    iterations: int = setting(60, "iterations of Griffin-Lim", minimum=1)
    variants: tuple[str, ...] = setting(
        ("autoencoder",), "networks to train", choices=tuple(VARIANTS)
    )
    judged: tuple[str, ...] = setting(
        ("likelihood", "sound", "code"), "what is judged", choices=JUDGED
    )

    def __post_init__(self):
        super().__post_init__()
        if self.source != "notes" and "factors" in self.judged:
            raise UserError(
                "judged='factors' changes one fact of a note and needs source='notes', "
                f"got source={self.source!r}."
            )
        for name in ("crop", "note_samples"):
            if getattr(self, name) % self.hop:
                raise UserError(
                    f"{name} must be a multiple of hop={self.hop}, got "
                    f"{getattr(self, name)}."
                )
        if self.crop > self.note_samples:
            raise UserError(
                f"crop must be at most note_samples={self.note_samples}, got "
                f"{self.crop}."
            )
        if self.n_fft % 2 or self.spectral_hop > self.n_fft // 2:
            raise UserError(
                f"n_fft must be even and at least twice spectral_hop="
                f"{self.spectral_hop}, got {self.n_fft}."
            )
        count = 1 + self.note_samples // self.spectral_hop
        if self.spectral_frames < count:
            raise UserError(
                f"spectral_frames must be at least {count} for notes of "
                f"{self.note_samples} samples, got {self.spectral_frames}."
            )


_LAPTOP = Config(
    preset="laptop",
    variants=("autoencoder", "unconditional", "causal", "level", "spectral"),
    epochs=4,
    batch_size=8,
)
_PAPER = Config(
    preset="paper",
    sample_rate=16_000,
    note_samples=63_488,  # 124 frames; the paper's notes have 64,000 samples
    crop=6144,
    crops=1,
    num_train=32,
    num_test=8,
    code_dim=16,
    hop=512,
    encoder_width=128,
    encoder_layers=30,
    width=512,
    skip=256,
    decoder_layers=30,
    stage=10,
    pitch_dim=128,
    rate=2e-4,
    schedule="paper",
    epochs=25,
    batch_size=32,
    n_fft=1024,
    spectral_hop=256,
    spectral_frames=256,
    spectral_layers="paper",
    spectral_rate=1e-4,
    momentum=0.999,
    iterations=1000,
    variants=("autoencoder", "spectral"),
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=12,
        num_test=6,
        note_samples=240,
        crop=48,
        crops=1,
        hop=16,
        code_dim=2,
        encoder_width=4,
        encoder_layers=2,
        width=4,
        skip=5,
        decoder_layers=2,
        pitch_dim=2,
        n_fft=32,
        spectral_hop=16,
        spectral_frames=16,
        spectral_layers="smallest",
        spectral_epochs=1,
        iterations=3,
        variants=("autoencoder", "spectral"),
        epochs=2,
        batch_size=4,
    ),
    "laptop": _LAPTOP,
    # Is it the frequencies that are weighed more, or the size of the weights?
    "laptop_weights": dataclasses.replace(
        _LAPTOP, preset="laptop_weights", variants=("flat", "reversed")
    ),
    # Both autoencoders with a decoder that is told the pitch.
    "laptop_pitch": dataclasses.replace(
        _LAPTOP, preset="laptop_pitch", variants=("spectral_pitched", "pitched")
    ),
    # Three times the steps: what more training would give.
    "laptop_long": dataclasses.replace(
        _LAPTOP, preset="laptop_long", epochs=12, variants=("autoencoder",)
    ),
    # The same for its rivals, which are not listened to.
    "laptop_long_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long_rivals",
        epochs=12,
        variants=("unconditional", "causal"),
        judged=("likelihood",),
    ),
    # Families that fade alike: what does a code tell where loudness cannot?
    "laptop_envelopes": dataclasses.replace(
        _LAPTOP,
        preset="laptop_envelopes",
        equal_envelopes=True,
        variants=("autoencoder",),
        judged=("likelihood", "code", "factors"),
    ),
    # Codes of notes that differ in one fact; and yardsticks of the judges of sound.
    "laptop_factors": dataclasses.replace(
        _LAPTOP,
        preset="laptop_factors",
        variants=("autoencoder",),
        judged=("factors", "hump", "noise"),
    ),
    "paper": _PAPER,
}
