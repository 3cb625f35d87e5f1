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
        ramps: of light, laid over frames while training: "none", "one" for each frame,
            in all sub-sequences the same, or a "fresh" one wherever a frame occurs.
        twins: whether F2, B2 and E2 show the same motion over another photograph.
        start: first weights, "random" or those of the network trained on "labels".
    """

    inputs: str = "pairs"
    distance: str = "cosine"
    middles: str = "own"
    ramps: str = "none"
    twins: bool = False
    start: str = "random"


VARIANTS = {
    "pairs": Variant(label="pairs"),
    "frames": Variant(label="single frames", color="orange", inputs="frames"),
    "squared": Variant(label="squared distance", color="green", distance="squared"),
    # Controls: what can be learned without a motion that is composed.
    "foreign": Variant(
        label="foreign middles", color="pink", line="--", middles="foreign"
    ),
    "black": Variant(label="black middles", color="grey", line=":", middles="black"),
    # Interventions: two ways to one goal no longer share the images of their ends.
    "ramps": Variant(label="one ramp a frame", color="sky", line="--", ramps="one"),
    "fresh": Variant(label="fresh ramps", color="amber", ramps="fresh"),
    "twins": Variant(label="twin films", color="green", twins=True),
    # Another beginning: a network that knows the motion already.
    "told": Variant(label="begun with labels", color="pink", start="labels"),
    "told_twins": Variant(
        label="twins, begun with labels",
        color="green",
        line="--",
        twins=True,
        start="labels",
    ),
}
