"""What `capsules` compares: CapsNet, also without its decoder, and a plain CNN.

A run trains a CapsNet once per number of iterations of routing: what it trains is
`chosen(config)`.
"""

import dataclasses

from lessons.toolkit import variants

COLORS = ("blue", "sky", "green", "pink", "amber")  # by the place in `iterations`


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One kind of network.

    Attributes:
        routing: whether it has capsules and routes between them.
        decoder: whether it also reconstructs its digits.
        iterations: of routing; 0 where nothing is routed or `chosen` has not said.
    """

    routing: bool = True
    decoder: bool = True
    iterations: int = 0


VARIANTS = {
    "capsnet": Variant(label="CapsNet", marker="o"),
    "capsnet_plain": Variant(
        label="CapsNet without decoder", line="--", marker="s", decoder=False
    ),
    "cnn": Variant(label="CNN", color="orange", routing=False, decoder=False),
}


def chosen(config):
    """The networks that a run trains, by name, in the order of their training.

    Args:
        config: a `Config`; gives `variants` and `iterations`.

    Returns:
        `Variant`s by name: "capsnet_3" is the CapsNet of three iterations.
    """
    networks = {}
    for name in config.variants:
        variant = VARIANTS[name]
        if not variant.routing:
            networks[name] = variant
            continue
        for place, iterations in enumerate(config.iterations):
            networks[f"{name}_{iterations}"] = dataclasses.replace(
                variant,
                label=f"{variant.label}, r = {iterations}",
                color=COLORS[place % len(COLORS)],
                iterations=iterations,
            )
    return networks
