"""Configurations of the `wage` lesson."""

import dataclasses

from lessons.efficiency.wage import networks
from lessons.efficiency.wage.optimizer import check_power_of_two
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting

COMPARED = (
    *("wage", "unrounded", "nearest", "nearest_slow", "slow", "last_layer"),
    *("w2a8", "w2a8_bn", "float", "float_momentum", "vanilla"),
)
# Beside "wage", whose runs are those of the preset "laptop".
STUDIED = ("g2", "g4", "g6", "g2_fast", "g8_slow", "e2", "gamma8")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one network per entry of `variants` for as many epochs, from weights
    drawn with the same seed.
    """

    source: str = setting(
        "digits", "data set", choices=("digits", "glyphs", "mnist", "images")
    )
    task: str = setting(
        "class",
        "labels to learn: the class, or whether its number is odd",
        choices=("class", "parity"),
    )
    network: str = setting("256FC-256FC", "layers, as the paper writes them: 32C5, MP2")
    recipe: str = setting(
        "paper", "source of start and clip where they differ", choices=("paper", "code")
    )
    beta: float = setting(1.5, "factor of the least limit of the start", above=0)
    augment: bool = setting(False, "training images moved and mirrored at random")
    variants: tuple[str, ...] = setting(
        COMPARED, "ways to train and compare", choices=tuple(VARIANTS)
    )
    rate: float = setting(2.0, "rate η in steps of the store, a power of two", above=0)
    real_rate: float = setting(0.02, "rate of the baselines in real numbers", above=0)
    drops: tuple[int, ...] = setting(
        (20,), "epochs after which every rate is divided", minimum=1
    )
    drop_factor: float = setting(8.0, "divisor of the rates, a power of two", above=1)

    def __post_init__(self):
        super().__post_init__()
        networks.parse(self.network)
        check_power_of_two(self.rate, "rate")
        check_power_of_two(self.drop_factor, "drop_factor")


_LAPTOP = Config(preset="laptop", batch_size=64, epochs=30)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=128,
        batch_size=32,
        network="16FC",
        variants=("wage", "vanilla"),
        epochs=2,
        drops=(1,),
    ),
    "smoke_conv": Config(
        preset="smoke_conv",
        num_train=64,
        batch_size=32,
        network="4C3-MP2-8FC",
        recipe="code",
        variants=("wage",),
        epochs=1,
    ),
    "laptop": _LAPTOP,
    # Bits of gradients and errors, and the errors' window.
    "laptop_bits": dataclasses.replace(_LAPTOP, preset="laptop_bits", variants=STUDIED),
    # A task that no linear model solves.
    "laptop_parity": dataclasses.replace(
        _LAPTOP,
        preset="laptop_parity",
        task="parity",
        variants=("wage", "last_layer", "float_momentum"),
    ),
    # CIFAR-10 as an .npz file, VGG7: 300 epochs, rates 8, 1, 1/8.
    "paper": Config(
        preset="paper",
        source="images",
        network=networks.PUBLISHED["vgg7"],
        variants=("wage",),
        augment=True,
        batch_size=128,
        epochs=300,
        rate=8.0,
        drops=(200, 250),
    ),
    "paper_lenet": Config(
        preset="paper_lenet",
        source="mnist",
        network=networks.PUBLISHED["lenet"],
        variants=("wage",),
        batch_size=128,
        epochs=100,
        rate=1.0,
        drops=(),
    ),
}
