"""What `image_motion` compares, as data: inputs of the network, distances, controls."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to learn motions from clips.

    Attributes:
        inputs: what the convolutions see, "pairs" of frames or single "frames".
        distance: of embeddings, a key of `theory.DISTANCES`.
        middles: what stands between the end frames while training: the clip's "own"
            frames, "foreign" ones of another clip, or "black" ones.
    """

    inputs: str = "pairs"
    distance: str = "cosine"
    middles: str = "own"


VARIANTS = {
    "pairs": Variant(label="pairs"),
    "frames": Variant(label="single frames", color="orange", inputs="frames"),
    "squared": Variant(label="squared distance", color="green", distance="squared"),
    # Controls: what can be learned without a motion that is composed.
    "foreign": Variant(
        label="foreign middles", color="pink", line="--", middles="foreign"
    ),
    "black": Variant(label="black middles", color="grey", line=":", middles="black"),
}
