"""Configurations of the `marrnet` lesson."""

import dataclasses

from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError
from lessons.vision.marrnet.networks import SIZES
from lessons.vision.marrnet.variants import VARIANTS


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run trains every entry of `variants` and judges it in every domain; MarrNet is
    then fine-tuned on single test images.
    """

    # Data
    source: str = setting(
        "shapes", "boxes made here, or a file of renderings", choices=("shapes", "file")
    )
    data_path: str | None = setting(None, "file of renderings, for source=file")
    size: int = setting(32, "height and width of an image, in pixels", minimum=8)
    grid: int = setting(32, "voxels along an axis", minimum=8)
    num_train: int = setting(900, "training shapes", minimum=3)
    num_validation: int = setting(
        100, "shapes that thresholds and thicknesses are chosen on", minimum=3
    )
    num_test: int = setting(100, "test shapes, seen in every domain", minimum=3)
    # Networks and losses
    variants: tuple[str, ...] = setting(
        ("marrnet", "direct", "joint"),
        "networks to train and compare",
        choices=tuple(VARIANTS),
    )
    network: str = setting("small", "size of the networks", choices=SIZES)
    code: int = setting(64, "components of the code of a shape", minimum=1)
    inside_only: bool = setting(
        False, "normals and depths count inside the true silhouette only"
    )
    silhouette_weight: float = setting(
        1.0, "weight of the silhouette in the loss of the sketches", minimum=0
    )
    depth_weight: float = setting(
        1.0, "weight of the depth in the loss of the sketches", minimum=0
    )
    positive_weight: float = setting(
        4.0, "weight of occupied voxels in the cross-entropy", above=0
    )
    # Training: `epochs` are those of the shape network
    sketch_epochs: int = setting(12, "epochs of MarrNet's first step", minimum=1)
    direct_epochs: int = setting(14, "epochs of the direct network", minimum=1)
    joint_epochs: int = setting(
        8, "epochs of networks that are trained at once and hold both steps", minimum=1
    )
    optimizer: str = setting(
        "adam",
        "optimizer; adam's rate falls to 0 along a cosine, sgd has momentum 0.9",
        choices=("adam", "sgd"),
    )
    learning_rate: float = setting(4e-3, "first rate of the optimizer", above=0)
    # Fine-tuning on one image
    tune_images: int = setting(8, "test images to fine-tune on; 0 for none", minimum=0)
    tune_steps: int = setting(40, "updates on each image", minimum=1)
    tune_rate: float = setting(0.03, "rate of SGD with momentum 0.9", minimum=0)
    normal_weight: float = setting(
        1.0, "weight of the normal loss beside the depth loss", minimum=0
    )

    def __post_init__(self):
        super().__post_init__()
        if self.size % self.grid:
            raise UserError(
                f"size must be a multiple of grid, got size={self.size} and "
                f"grid={self.grid}: a ray belongs to a pixel."
            )
        if self.source == "shapes" and self.size != self.grid:
            raise UserError(
                f"source='shapes' needs size equal to grid, got {self.size} and "
                f"{self.grid}. Allowed: source=file for others."
            )
        at_once = [n for n in self.variants if _holds_both_steps(VARIANTS[n])]
        if at_once and (self.size != self.grid or self.network != "small"):
            raise UserError(
                f"variants {at_once} need size equal to grid and network='small', got "
                f"size={self.size}, grid={self.grid} and network={self.network!r}."
            )


def _holds_both_steps(variant):
    return not variant.apart and variant.route != "image"


# Rate, weights and size of a batch: chosen on validation shapes of another seed.
_LAPTOP = Config(
    preset="laptop",
    size=24,
    grid=24,
    epochs=8,
    batch_size=8,
    learning_rate=2e-3,
    inside_only=True,
    silhouette_weight=5.0,
    depth_weight=20.0,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        size=16,
        grid=16,
        num_train=24,
        num_validation=6,
        num_test=6,
        variants=("joint", "marrnet"),
        code=8,
        epochs=2,
        batch_size=8,
        sketch_epochs=2,
        direct_epochs=2,
        joint_epochs=2,
        tune_images=2,
        tune_steps=2,
    ),
    "laptop": _LAPTOP,
    # Twice the updates for what is trained at once: with sketches as features' second
    # task, and with sketches as the only way.
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("joint", "end_to_end"),
        joint_epochs=16,
        tune_images=0,
    ),
    # Twice the updates for MarrNet and for the network that is told voxels alone.
    "laptop_long": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long",
        variants=("marrnet", "direct"),
        epochs=16,
        sketch_epochs=24,
        direct_epochs=28,
        tune_images=0,
    ),
    # Renderings of ShapeNet; the networks of the authors' later code.
    "paper": Config(
        preset="paper",
        source="file",
        size=256,
        grid=128,
        variants=("marrnet", "direct"),
        network="resnet18",
        code=200,
        inside_only=True,
        silhouette_weight=10.0,
        positive_weight=1.0,
        epochs=50,
        batch_size=4,
        sketch_epochs=50,
        direct_epochs=50,
        optimizer="sgd",
        learning_rate=0.001,
        tune_rate=0.001,
    ),
}
