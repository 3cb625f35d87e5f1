"""Configurations of the `stimulated_learning` lesson."""

import dataclasses

from lessons.foundations.stimulated_learning.layout import METHODS
from lessons.foundations.stimulated_learning.model import SURFACES
from lessons.foundations.stimulated_learning.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting

COMPARED = (
    *("plain", "weak", "moderate", "stimulated", "strong", "stronger"),
    *("adjacency", "adjacency_weak", "shuffled"),
)
# Beside "stimulated", whose runs are those of the preset "laptop".
KINDS = ("reverse", "symmetric", "raw", "last_layer", "circle", "random", "both")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one network per entry of `variants` for as many epochs, from weights
    drawn with the same seed.
    """

    source: str = setting(
        "digits",
        "data set; frames is a file of speech",
        choices=("digits", "glyphs", "mnist", "frames"),
    )
    context: bool = setting(
        False, "neighbours in the sequence stimulate too: previous and next class"
    )
    num_states: int = setting(1945, "tied states of source=frames", minimum=2)
    num_phones: int = setting(48, "phones of source=frames", minimum=2)
    rows: int = setting(12, "rows of every grid", minimum=1)
    columns: int = setting(12, "columns of every grid", minimum=1)
    num_layers: int = setting(2, "hidden layers", minimum=1)
    spread: float = setting(1.5, "sigma of the targets, in grid cells", above=0)
    mask_spread: float = setting(2.25, "sigma of muted regions, in grid cells", above=0)
    centres: str = setting("tsne", "places of the classes", choices=METHODS)
    surface: str = setting("weighted", "what activations count", choices=SURFACES)
    wrap: bool = setting(False, "opposite edges touch (adjacency)")
    variants: tuple[str, ...] = setting(
        COMPARED, "ways to train and compare", choices=tuple(VARIANTS)
    )
    reordered: tuple[str, ...] = setting(
        ("plain", "stimulated", "adjacency"),
        "variants whose units are laid out once more after training",
        choices=tuple(VARIANTS),
    )
    optimizer: str = setting(
        "adam",
        "optimizer; sgd has momentum 0.9 and a rate that is halved",
        choices=("adam", "sgd"),
    )
    learning_rate: float = setting(3e-3, "first rate of the optimizer", above=0)
    first_factor: float = setting(
        1.0, "factor of the first weights of the first layer", above=0
    )
    pretrain_epochs: int = setting(
        0, "epochs of each layer as a denoising autoencoder", minimum=0
    )
    corruption: float = setting(
        0.2, "part of the inputs lost in pretraining", minimum=0, maximum=0.95
    )


_LAPTOP = Config(preset="laptop", batch_size=64, epochs=30)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=256,
        batch_size=32,
        epochs=5,
        learning_rate=0.03,
        rows=4,
        columns=5,
        spread=1.0,
        mask_spread=1.0,
        centres="circle",
        variants=("stimulated", "adjacency"),
        reordered=("stimulated",),
    ),
    "smoke_context": Config(
        preset="smoke_context",
        num_train=128,
        batch_size=32,
        epochs=2,
        context=True,
        rows=4,
        columns=5,
        spread=1.0,
        mask_spread=1.0,
        centres="pca",
        surface="code",
        wrap=True,
        variants=("symmetric", "last_layer"),
        reordered=(),
        optimizer="sgd",
        learning_rate=0.08,
        pretrain_epochs=1,
    ),
    "laptop": _LAPTOP,
    # Other forms of the regulariser, and other places of the classes.
    "laptop_kinds": dataclasses.replace(
        _LAPTOP, preset="laptop_kinds", variants=KINDS, reordered=()
    ),
    # The control of "circle": a plain network whose units are laid out on the circle.
    "laptop_circle": dataclasses.replace(
        _LAPTOP,
        preset="laptop_circle",
        centres="circle",
        variants=("plain", "stimulated"),
        reordered=("plain", "stimulated"),
    ),
    # TIMIT as a file of aligned frames, the recipe of the authors' code.
    "paper": Config(
        preset="paper",
        source="frames",
        context=True,
        rows=32,
        columns=32,
        num_layers=6,
        spread=2.0,
        mask_spread=2.0,
        surface="code",
        variants=("plain", "stimulated"),
        reordered=("plain",),
        batch_size=128,
        epochs=200,
        optimizer="sgd",
        learning_rate=0.08,
        first_factor=0.1,
        pretrain_epochs=15,
    ),
}
