"""What `spectral_normalization` compares: ways to control a critic, as data.

Normalisers of weights are built into the critic's layers (`layers`); penalties and
clipping belong to the training step (`model`).
"""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to control a critic.

    Attributes:
        normalizer: of the weights: none, "spectral", "weight" or "frobenius".
        gain: whether normalised weights get a trainable factor (reparametrisation).
        rounds: of power iteration in each critic update.
        activation_norm: none, "batch" or "layer", without trainable gains.
        initializer: of the critic's kernels.
        loss: the loss it comes with; none for the configuration's.
        clips: whether weights are clipped after each update.
        penalizes: "" for nothing, "gradient" for WGAN-GP's, "orthonormal".
    """

    normalizer: str | None = None
    gain: bool = False
    rounds: int = 1
    activation_norm: str | None = None
    initializer: str = "he_normal"
    loss: str | None = None
    clips: bool = False
    penalizes: str = ""

    def options(self, config, clip):
        """Arguments of `model.RegularizedGAN` under a configuration.

        Args:
            config: a `Config`; gives the loss and the weights of the penalties.
            clip: bound of the weights, if they are clipped.
        """
        weights = {"gradient": config.penalty, "orthonormal": config.orthonormal}
        kind = self.penalizes
        return {
            "loss": self.loss or config.loss,
            "clip": clip if self.clips else None,
            **({f"{kind}_penalty": weights[kind]} if kind else {}),
        }


VARIANTS = {
    "none": Variant(label="none", color="black"),
    "clipping": Variant(label="weight clipping", color="amber", clips=True),
    "gan_gp": Variant(label="GAN-GP", color="pink", line="--", penalizes="gradient"),
    "wgan_gp": Variant(
        label="WGAN-GP", color="pink", penalizes="gradient", loss="wasserstein"
    ),
    "batch_norm": Variant(label="batch norm.", color="sky", activation_norm="batch"),
    "layer_norm": Variant(
        label="layer norm.", color="sky", line="--", activation_norm="layer"
    ),
    "weight_norm": Variant(label="weight norm.", color="orange", normalizer="weight"),
    "frobenius": Variant(
        label="Frobenius norm.", color="amber", line="--", normalizer="frobenius"
    ),
    "orthonormal": Variant(
        label="orthonormal",
        color="green",
        initializer="orthogonal",
        penalizes="orthonormal",
    ),
    "spectral": Variant(label="spectral norm.", normalizer="spectral"),
    "spectral_5": Variant(
        label="spectral, 5 rounds", line=":", normalizer="spectral", rounds=5
    ),
    "spectral_gain": Variant(
        label="spectral, gain + GP",
        line="--",
        normalizer="spectral",
        gain=True,
        penalizes="gradient",
        loss="wasserstein",
    ),
}
