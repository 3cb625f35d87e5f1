"""Configurations of the `amsgrad` lesson."""

import dataclasses

from lessons.foundations.amsgrad.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run plays the two counter-examples and trains one network per entry of
    `variants`, under the same budget and from the same weights, so that the optimizer
    is the only difference.
    """

    # Data
    source: str = setting(
        "digits", "data set", choices=("digits", "glyphs", "mnist", "cifar10")
    )
    # Model
    family: str = setting(
        "logistic",
        "kind of network to train",
        choices=("logistic", "one_hidden_layer", "cifarnet"),
    )
    hidden_units: int = setting(
        100, "width of the hidden layer (family=one_hidden_layer)", minimum=1
    )
    filters: int = setting(
        64, "channels of the convolutions (family=cifarnet)", minimum=1
    )
    # Optimizers
    variants: tuple[str, ...] = setting(
        ("adam", "amsgrad"),
        "optimizers to train with and compare",
        choices=tuple(VARIANTS),
    )
    learning_rate: float = setting(0.5, "step size alpha of the optimizers", above=0)
    schedule: str = setting(
        "sqrt",
        "step size over time: alpha / sqrt(t), or constant alpha",
        choices=("sqrt", "constant"),
    )
    beta_1: float = setting(
        0.9, "decay rate of the average of gradients", minimum=0, maximum=0.9999
    )
    beta_2: float = setting(
        0.99,
        "decay rate of the average of squared gradients",
        minimum=0,
        maximum=0.99999,
    )
    decay: float = setting(
        1.0, "factor lambda per step of beta_1 lambda^(t-1)", above=0, maximum=1
    )
    bias_correction: bool = setting(
        False, "bias correction of the averages, as in Keras; the paper has none"
    )
    epsilon: float = setting(
        1e-8, "number added to the root in the denominator", minimum=0
    )
    # The counter-examples
    game_steps: int = setting(500_000, "steps of the deterministic game", minimum=10)
    draw_steps: int = setting(20_000, "steps of each stochastic game", minimum=10)
    num_replicates: int = setting(32, "number of stochastic games", minimum=1)


_PAPER = Config(
    preset="paper",
    source="mnist",
    batch_size=128,
    epochs=40,
    learning_rate=0.1,  # the paper: by grid search, per method
    game_steps=6_000_000,
    draw_steps=5_000_000,
    num_replicates=1,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=200,
        batch_size=128,
        epochs=2,
        game_steps=2_000,
        draw_steps=500,
        num_replicates=4,
    ),
    "smoke_cifarnet": Config(
        preset="smoke_cifarnet",
        num_train=200,
        family="cifarnet",
        filters=4,
        variants=("amsgrad",),
        learning_rate=1e-2,
        schedule="constant",
        game_steps=2_000,
        draw_steps=500,
        num_replicates=4,
    ),
    "laptop": Config(
        preset="laptop",
        batch_size=128,
        epochs=167,  # 2,004 steps
        variants=("adam", "amsgrad", "sgd", "adamnc"),
    ),
    "laptop_network": Config(
        preset="laptop_network",
        family="one_hidden_layer",
        batch_size=128,
        epochs=60,
        learning_rate=1e-3,
        schedule="constant",
        beta_2=0.999,
    ),
    "paper": _PAPER,
    "paper_network": dataclasses.replace(
        _PAPER,
        preset="paper_network",
        family="one_hidden_layer",
        learning_rate=1e-3,
        schedule="constant",
        beta_2=0.999,
    ),
    "paper_cifarnet": dataclasses.replace(
        _PAPER,
        preset="paper_cifarnet",
        source="cifar10",
        family="cifarnet",
        learning_rate=1e-3,
        schedule="constant",
        beta_2=0.999,
        epochs=100,
    ),
}
