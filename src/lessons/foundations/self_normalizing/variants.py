"""What `self_normalizing` compares: kinds of deep dense network, and baselines.

Nine kinds stand in the paper or in the critique of it. Two more are controls: the same
normalisations around SELU instead of ReLU.
"""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One kind of hidden layer; the rest of the network is the same.

    Attributes:
        block: key of `model.BLOCKS`, how a hidden layer is built.
        activation: key of `model.ACTIVATIONS`.
        gain: variance of the initial weights times the number of inputs.
    """

    block: str = "plain"
    activation: str = "relu"
    gain: float = 2.0


VARIANTS = {
    "snn": Variant(
        label="SNN (SELU)",
        marker="o",
        block="self_normalizing",
        activation="selu",
        gain=1.0,
    ),
    "relu": Variant(label="ReLU, He init", color="orange", marker="s"),
    "batch_norm": Variant(
        label="batch norm", color="green", marker="^", block="batch_norm"
    ),
    "layer_norm": Variant(
        label="layer norm", color="pink", marker="v", block="layer_norm"
    ),
    "weight_norm": Variant(
        label="weight norm", color="amber", marker="D", block="weight_norm"
    ),
    "highway": Variant(label="highway", color="black", marker="P", block="highway"),
    "residual": Variant(label="residual", color="sky", marker="X", block="residual"),
    "tanh": Variant(
        label="tanh", color="grey", marker="<", activation="tanh", gain=1.0
    ),
    "scaled_tanh": Variant(
        label="scaled tanh",
        color="grey",
        marker=">",
        activation="scaled_tanh",
        gain=1.0,
    ),
    "batch_norm_selu": Variant(
        label="batch norm, SELU",
        color="green",
        marker="v",
        block="batch_norm",
        activation="selu",
        gain=1.0,
    ),
    "layer_norm_selu": Variant(
        label="layer norm, SELU",
        color="pink",
        marker="^",
        block="layer_norm",
        activation="selu",
        gain=1.0,
    ),
}
# The paper's comparison: SNN and its six baselines.
COMPARED = (
    *("snn", "relu", "batch_norm", "layer_norm"),
    *("weight_norm", "highway", "residual"),
)
# Baselines of scikit-learn, for the tables.
CLASSICS = {
    "svm": variants.Variant(label="SVM", color="grey", marker="*"),
    "forest": variants.Variant(label="random forest", color="grey", marker="h"),
}


def depth_group(depth):
    """The group of metrics of the networks with this many hidden layers."""
    return f"depth_{depth}"
