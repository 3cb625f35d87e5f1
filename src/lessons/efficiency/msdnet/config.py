"""Configurations of the `msdnet` lesson."""

import dataclasses

from lessons.efficiency.msdnet import plan
from lessons.efficiency.msdnet.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run, which trains and judges each of `variants`."""

    source: str = setting("letters", "data set", choices=("letters", "images"))
    side: int = setting(16, "height and width of the images", minimum=8)
    num_classes: int = setting(26, "number of classes", minimum=2)
    num_validation: int = setting(
        1000, "images for thresholds, not trained on", minimum=2
    )
    num_test: int = setting(2000, "test images of letters", minimum=26)
    variants: tuple[str, ...] = setting(
        ("msdnet",), "networks to compare", choices=tuple(VARIANTS)
    )
    num_scales: int = setting(3, "number of scales S", minimum=1)
    channels: int = setting(6, "channels of layer 0 at the finest scale", minimum=1)
    growth: int = setting(4, "new channels of a layer at the finest scale", minimum=1)
    growth_factors: tuple[int, ...] = setting(
        (1, 2, 4), "factors of channels and growth, one for each scale", minimum=1
    )
    bottleneck_factors: tuple[int, ...] = setting(
        (1, 2, 4), "factors of 1x1 convolutions, one for each scale", minimum=1
    )
    num_exits: int = setting(3, "number of classifiers K", minimum=2)
    base: int = setting(1, "layer of the first exit", minimum=1)
    step: int = setting(1, "layers to the next exit", minimum=1)
    step_mode: str = setting(
        "lin_grow", "whether steps grow by one", choices=("even", "lin_grow")
    )
    reduction: str = setting(
        "min", "which scales later layers keep", choices=plan.REDUCTIONS
    )
    compression: float = setting(
        0.5, "part of the channels after a transition", above=0, maximum=1
    )
    stem: str = setting("conv", "first layers of the network", choices=plan.STEMS)
    head: int = setting(
        32, "channels of classifiers, 0 for those of the scale", minimum=0
    )
    pool: str = setting("global", "pooling of classifiers", choices=plan.POOLS)
    exit_weights: tuple[float, ...] = setting(
        (), "weights of the exits' losses; none means 1 each", minimum=0
    )
    optimizer: str = setting("adam", "rule of the steps", choices=("adam", "sgd"))
    rate: float = setting(0.008, "learning rate at the start", above=0)
    drop_epochs: tuple[int, ...] = setting(
        (), "epochs after which the rate falls; none means a cosine", minimum=1
    )
    drop: float = setting(0.1, "factor of the rate at each fall", above=0, maximum=1)
    decay: float = setting(0.0, "weight decay, added to the gradients", minimum=0)
    bn_momentum: float = setting(
        0.9, "momentum of the moving statistics", minimum=0, maximum=0.9999
    )
    augment: bool = setting(False, "training images shifted and mirrored at random")
    ratios: tuple[float, ...] = setting(
        (0.2, 0.4, 0.6, 0.8, 1.0, 1.3, 1.7),
        "ratios p of the shares of neighbouring exits",
        above=0,
    )

    def __post_init__(self):
        super().__post_init__()
        if self.source == "letters" and (self.side, self.num_classes) != (16, 26):
            raise UserError(
                f"letters must have side=16 and num_classes=26, got side={self.side} "
                f"and num_classes={self.num_classes}."
            )
        if self.exit_weights and len(self.exit_weights) != self.num_exits:
            raise UserError(
                f"exit_weights must be one number for each of {self.num_exits} exits, "
                f"got {self.exit_weights}."
            )
        if self.exit_weights and not max(self.exit_weights):
            raise UserError("exit_weights must not all be 0.")
        if list(self.drop_epochs) != sorted(set(self.drop_epochs)):
            raise UserError(f"drop_epochs must rise, got {self.drop_epochs}.")
        from lessons.efficiency.msdnet import experiment

        for name in self.variants:  # a plan that cannot be is refused here
            experiment.plans(self, VARIANTS[name])


_LAPTOP = Config(preset="laptop", batch_size=40, epochs=3)
_PAPER = Config(
    preset="paper",
    source="images",
    side=32,
    num_classes=10,
    num_validation=5000,
    channels=16,
    growth=6,
    num_exits=11,
    base=4,
    step=2,
    step_mode="even",
    reduction="max",
    head=128,
    pool="average",
    optimizer="sgd",
    rate=0.1,
    drop_epochs=(150, 225),
    decay=1e-4,
    augment=True,
    batch_size=64,
    epochs=300,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=80,
        num_validation=60,
        num_test=100,
        num_scales=2,
        channels=2,
        growth=2,
        growth_factors=(1, 2),
        bottleneck_factors=(1, 2),
        num_exits=2,
        step_mode="even",
        reduction="max",
        head=4,
        optimizer="sgd",
        rate=0.05,
        variants=("msdnet", "ensemble"),
        batch_size=40,
        epochs=1,
        ratios=(0.6, 1.0),
    ),
    "laptop": _LAPTOP,
    # Networks whose last exit costs at most as much; the runs of MSDNet are those of
    # "laptop". One scale, halved after exits:
    "laptop_one_scale": dataclasses.replace(
        _LAPTOP, preset="laptop_one_scale", variants=("chain", "one_scale")
    ),
    "laptop_rivals": dataclasses.replace(
        _LAPTOP, preset="laptop_rivals", variants=("ensemble",)
    ),
    # MSDNet without one of its parts each.
    "laptop_parts": dataclasses.replace(
        _LAPTOP, preset="laptop_parts", variants=("final_only", "not_dense")
    ),
    # Anytime prediction on CIFAR-10, an .npz file: 24 layers, 11 exits.
    "paper": _PAPER,
    # Budgeted batches: K = 5; the paper has 4 to 8 (--set num_exits=8).
    "paper_batch": dataclasses.replace(
        _PAPER,
        preset="paper_batch",
        num_exits=5,
        base=1,
        step=1,
        step_mode="lin_grow",
    ),
    "paper_imagenet": dataclasses.replace(
        _PAPER,
        preset="paper_imagenet",
        side=224,
        num_classes=1000,
        num_validation=50_000,
        num_scales=4,
        channels=32,
        growth=16,
        growth_factors=(1, 2, 4, 4),
        bottleneck_factors=(1, 2, 4, 4),
        num_exits=5,
        step=4,
        stem="imagenet",
        head=0,
        drop_epochs=(30, 60),
        batch_size=256,
        epochs=90,
    ),
}
