"""What `stimulated_learning` compares, as data."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to train.

    Attributes:
        stimulus: coefficient η of the divergence from the targets.
        adjacency: coefficient of the roughness.
        direction: of the divergence, see `theory.DIRECTIONS`.
        surface: how activations count, see `model.SURFACES`; None takes the
            configuration's.
        layers: which hidden layers the regularisers see, "all" or "last".
        centres: places of the classes; None takes the configuration's.
        shuffled: whether each example is stimulated as a random other one would be.
    """

    stimulus: float = 0.0
    adjacency: float = 0.0
    direction: str = "forward"
    surface: str | None = None
    layers: str = "all"
    centres: str | None = None
    shuffled: bool = False


VARIANTS = {
    "plain": Variant(label="plain (η = 0)", color="grey"),
    "weak": Variant(label="η = 0.05", color="sky", line=":", stimulus=0.05),
    "moderate": Variant(label="η = 0.2", color="sky", line="--", stimulus=0.2),
    "stimulated": Variant(label="stimulated (η = 0.5)", stimulus=0.5),
    "strong": Variant(label="η = 5", color="pink", line="--", stimulus=5.0),
    "stronger": Variant(label="η = 20", color="pink", stimulus=20.0),
    "adjacency": Variant(label="adjacency (0.1)", color="orange", adjacency=0.1),
    "adjacency_weak": Variant(
        label="adjacency (0.02)", color="orange", line=":", adjacency=0.02
    ),
    "shuffled": Variant(
        label="shuffled stimuli", color="black", stimulus=0.5, shuffled=True
    ),
    # Other forms of the regulariser.
    "reverse": Variant(
        label="KL(q‖T)", color="green", stimulus=0.5, direction="reverse"
    ),
    "symmetric": Variant(
        label="symmetric", color="green", line="--", stimulus=0.5, direction="symmetric"
    ),
    "raw": Variant(label="raw surface", color="amber", stimulus=0.5, surface="raw"),
    "last_layer": Variant(
        label="last layer only", color="amber", line="--", stimulus=0.5, layers="last"
    ),
    "circle": Variant(
        label="centres on a circle", color="sky", stimulus=0.5, centres="circle"
    ),
    "random": Variant(
        label="random centres", color="sky", line="-.", stimulus=0.5, centres="random"
    ),
    "both": Variant(
        label="stimulus and adjacency",
        color="green",
        line=":",
        stimulus=0.5,
        adjacency=0.1,
    ),
}
