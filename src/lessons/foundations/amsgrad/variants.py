r"""What `amsgrad` compares: instances of the paper's generic adaptive method."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    r"""One instance of the framework: which $\phi_t$ and which $\psi_t$.

    Attributes:
        phi: key of `framework.PHI`, what becomes of the gradients.
        psi: key of `framework.PSI`, what becomes of their squares.
    """

    phi: str
    psi: str


VARIANTS = {
    "sgd": Variant(label="SGD", color="green", line="--", phi="last", psi="identity"),
    "adagrad": Variant(label="AdaGrad", color="sky", line="-.", phi="last", psi="mean"),
    "rmsprop": Variant(
        label="RMSProp", color="amber", line=":", phi="last", psi="exponential"
    ),
    "adam": Variant(label="Adam", color="orange", phi="average", psi="exponential"),
    "adamnc": Variant(
        label="AdamNC", color="pink", line="-.", phi="average", psi="mean"
    ),
    "amsgrad": Variant(label="AMSGrad", color="blue", phi="average", psi="maximum"),
}
