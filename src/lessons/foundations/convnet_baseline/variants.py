"""What is compared, as data: optimizers, first weights, batch normalisation."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to train the network of a configuration.

    Attributes:
        optimizer: "nesterov" or "adam".
        rate_factor: times the configuration's rate for this optimizer.
        epsilon, beta_1: of Adam.
        batch_norm: whether the network is batch-normalised in any case.
        hidden_biases: whether layers before the last have biases.
        glorot: whether weights start as Glorot's, not uniform in ±scale.
        dropout: whether units are dropped at the configuration's rate.
        flip: whether training images are mirrored by chance.
        shuffled: whether the training labels are in another order.
    """

    optimizer: str = "nesterov"
    rate_factor: float = 1.0
    epsilon: float = 1e-7
    beta_1: float = 0.9
    batch_norm: bool = False
    hidden_biases: bool = True
    glorot: bool = False
    dropout: bool = False
    flip: bool = False
    shuffled: bool = False


VARIANTS = {
    # First weights uniform in ±scale.
    "nesterov": Variant(label="Nesterov", color="orange", marker="o"),
    "nesterov_fast": Variant(
        label="Nesterov, 5 times the rate", color="orange", line="--", rate_factor=5.0
    ),
    "adam": Variant(label="Adam", color="blue", marker="s", optimizer="adam"),
    "adam_tiny": Variant(
        label="Adam, ε = 1e-14",
        color="sky",
        line="--",
        marker="v",
        optimizer="adam",
        epsilon=1e-14,
    ),
    "adam_no_momentum": Variant(
        label="Adam, β₁ = 0", color="sky", marker="D", optimizer="adam", beta_1=0.0
    ),
    "adam_no_biases": Variant(
        label="Adam, no hidden biases",
        color="amber",
        marker="P",
        optimizer="adam",
        hidden_biases=False,
    ),
    "nesterov_bn": Variant(
        label="Nesterov, BN", color="green", marker="^", batch_norm=True
    ),
    # Glorot's start.
    "glorot": Variant(label="Nesterov, Glorot", color="pink", glorot=True),
    "glorot_bn": Variant(
        label="Nesterov, Glorot, BN",
        color="green",
        line="--",
        glorot=True,
        batch_norm=True,
    ),
    "glorot_adam": Variant(
        label="Adam, Glorot", color="sky", optimizer="adam", glorot=True
    ),
    "glorot_dropout": Variant(
        label="Adam, Glorot, dropout",
        color="pink",
        line="--",
        optimizer="adam",
        glorot=True,
        dropout=True,
    ),
    "glorot_flip": Variant(
        label="Adam, Glorot, mirrored",
        color="amber",
        optimizer="adam",
        glorot=True,
        flip=True,
    ),
    "glorot_shuffled": Variant(
        label="Adam, Glorot, shuffled labels",
        color="grey",
        line=":",
        optimizer="adam",
        glorot=True,
        shuffled=True,
    ),
    # The two projects' recipes.
    "chung": Variant(label="J. Chung's recipe", optimizer="adam", dropout=True),
    "kastner": Variant(label="K. Kastner's recipe", color="green", flip=True),
}
