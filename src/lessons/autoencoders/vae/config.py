"""Configurations of the `vae` lesson."""

import dataclasses

from lessons.autoencoders.vae.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one model per entry of `variants` under the same budget, so that the
    switch (batch normalisation, optimizer) is the only difference.
    """

    # Data
    source: str = setting("digits", "data set", choices=("digits", "glyphs", "mnist"))
    # Model
    family: str = setting("dense", "kind of layers", choices=("dense", "conv"))
    encoder_units: tuple[int, ...] = setting(
        (128, 128, 64), "widths before the two heads; the last is tanh", minimum=1
    )
    decoder_units: tuple[int, ...] = setting(
        (64, 128, 128), "widths after the code; the first is linear", minimum=1
    )
    filters: tuple[int, ...] = setting(
        (16, 32), "channels of the convolutions (family=conv)", minimum=1
    )
    latent_dim: int = setting(16, "size of the code z", minimum=1)
    output: str = setting(
        "clip",
        "last activation: clip to [-1, 1] as the source has it, or another",
        choices=("clip", "sigmoid", "linear"),
    )
    weight_range: float = setting(
        0.1, "weights start uniform in [-weight_range, weight_range]", above=0
    )
    norm_momentum: float = setting(
        0.9, "memory of the running batch statistics", minimum=0, maximum=1
    )
    norm_epsilon: float = setting(1e-5, "added to batch variances", above=0)
    # Objective
    variance: float = setting(
        0.05, "v of the Gaussian likelihood N(y(z), v I)", above=0
    )
    beta: float = setting(1.0, "weight of the KL term", minimum=0)
    # Training
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "models to train and compare", choices=tuple(VARIANTS)
    )
    learning_rate: float = setting(1e-3, "rate, for the mean cost of a batch", above=0)
    momentum: float = setting(0.9, "Nesterov momentum", minimum=0, maximum=0.9999)
    # Evaluation
    num_eval_samples: int = setting(50, "importance samples per test image", minimum=1)


_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=50_000,
    encoder_units=(512, 512, 256),
    decoder_units=(256, 512, 512),
    latent_dim=384,
    variance=0.5,  # the source's cost: squared error plus KL
    variants=("bn_sgd",),
    learning_rate=0.1,  # the source: 0.1 / batch size on the summed cost
    batch_size=1000,
    epochs=500,
    precision="mixed_bfloat16",
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=200,
        encoder_units=(16, 8),
        decoder_units=(8, 16),
        filters=(4, 8),
        latent_dim=4,
        epochs=2,
        num_eval_samples=5,
    ),
    "smoke_conv": Config(
        preset="smoke_conv",
        family="conv",
        num_train=200,
        encoder_units=(12,),
        decoder_units=(),
        filters=(4, 8),
        latent_dim=4,
        variants=("plain_rmsprop",),
        epochs=1,
        num_eval_samples=5,
    ),
    "laptop": Config(preset="laptop", epochs=25),
    "laptop_conv": Config(
        preset="laptop_conv",
        family="conv",
        encoder_units=(64,),
        decoder_units=(),
        variants=("bn_rmsprop",),
        epochs=25,
    ),
    "laptop_glyphs": Config(
        preset="laptop_glyphs",
        source="glyphs",
        num_train=6000,
        encoder_units=(256, 256, 128),
        decoder_units=(128, 256, 256),
        latent_dim=24,
        variants=("bn_rmsprop",),
        learning_rate=3e-4,
        epochs=25,
    ),
    "paper": _PAPER,
    "paper_conv": dataclasses.replace(
        _PAPER,
        preset="paper_conv",
        family="conv",
        encoder_units=(512,),
        decoder_units=(),
        filters=(64, 128),
        latent_dim=512,
        weight_range=0.05,
        learning_rate=0.01,
        batch_size=128,
        epochs=1000,
    ),
}
