"""Configurations of the `ot_gan` lesson."""

import dataclasses

from lessons.adversarial.ot_gan.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting

COMPARED = ("ot_gan", "gan", "wgan_gp", "random_matching", "fixed_cost")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run trains one pair of networks per entry of `variants`, each for the same number
    of generator updates; then the critic is frozen and the generator goes on.
    """

    # Data
    source: str = setting(
        "eight_gaussians",
        "data set",
        choices=("eight_gaussians", "digits", "images"),
    )
    data_path: str | None = setting(None, "an .npz file of images (source=images)")
    num_train: int | None = setting(
        None, "training examples; none means the data set's own size", minimum=2
    )
    conditional: bool = setting(False, "algorithm 2: networks that take the class")
    # Model
    latent_dim: int = setting(8, "size of the code z", minimum=1)
    generator_units: tuple[int, ...] = setting(
        (64, 64), "widths of the generator, or its channels (source=images)", minimum=1
    )
    critic_units: tuple[int, ...] = setting(
        (32, 32), "widths of the critic, or its channels (source=images)", minimum=1
    )
    feature_dim: int = setting(16, "number of the critic's features v(x)", minimum=2)
    bias_scale: float = setting(
        1.0, "standard deviation of the critic's initial biases", minimum=0
    )
    # Matching
    epsilon: float = setting(
        0.02, "regularisation of the matching, 1 / lambda of the paper", above=0
    )
    iterations: int = setting(15, "Sinkhorn iterations of a matching", minimum=1)
    form: str = setting(
        "stabilised", "form of Sinkhorn's iteration", choices=("stabilised", "log")
    )
    # Training; `epochs` counts the epochs before the critic is frozen, and
    # `batch_size` is 2K: the two mini-batches of one update
    variants: tuple[str, ...] = setting(
        COMPARED, "methods to train and compare", choices=tuple(VARIANTS)
    )
    generator_updates: int = setting(
        3, "generator updates per critic update (OT-GAN)", minimum=1
    )
    frozen_epochs: int = setting(
        0, "epochs with a frozen critic, at the end", minimum=0
    )
    learning_rate: float = setting(1e-3, "OT-GAN's rate of the generator", above=0)
    critic_rate: float = setting(3e-4, "OT-GAN's rate of the critic", above=0)
    baseline_rate: float = setting(
        3e-4, "rate of both networks of a GAN or WGAN", above=0
    )
    beta_1: float = setting(
        0.5, "Adam's memory of the gradient", minimum=0, maximum=0.999
    )
    average_decay: float = setting(
        0.0, "memory of the generator's running average", minimum=0, maximum=0.9999
    )
    clip: float = setting(0.1, "bound of the clipped critic's weights", above=0)
    penalty: float = setting(10.0, "weight of the gradient penalty", above=0)


_PAPER = Config(
    preset="paper",
    source="images",
    latent_dim=100,
    generator_units=(1024, 512, 256, 128),
    critic_units=(128, 256, 512, 1024),
    epsilon=1 / 500,
    iterations=500,
    variants=("ot_gan",),
    learning_rate=3e-4,
    critic_rate=3e-4,
    average_decay=0.999,
    batch_size=8000,
    epochs=2400,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        variants=("ot_gan", "gan", "wgan_gp", "wgan_clip", "fixed_cost"),
        num_train=64,
        generator_units=(16,),
        critic_units=(16,),
        feature_dim=8,
        iterations=5,
        batch_size=32,
        epochs=2,
        frozen_epochs=1,
    ),
    "laptop": Config(
        preset="laptop",
        learning_rate=5e-3,
        critic_rate=1e-3,
        average_decay=0.99,
        batch_size=128,
        epochs=30,
        frozen_epochs=30,
    ),
    "laptop_digits": Config(
        preset="laptop_digits",
        source="digits",
        conditional=True,
        latent_dim=16,
        generator_units=(128, 128),
        critic_units=(128,),
        feature_dim=64,
        variants=("ot_gan",),
        average_decay=0.99,
        batch_size=200,
        epochs=150,
    ),
    "paper": _PAPER,
    # What fits one GPU: the same networks, smaller batches.
    "paper_small_batch": dataclasses.replace(
        _PAPER, preset="paper_small_batch", batch_size=512, epochs=230
    ),
}
