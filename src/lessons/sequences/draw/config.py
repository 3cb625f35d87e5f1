"""Configurations of the `draw` lesson."""

import dataclasses

from lessons.sequences.draw import data
from lessons.sequences.draw.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run; it trains a network per entry of `variants`."""

    source: str = setting(
        "digits",
        "where images come from",
        choices=("digits", "glyphs", "mnist", "fashion_mnist", "file"),
    )
    side: int = setting(16, "pixels of the canvas, 0 for the image's own", minimum=0)
    height: int = setting(28, "pixels of an image's side where side=0", minimum=1)
    channels: int = setting(1, "colours of an image", minimum=1)
    shift: int = setting(4, "greatest shift of digits in pixels", minimum=0)
    clutter: int = setting(0, "pieces of other images on each image", minimum=0)
    binarise: bool = setting(False, "whether pixels are drawn to be 0 or 1")
    real: bool = setting(False, "whether pixels are standardised real numbers")
    classes: int = setting(10, "classes to tell apart, 0 for none", minimum=0)
    variants: tuple[str, ...] = setting(
        ("attention",), "networks to train", choices=tuple(VARIANTS)
    )
    steps: int = setting(6, "glimpses of an image, T", minimum=1)
    units: int = setting(64, "units of each LSTM, n", minimum=1)
    latent_dim: int = setting(8, "numbers of a code, d", minimum=1)
    read_size: int = setting(5, "filters along an axis that read, N", minimum=2)
    write_size: int = setting(5, "filters along an axis that write, N", minimum=2)
    learned_canvas: bool = setting(True, "whether the first canvas is trained")
    alpha: float = setting(
        0.1, "weight of the classes, in parts of the batch size", minimum=0
    )
    filters: tuple[int, ...] = setting(
        (16, 32), "convolutions of the convnet", minimum=1
    )
    dense: tuple[int, ...] = setting((64,), "dense layers of the convnet", minimum=1)
    dropout: float = setting(0.0, "dropout of the convnet", minimum=0, maximum=0.9)
    learning_rate: float = setting(3e-3, "rate of Adam", above=0)
    clip_norm: float = setting(5.0, "greatest norm of the gradient", above=0)
    compiled: bool = setting(False, "whether XLA compiles the step (jit_compile)")
    num_test: int | None = setting(
        None, "test images to use; none means all there are", minimum=1
    )
    num_samples: int = setting(400, "samples to judge, of each network", minimum=10)

    def __post_init__(self):
        super().__post_init__()
        data.check(self)

    @property
    def image_shape(self):
        """(height, width, channels) of what the network sees."""
        side = self.side or self.height
        return side, side, self.channels


_LAPTOP = Config(
    preset="laptop",
    num_train=1400,
    variants=(
        *("attention", "none", "short", "attention_state", "none_state"),
        "convnet",
    ),
    epochs=40,
)
_PAPER = Config(
    preset="paper",
    source="mnist",
    side=0,
    shift=0,
    binarise=True,
    classes=0,
    variants=("paper_attention", "paper_none"),
    steps=64,
    units=256,
    latent_dim=100,
    read_size=2,
    write_size=5,
    learned_canvas=False,
    learning_rate=1e-3,
    clip_norm=10.0,
    epochs=100,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=60,
        side=12,
        shift=2,
        variants=("attention", "convnet"),
        steps=2,
        units=6,
        latent_dim=3,
        read_size=3,
        write_size=3,
        filters=(4,),
        dense=(16,),
        epochs=2,
        batch_size=30,
        num_test=40,
        num_samples=20,
    ),
    "laptop": _LAPTOP,
    # Is it the window that moves, the loss at the end, the prior, the second task?
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("frozen", "every", "fixed", "class_only"),
    ),
    # What the decoder is told in training.
    "laptop_labels": dataclasses.replace(
        _LAPTOP, preset="laptop_labels", variants=("mixed_label",)
    ),
    # Through which part of the class canvas a class comes without a window.
    "laptop_parts": dataclasses.replace(
        _LAPTOP, preset="laptop_parts", variants=("none_parts",)
    ),
    "paper": _PAPER,
    "paper_svhn": dataclasses.replace(
        _PAPER,
        preset="paper_svhn",
        source="file",
        data_path="svhn_54x54.npz",
        height=54,
        channels=3,
        binarise=False,
        variants=("paper_attention",),
        steps=32,
        units=800,
        read_size=12,
        write_size=12,
    ),
    "paper_hdram": dataclasses.replace(
        _PAPER,
        preset="paper_hdram",
        source="file",
        data_path="dogs_vs_cats_48x48.npz",
        height=48,
        channels=3,
        binarise=False,
        real=True,
        classes=2,
        variants=("attention", "convnet"),
        units=1200,
        latent_dim=300,
        read_size=4,
        write_size=10,
        filters=(64, 64, 64),
        dense=(512, 512),
        dropout=0.5,
        learning_rate=5e-4,
    ),
    "paper_clutter": dataclasses.replace(
        _PAPER,
        preset="paper_clutter",
        side=100,
        clutter=8,
        binarise=False,
        classes=10,
        variants=("glimpses",),
        steps=8,
        read_size=12,
    ),
}
