"""What each compared method does to the critic, as data.

Normalisers of weights are built into the critic's layers (`layers`); penalties and
clipping belong to the training step (`model`).
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Regularizer:
    """One way to control a critic.

    Attributes:
        label: its name in figures and tables.
        normalizer: of the weights: none, "spectral", "weight" or "frobenius".
        gain: whether normalised weights get a trainable factor (reparametrisation).
        activation_norm: none, "batch" or "layer", without trainable gains.
        initializer: of the critic's kernels.
        loss: the loss it comes with; none for the configuration's.
        clips: whether weights are clipped after each update.
        penalizes: "" for nothing, "gradient" for WGAN-GP's, "orthonormal".
    """

    label: str
    normalizer: str | None = None
    gain: bool = False
    activation_norm: str | None = None
    initializer: str = "he_normal"
    loss: str | None = None
    clips: bool = False
    penalizes: str = ""


REGULARIZERS = {
    "none": Regularizer("none"),
    "clipping": Regularizer("weight clipping", clips=True),
    "gan_gp": Regularizer("GAN-GP", penalizes="gradient"),
    "wgan_gp": Regularizer("WGAN-GP", penalizes="gradient", loss="wasserstein"),
    "batch_norm": Regularizer("batch norm.", activation_norm="batch"),
    "layer_norm": Regularizer("layer norm.", activation_norm="layer"),
    "weight_norm": Regularizer("weight norm.", normalizer="weight"),
    "frobenius": Regularizer("Frobenius norm.", normalizer="frobenius"),
    "orthonormal": Regularizer(
        "orthonormal", initializer="orthogonal", penalizes="orthonormal"
    ),
    "spectral": Regularizer("spectral norm.", normalizer="spectral"),
    "spectral_gain": Regularizer(
        "spectral, gain + GP",
        normalizer="spectral",
        gain=True,
        penalizes="gradient",
        loss="wasserstein",
    ),
}
