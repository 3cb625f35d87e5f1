"""What `ambient_gan` compares: strategies for data that are measurements only."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One strategy.

    Attributes:
        data: what it is trained on: "images" (not available in truth),
            "measurements", or "estimates" of images from measurements.
        measures: whether samples are measured before the critic sees them.
    """

    data: str
    measures: bool = False


VARIANTS = {
    "full": Variant(label="full data", color="black", marker="o", data="images"),
    "ambient": Variant(label="ambient", marker="s", data="measurements", measures=True),
    "unmeasure": Variant(
        label="unmeasure", color="green", marker="^", data="estimates"
    ),
    "ignore": Variant(label="ignore", color="orange", marker="D", data="measurements"),
}
