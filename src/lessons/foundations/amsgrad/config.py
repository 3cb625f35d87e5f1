"""Configurations of the `amsgrad` lesson."""

import dataclasses

from lessons.toolkit.config import RunConfig, setting

METHODS = ("sgd", "adagrad", "rmsprop", "adam", "adamnc", "amsgrad")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """What a run of the lesson can be told.

    A run plays the two counter-examples and trains one network per entry of
    `methods`, under the same budget and from the same weights, so that the method is
    the only difference.
    """

    # Data
    source: str = setting(
        "digits", "data set", choices=("digits", "glyphs", "mnist", "cifar10")
    )
    data_path: str | None = setting(None, "file of a real data set, if not cached")
    num_train: int | None = setting(
        None, "training images to use; none means the data set's own size", least=1
    )
    # Model
    family: str = setting(
        "logistic",
        "network to train",
        choices=("logistic", "one_hidden_layer", "cifarnet"),
    )
    hidden_units: int = setting(100, "width (family=one_hidden_layer)", least=1)
    filters: int = setting(64, "channels (family=cifarnet)", least=1)
    # Optimizers
    methods: tuple[str, ...] = setting(
        ("adam", "amsgrad"), "methods to train and compare", choices=METHODS
    )
    learning_rate: float = setting(0.5, "alpha", above=0)
    schedule: str = setting(
        "sqrt", "alpha / sqrt(t), or constant alpha", choices=("sqrt", "constant")
    )
    beta_1: float = setting(0.9, "memory of the gradients", least=0, most=0.9999)
    beta_2: float = setting(0.99, "memory of their squares", least=0, most=0.99999)
    decay: float = setting(1.0, "lambda of beta_1 lambda^(t-1)", above=0, most=1)
    bias_correction: bool = setting(False, "as Keras has it; the paper has none")
    epsilon: float = setting(1e-8, "added to the root in the denominator", least=0)
    steps_per_execution: int = setting(
        12, "training steps per call from Python (speed only)", least=1
    )
    # The counter-examples
    game_steps: int = setting(500_000, "length of the deterministic game", least=10)
    draw_steps: int = setting(20_000, "length of the stochastic games", least=10)
    num_replicates: int = setting(32, "stochastic games", least=1)


_PAPER = Config(
    preset="paper",
    source="mnist",
    batch_size=128,
    epochs=40,
    learning_rate=0.1,  # the paper: by grid search, per method
    steps_per_execution=50,
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
        steps_per_execution=2,
        game_steps=2_000,
        draw_steps=500,
        num_replicates=4,
    ),
    "laptop": Config(
        preset="laptop",
        batch_size=128,
        epochs=167,  # 2,004 steps
        methods=("adam", "amsgrad", "sgd", "adamnc"),
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
