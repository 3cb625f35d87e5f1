"""Configurations of the `convnet_baseline` lesson."""

import dataclasses

from lessons.foundations.convnet_baseline import networks
from lessons.foundations.convnet_baseline.animals import PARTS
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting

COMPARED = ("nesterov", "nesterov_fast", "adam", "nesterov_bn", "glorot")
LONG = ("glorot_adam", "glorot_dropout", "glorot_shuffled", "glorot_bn", "nesterov")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one network per entry of `variants`, on the same pictures and from
    weights drawn with the same seed, and keeps the weights of the epoch whose
    validation loss is least.
    """

    source: str = setting("drawn", "pictures to learn", choices=("drawn", "folder"))
    side: int = setting(32, "height and width in pixels", minimum=16, maximum=64)
    num_valid: int = setting(1000, "drawn pictures for validation", minimum=2)
    num_test: int = setting(1000, "drawn pictures for testing", minimum=2)
    centred: bool = setting(False, "whether every drawn head is upright in the middle")
    plain: bool = setting(False, "whether drawn backgrounds are grey")
    same: tuple[str, ...] = setting(
        (), "parts that drawn dogs have as cats have them", choices=PARTS
    )
    network: str = setting(
        "laptop", "architecture of the network", choices=tuple(networks.PUBLISHED)
    )
    scale: float = setting(0.08, "first weights are uniform in ±scale", above=0)
    variants: tuple[str, ...] = setting(
        COMPARED, "ways to train and compare", choices=tuple(VARIANTS)
    )
    rate: float = setting(0.01, "rate η with Nesterov's momentum", above=0)
    momentum: float = setting(
        0.95, "momentum μ of Nesterov; 0 is plain descent", minimum=0, maximum=0.999
    )
    adam_rate: float = setting(1e-3, "rate α of Adam", above=0)
    dropout: float = setting(
        0.5,
        "part of the units dropped by variants with dropout",
        minimum=0,
        maximum=0.9,
    )
    clip_norm: float | None = setting(
        None, "greatest norm of all gradients together; none for no bound", above=0
    )
    max_norm: float | None = setting(
        None, "greatest norm of a unit's weights; none for no bound", above=0
    )
    patience: int = setting(
        100, "epochs without a smaller validation loss before training stops", minimum=1
    )
    threshold: float = setting(
        0.8, "validation accuracy whose updates are counted", above=0.5, maximum=1
    )

    def __post_init__(self):
        super().__post_init__()
        networks.stages(self.architecture, self.image_shape)

    @property
    def architecture(self):
        """The `Architecture` of the configuration."""
        return networks.PUBLISHED[self.network]

    @property
    def image_shape(self):
        """(side, side, 3)."""
        return (self.side, self.side, 3)


_LAPTOP = Config(preset="laptop", batch_size=32, epochs=5)
_PAPER = Config(
    preset="paper",
    source="folder",
    side=48,
    network="chung",
    variants=("chung",),
    batch_size=128,
    epochs=100,
    patience=10,
    adam_rate=5e-4,
    clip_norm=5.0,
    max_norm=1.9365,
)
_KASTNER = Config(
    preset="paper_kastner",
    source="folder",
    side=48,
    network="kastner",
    variants=("kastner",),
    scale=0.1,
    batch_size=10,
    epochs=100,
    rate=0.001,
    momentum=0.0,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        side=16,
        network="tiny",
        num_train=128,
        num_valid=64,
        num_test=64,
        batch_size=32,
        epochs=3,
        scale=0.3,
        rate=0.02,
        adam_rate=0.01,
        variants=("chung", "nesterov_bn"),
    ),
    "laptop": _LAPTOP,
    # Twice as long: gaps, early stopping, dropout.
    "laptop_long": dataclasses.replace(
        _LAPTOP, preset="laptop_long", variants=LONG, epochs=10
    ),
    # To be swept over `scale`.
    "laptop_scales": dataclasses.replace(
        _LAPTOP,
        preset="laptop_scales",
        variants=("nesterov", "adam", "adam_tiny", "nesterov_bn"),
    ),
    # The blog of J. Chung; his commits of 1 April 2015 (rate 1e-3).
    "paper": _PAPER,
    "paper_chung_april": dataclasses.replace(
        _PAPER, preset="paper_chung_april", network="chung_april", adam_rate=1e-3
    ),
    "paper_chung_deep": dataclasses.replace(
        _PAPER, preset="paper_chung_deep", network="chung_deep", adam_rate=1e-3
    ),
    # K. Kastner: plain descent; then batch normalisation and momentum.
    "paper_kastner": _KASTNER,
    "paper_kastner_bn": dataclasses.replace(
        _KASTNER, preset="paper_kastner_bn", network="kastner_bn", momentum=0.95
    ),
}
