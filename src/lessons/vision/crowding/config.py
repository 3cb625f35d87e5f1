"""Configurations of the `crowding` lesson."""

import dataclasses

from lessons.toolkit.config import ImageConfig, setting
from lessons.toolkit.errors import UserError
from lessons.vision.crowding import theory
from lessons.vision.crowding.variants import VARIANTS


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run; lengths are pixels of the canvas unless it says otherwise.

    A run trains one network per entry of `variants` under the same budget.
    """

    source: str = setting(
        "digits", "digits that are targets and flankers", choices=("digits", "mnist")
    )
    num_train: int | None = setting(
        1300, "images of the source to draw training objects from", minimum=20
    )
    size: int = setting(16, "side h of an object", minimum=4)
    field: int = setting(96, "side F of the canvas", minimum=8)
    crop: int = setting(24, "side c of a crop, in its own pixels", minimum=4)
    num_scales: int = setting(5, "crops n of a multi-scale network", minimum=2)
    num_layers: int = setting(3, "number of convolutions", minimum=1)
    filters: int = setting(12, "channels of each convolution", minimum=1)
    kernel: int = setting(3, "side of the kernels", minimum=1)
    window: int = setting(2, "side of the windows of spatial pooling", minimum=1)
    margin: int = setting(4, "black pixels around every crop", minimum=0)
    deviation: float = setting(
        0.0, "deviation of the first weights, a truncated normal; 0: He's", minimum=0
    )
    shift: float = setting(0.0, "taken from every pixel of a crop", minimum=0)
    variants: tuple[str, ...] = setting(
        ("end", "late", "late_normalised"),
        "networks to train and compare",
        choices=tuple(VARIANTS),
    )
    num_stimuli: int = setting(2500, "number of training stimuli", minimum=5)
    optimizer: str = setting(
        "adam",
        "Adam with a cosine decay, or Adagrad at one rate",
        choices=("adam", "adagrad"),
    )
    learning_rate: float = setting(6e-3, "rate at the first step", above=0)
    train_spacing: int = setting(16, "spacing of flankers in training", minimum=1)
    spacings: tuple[int, ...] = setting(
        (16, 20, 24, 28, 32, 36, 40), "spacings at the middle", minimum=1
    )
    spacing: int = setting(20, "spacing while the eccentricity varies", minimum=1)
    eccentricities: tuple[int, ...] = setting(
        (0, 2, 4, 8, 12, 16, 20, 24, 32, 40),
        "eccentricities of targets on black",
        minimum=0,
    )
    clutter: tuple[int, ...] = setting(
        (0, 24), "eccentricities of targets on photographs", minimum=0
    )
    dimming: float = setting(
        0.25, "brightness left to photographs that are dimmed", above=0, maximum=1
    )

    def __post_init__(self):
        super().__post_init__()
        if self.crop > self.field or self.size > self.field:
            raise UserError(
                f"crop={self.crop} and size={self.size} must not be larger than "
                f"field={self.field}."
            )
        if (self.field - self.size) % 2 or self.size % 2:
            raise UserError(
                "size and field must be even, for objects to lie in the middle; got "
                f"size={self.size}, field={self.field}."
            )
        for name in ("spacings", "eccentricities", "clutter"):
            if not getattr(self, name):
                raise UserError(f"{name} must hold at least one number, got none.")
        closest = min(*self.spacings, self.spacing, self.train_spacing)
        furthest = max(*self.spacings, *self.eccentricities, *self.clutter, 0)
        most = max(furthest, self.spacing, self.train_spacing)
        if closest < self.size or most > self.reach:
            raise UserError(
                f"spacings must be {self.size} to {self.reach}, eccentricities 0 to "
                f"{self.reach}, for objects to be apart and on the canvas; got "
                f"spacings={self.spacings}, spacing={self.spacing}, "
                f"train_spacing={self.train_spacing}, "
                f"eccentricities={self.eccentricities}, clutter={self.clutter}."
            )

    @property
    def reach(self):
        """Greatest eccentricity of an object."""
        return (self.field - self.size) // 2

    @property
    def ratio(self):
        """ρ, of the sides of two neighbouring exponential crops."""
        return float((self.field / self.crop) ** (1 / (self.num_scales - 1)))

    def code(self, variant):
        """Scales of a variant's network before and after each layer."""
        return theory.scale_code(variant.pooling, self.num_scales, self.num_layers)


_LAPTOP = Config(preset="laptop", batch_size=32, epochs=6)
_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=55_000,
    size=120,
    field=1920,
    crop=60,
    num_scales=11,
    num_layers=4,
    filters=32,
    kernel=5,
    window=3,
    margin=0,
    deviation=0.1,
    shift=0.5,
    variants=("end", "late", "late_normalised", "gradual", "early"),
    num_stimuli=27_000,
    batch_size=128,
    epochs=20,
    optimizer="adagrad",
    learning_rate=0.01,
    train_spacing=120,
    spacings=(120, 240, 360, 480, 600, 720, 840),
    spacing=120,
    eccentricities=tuple(range(0, 781, 60)),
    clutter=(0, 240, 720),
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=1650,
        num_scales=3,
        field=64,
        crop=16,
        num_layers=2,
        filters=4,
        margin=2,
        variants=("end", "late_normalised"),
        num_stimuli=160,
        batch_size=32,
        epochs=2,
        spacings=(16, 24),
        eccentricities=(0, 4, 8),
        clutter=(0,),
    ),
    "laptop": _LAPTOP,
    # Beside the networks of the preset "laptop", judged at fewer places.
    "laptop_pooling": dataclasses.replace(
        _LAPTOP,
        preset="laptop_pooling",
        variants=("progressive", "none", "early"),
        eccentricities=(0, 24),
        clutter=(0,),
    ),
    "laptop_flanked": dataclasses.replace(
        _LAPTOP,
        preset="laptop_flanked",
        variants=("end_flanked", "late_flanked"),
        eccentricities=(0, 24),
        clutter=(0,),
    ),
    "laptop_long": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long",
        variants=("late_long",),
        eccentricities=(0, 24),
        clutter=(0,),
    ),
    # The released program: five numbers in a code are four convolutions.
    "paper": _PAPER,
    # The text: three convolutions, three layouts of pooling over space.
    "paper_layouts": dataclasses.replace(
        _PAPER,
        preset="paper_layouts",
        num_layers=3,
        variants=("none", "progressive", "end", "end_flanked"),
    ),
}
