"""Configurations of the `semi_supervised_vae` lesson."""

import dataclasses

from lessons.autoencoders.semi_supervised_vae.variants import VARIANTS
from lessons.toolkit.config import ImageConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run trains one model per entry of `variants` on the same images and the same few
    labels, with as many steps each. The seed draws split, labels and weights.
    """

    # Data
    source: str = setting(
        "digits",
        "data set of images to classify",
        choices=("digits", "glyphs", "mnist"),
    )
    num_train: int | None = setting(
        1297, "training images; none means the data set's own number", minimum=1
    )
    num_test: int | None = setting(
        500, "test images; none means the data set's own number", minimum=1
    )
    labels_per_class: int = setting(
        3, "training images of each class that keep their label", minimum=1
    )
    # Models
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "models to train and compare", choices=tuple(VARIANTS)
    )
    style: str = setting(
        "softplus",
        "hidden layers: softplus as in the paper, or those of the vae lesson's source",
        choices=("softplus", "source"),
    )
    classifier_units: tuple[int, ...] = setting(
        (128,), "widths of the hidden layers of q(y|x)", minimum=1
    )
    encoder_units: tuple[int, ...] = setting(
        (128,),
        "widths of the hidden layers of q(z|x, y), and of the clamped model's trunk",
        minimum=1,
    )
    decoder_units: tuple[int, ...] = setting(
        (128,), "widths of the hidden layers of p(x|y, z)", minimum=1
    )
    latent_dim: int = setting(8, "size of the code beside the label", minimum=1)
    m1_units: tuple[int, ...] = setting(
        (128,), "widths of the hidden layers of M1, each side", minimum=1
    )
    m1_dim: int = setting(10, "size of M1's code", minimum=1)
    stacked_units: tuple[int, ...] = setting(
        (128,), "widths of the hidden layers of each network of M2 in M1+M2", minimum=1
    )
    batch_norm: bool = setting(
        False, "batch normalisation of the clamped model's affine maps"
    )
    weight_scale: float | None = setting(
        None, "standard deviation of M2's first weights; none for Glorot's", above=0
    )
    weight_prior: bool = setting(False, "a prior N(0, 1) on all weights")
    # Objective
    likelihood: str = setting(
        "gaussian", "likelihood of the pixels", choices=("gaussian", "bernoulli")
    )
    variance: float = setting(
        0.05, "variance v of the Gaussian likelihood of a pixel", above=0
    )
    alpha: float = setting(
        5.0, "weight of the mean labelled cross-entropy, per example", minimum=0
    )
    # Training
    label_repeats: int = setting(
        12,
        "times a labelled image comes in one pass, in batches with the others",
        minimum=1,
    )
    learning_rate: float = setting(4e-3, "learning rate of Adam", above=0)
    # Evaluation
    num_eval_samples: int = setting(20, "importance samples per image", minimum=1)
    num_draws: int = setting(
        50, "images that are drawn of each class and judged", minimum=1
    )


_PAPER = Config(
    preset="paper",
    source="mnist",
    num_train=50_000,
    num_test=None,
    labels_per_class=10,
    variants=("m1", "m1_m2"),
    m1_units=(600, 600),
    m1_dim=50,
    stacked_units=(300,),  # 500 with more than 100 labels
    latent_dim=50,
    weight_scale=1e-3,
    weight_prior=True,
    likelihood="bernoulli",
    alpha=0.1,
    label_repeats=1,
    learning_rate=3e-4,
    batch_size=500,
    epochs=3000,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=120,
        num_test=40,
        labels_per_class=2,
        variants=("m2", "supervised", "m1", "clamped", "m1_m2"),
        classifier_units=(16,),
        encoder_units=(16,),
        decoder_units=(16,),
        latent_dim=2,
        m1_units=(16,),
        m1_dim=4,
        stacked_units=(16,),
        label_repeats=2,
        batch_size=35,
        epochs=2,
        num_eval_samples=2,
        num_draws=2,
    ),
    "laptop": Config(preset="laptop", epochs=80, batch_size=136),
    "paper": _PAPER,
    "paper_m2": dataclasses.replace(
        _PAPER,
        preset="paper_m2",
        variants=("m2",),
        classifier_units=(500,),
        encoder_units=(500,),
        decoder_units=(500,),
    ),
    "paper_clamped": dataclasses.replace(
        _PAPER,
        preset="paper_clamped",
        variants=("clamped",),
        style="source",
        batch_norm=True,
        encoder_units=(512, 512, 256),
        decoder_units=(256, 512, 512),
        latent_dim=384,
        weight_scale=0.1 / 3**0.5,  # spread like the source's uniform +-0.1
        weight_prior=False,
        likelihood="gaussian",
        variance=0.5,
        alpha=1.0,
        learning_rate=1e-3,
        batch_size=1000,
        epochs=500,
    ),
}
