"""What `hierarchical_vae` compares: the chain, each time with one change."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One change to the same chain.

    Attributes:
        posterior: as for `model.HierarchicalCVAE`.
        is_single: whether only the layer next to the pixels is there.
        is_top_only: whether the prior of the top layer alone sees the border, whatever
            the configuration says.
        has_warm_up: whether the KL terms get their weight little by little.
        has_free_bits: whether a layer has some KL for free.
    """

    posterior: str = "bottom_up"
    is_single: bool = False
    is_top_only: bool = False
    has_warm_up: bool = False
    has_free_bits: bool = False

    @property
    def is_chain(self):
        """Whether it has several layers of noise."""
        return self.posterior != "none" and not self.is_single


VARIANTS = {
    "deterministic": Variant(label="deterministic", color="black", posterior="none"),
    "single": Variant(label="one layer", color="sky", is_single=True),
    "plain": Variant(label="chain, plain"),
    "warm_up": Variant(label="chain, KL warm-up", color="orange", has_warm_up=True),
    "free_bits": Variant(label="chain, free bits", color="green", has_free_bits=True),
    "ladder": Variant(label="ladder", color="pink", posterior="ladder"),
    "top": Variant(label="context at the top only", color="amber", is_top_only=True),
}
