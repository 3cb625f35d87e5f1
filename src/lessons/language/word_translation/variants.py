"""What `word_translation` compares, as data: how hard W is held near O(d)."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    r"""One way to keep the mapping near the orthogonal matrices.

    Attributes:
        beta: $\beta$ of the orthogonality step after each update of W. At 1/2 it is
            a Newton-Schulz step towards the nearest orthogonal matrix.
        project: whether W goes all the way to that matrix after each update instead.
    """

    beta: float = 0.05
    project: bool = False


VARIANTS = {
    "adversarial": Variant(label="adversarial", color="blue"),
    "free": Variant(label="no step, β = 0", color="orange", beta=0.0),
    "weak": Variant(label="β = 0.01", color="sky", beta=0.01),
    "hard": Variant(label="projected each time", color="green", project=True),
    # What the paper states, and what its released code does.
    "paper": Variant(label="adversarial, β = 0.01", color="pink", beta=0.01),
    "code": Variant(label="adversarial, β = 0.001", color="amber", beta=0.001),
}
