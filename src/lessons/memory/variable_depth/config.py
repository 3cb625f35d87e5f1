"""Configurations of the `variable_depth` lesson."""

import dataclasses

from lessons.memory.variable_depth.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting
from lessons.toolkit.errors import UserError

COMPARED = ("plain", "deep", "free", "little", "strong", "cost", "dear", "cost_alone")
COMPARED += ("both", "act")
STARTS = ("little", "little_uniform", "little_random", "shuffled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one network per entry of `variants` for as many epochs, from weights
    drawn with the same seed.
    """

    source: str = setting(
        "digits",
        "digits with an easy class, folds, or a file of frames of speech",
        choices=("digits", "folds", "frames"),
    )
    kinds: int = setting(4, "kinds of source=folds: 0 to kinds - 1 folds", minimum=2)
    num_states: int = setting(2000, "classes of source=frames", minimum=2)
    num_layers: int = setting(5, "hidden layers L", minimum=2)
    units: int = setting(48, "width of every hidden layer", minimum=1)
    slice_units: int = setting(
        0, "units of a layer that feed its classifier and gate; 0 for all", minimum=0
    )
    activation: str = setting(
        "relu", "activation of the hidden layers", choices=("relu", "sigmoid")
    )
    first: str = setting("he", "first weights", choices=("he", "code"))
    variants: tuple[str, ...] = setting(
        COMPARED, "networks to train and compare", choices=tuple(VARIANTS)
    )
    optimizer: str = setting(
        "adam",
        "optimizer; sgd has momentum 0.9 and a rate that is halved",
        choices=("adam", "sgd"),
    )
    learning_rate: float = setting(2e-3, "first rate of the optimizer", above=0)
    weight_decay: bool = setting(False, "half the squared weights over the examples")
    look_every: int = setting(5, "epochs between two looks at the depth", minimum=1)
    taus: tuple[float, ...] = setting(
        (0.3, 0.5, 0.7, 0.9), "thresholds of summed gates", minimum=0, maximum=1
    )
    sureness: tuple[float, ...] = setting(
        (0.5, 0.8, 0.95, 0.99),
        "thresholds of the greatest probability",
        minimum=0,
        maximum=1,
    )
    timed: bool = setting(False, "whether early exit is held against the clock")

    def __post_init__(self):
        super().__post_init__()
        if self.slice_units > self.units:
            raise UserError(
                f"slice_units must be at most units={self.units}, got "
                f"{self.slice_units}."
            )
        own = [n for n in self.variants if VARIANTS[n].shuffled]
        own += [n for n in self.variants if VARIANTS[n].easy != "silence"]
        if own and self.source != "digits":
            raise UserError(
                f"variants {own} are for source='digits', got {self.source!r}."
            )
        if self.source == "digits" and (self.num_train or 1) > 1700:
            raise UserError(
                "num_train must be at most 1700 for source='digits', got "
                f"{self.num_train}."
            )


_LAPTOP = Config(preset="laptop", batch_size=128, epochs=30)  # 600 updates

PRESETS = {
    "smoke": Config(
        preset="smoke",
        source="folds",
        kinds=2,
        num_train=160,
        num_layers=3,
        units=6,
        slice_units=4,
        variants=("both", "deep", "act"),
        batch_size=32,
        epochs=2,
        learning_rate=0.02,
        look_every=1,
        taus=(0.5, 0.9),
        sureness=(0.8,),
        timed=True,
    ),
    "laptop": _LAPTOP,
    # Four times as many updates, from three first weights of the gates and with labels
    # permuted among the digits.
    "laptop_long": dataclasses.replace(
        _LAPTOP, preset="laptop_long", variants=STARTS, epochs=120, look_every=15
    ),
    # No prior from other first weights of the gates, and another easy class.
    "laptop_starts": dataclasses.replace(
        _LAPTOP,
        preset="laptop_starts",
        variants=("free_uniform", "free_random", "pattern"),
    ),
    # The layers' own losses without a price, with the prior and without.
    "laptop_reasons": dataclasses.replace(
        _LAPTOP,
        preset="laptop_reasons",
        variants=("supervised", "free_supervised"),
    ),
    # Inputs of which it is known how hard they are: 2,400 updates.
    "laptop_folds": dataclasses.replace(
        _LAPTOP,
        preset="laptop_folds",
        source="folds",
        units=12,
        variants=("plain", "deep", "free", "little", "dear", "both", "act"),
        learning_rate=5e-3,
        epochs=60,
        look_every=60,
    ),
    # Layers wide enough for a clock.
    "laptop_wide": dataclasses.replace(
        _LAPTOP,
        preset="laptop_wide",
        units=1024,
        variants=("cost",),
        epochs=8,
        look_every=8,
        timed=True,
    ),
    # Frames of speech, the recipe of the authors' code.
    "paper": Config(
        preset="paper",
        source="frames",
        num_layers=7,
        units=2048,
        slice_units=1024,
        activation="sigmoid",
        first="code",
        variants=("strong",),
        batch_size=128,
        epochs=200,
        optimizer="sgd",
        learning_rate=0.5,
        weight_decay=True,
        look_every=10,
    ),
}
