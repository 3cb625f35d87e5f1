"""Configurations of the `hierarchical_vae` lesson."""

import dataclasses

from lessons.autoencoders.hierarchical_vae.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one model per entry of `variants` under the same budget:

    * deterministic: the same network, every latent at its conditional mean;
    * single: only the layer next to the pixels;
    * plain: the chain; warm_up, free_bits, ladder: the chain with one change;
    * top: the chain whose top prior alone sees the border, as in the source's code.
    """

    # Data
    source: str = setting(
        "digits",
        "data set of images to complete",
        choices=("digits", "glyphs", "photos", "mnist", "images"),
    )
    data_path: str | None = setting(
        None, "file of a real data set; for source=images an .npz, such as COCO crops"
    )
    # Model
    family: str = setting(
        "dense", "kind of layers of all networks", choices=("dense", "conv")
    )
    latents: tuple[int, ...] = setting(
        (8, 4, 2), "sizes of z_1, z_2, ... from the pixels up (family=dense)", minimum=1
    )
    hidden: int = setting(96, "width of hidden layers (family=dense)", minimum=1)
    filters: tuple[int, ...] = setting(
        (8, 16, 32), "channels of maps and latents, full size first (conv)", minimum=1
    )
    units: int = setting(64, "width of the bottom-up vector (family=conv)", minimum=1)
    top_dim: int = setting(32, "size of the flat top latent (family=conv)", minimum=1)
    context: str = setting(
        "all", "parts of the model that see the border", choices=("all", "top")
    )
    output: str = setting(
        "gaussian", "likelihood of a pixel", choices=("gaussian", "categorical")
    )
    pixel_scale: float = setting(
        0.25, "standard deviation of pixels before training (gaussian)", above=0.001
    )
    # Objective
    warm_up_epochs: int = setting(
        30, "epochs until the KL terms have their whole weight (warm_up)", minimum=0
    )
    free_bits: float = setting(
        1.0, "KL in nats that each layer has for free (variant free_bits)", minimum=0
    )
    # Training
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "models to train and compare", choices=tuple(VARIANTS)
    )
    learning_rate: float = setting(2e-3, "learning rate of Adam", above=0)
    clip_norm: float = setting(
        5.0, "longest gradient of a weight array; 0 for no limit", minimum=0
    )
    # Evaluation
    num_eval_samples: int = setting(50, "importance samples per test image", minimum=1)
    num_eval_images: int = setting(400, "most test images to judge by", minimum=1)


_SMOKE = Config(
    preset="smoke",
    variants=("warm_up", "deterministic", "ladder"),
    num_train=200,
    latents=(4, 3, 2),
    hidden=12,
    filters=(4, 6),
    units=8,
    top_dim=3,
    warm_up_epochs=1,
    epochs=2,
    num_eval_samples=3,
    num_eval_images=60,
)

PRESETS = {
    "smoke": _SMOKE,
    "smoke_conv": dataclasses.replace(
        _SMOKE,
        preset="smoke_conv",
        family="conv",
        output="categorical",
        variants=("plain",),
    ),
    "laptop": Config(preset="laptop", num_train=1400, epochs=60),
    "laptop_photos": Config(
        preset="laptop_photos",
        source="photos",
        num_train=3000,
        latents=(32, 16, 8),
        pixel_scale=0.08,  # photographs are smooth: noise of 0.25 hides all latents
        hidden=128,
        num_eval_samples=5,
        variants=("single", "plain", "free_bits"),
        learning_rate=1e-3,
        epochs=12,
    ),
    "laptop_glyphs": Config(
        preset="laptop_glyphs",
        source="glyphs",
        num_train=9000,
        latents=(16, 8, 4),
        hidden=128,
        num_eval_samples=5,
        variants=("single", "plain"),
        epochs=12,
    ),
    "laptop_conv": Config(
        preset="laptop_conv",
        family="conv",
        num_train=1400,
        variants=("deterministic", "plain", "free_bits", "top"),
        epochs=20,
    ),
    "paper": Config(
        preset="paper",
        source="images",
        family="conv",
        filters=(8, 16, 32, 64, 128, 256),
        units=512,
        top_dim=256,
        context="top",
        output="categorical",
        variants=("plain",),
        learning_rate=3e-4,
        clip_norm=5.0,
        batch_size=20,
        epochs=20,
    ),
}
