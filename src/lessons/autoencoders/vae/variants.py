"""What `vae` compares: the optimizer is the colour, batch normalisation the line."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to train the same autoencoder.

    Attributes:
        batch_norm: whether affine maps are normalised.
        optimizer: "sgd" (with Nesterov momentum) or "rmsprop" (rescaling).
    """

    batch_norm: bool
    optimizer: str


VARIANTS = {
    "bn_rmsprop": Variant(
        label="BN, rescaling RMSprop", batch_norm=True, optimizer="rmsprop"
    ),
    "bn_sgd": Variant(
        label="BN, SGD + Nesterov", color="orange", batch_norm=True, optimizer="sgd"
    ),
    "plain_rmsprop": Variant(
        label="no BN, rescaling RMSprop",
        line="--",
        batch_norm=False,
        optimizer="rmsprop",
    ),
    "plain_sgd": Variant(
        label="no BN, SGD + Nesterov",
        color="orange",
        line="--",
        batch_norm=False,
        optimizer="sgd",
    ),
}
