"""What `ot_gan` compares: what the critic is for, and the two ablations of OT-GAN."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to say how far samples are from the data.

    Attributes:
        loss: "matching" (primal: a critic of features), or a scalar critic's (dual):
            "gan", "wgan_gp", "wgan_clip".
        cost: of a matching: "cosine" of the critic's features, or "euclidean" between
            the examples themselves.
        matching: "sinkhorn", or "random" for the uniform coupling.
    """

    loss: str = "matching"
    cost: str = "cosine"
    matching: str = "sinkhorn"


VARIANTS = {
    "ot_gan": Variant(label="OT-GAN"),
    "gan": Variant(label="GAN", color="orange", loss="gan"),
    "wgan_gp": Variant(label="WGAN-GP", color="pink", loss="wgan_gp"),
    "wgan_clip": Variant(label="WGAN, clipped", color="amber", loss="wgan_clip"),
    "random_matching": Variant(label="random matching", color="sky", matching="random"),
    "fixed_cost": Variant(label="fixed cost", color="green", cost="euclidean"),
}
