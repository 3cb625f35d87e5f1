"""What `mask_rnn` compares, as data: inputs of the network, and how it goes on."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network, and how it was trained.

    Attributes:
        mask: whether the previous mask is an input of the streams.
        flow: magnitudes that the flow stream sees: of the "own" video, of a "foreign"
            one (a control), or "none": there is no flow stream.
        start: name of the variant whose trained weights it begins with, or "".
        further: what it is trained on then: "static" frames with perturbed true masks,
            the same frames with "warped" true masks of the frames before, or "clips",
            on which the network sees its own masks.
        truncate: steps after which the gradient is cut; 0 for none within a clip.
    """

    mask: bool = True
    flow: str = "own"
    start: str = ""
    further: str = "none"
    truncate: int = 0


VARIANTS = {
    "rgb": Variant(
        label="RGB only", color="grey", line=":", marker="x", mask=False, flow="none"
    ),
    "mask": Variant(
        label="RGB and mask", color="amber", line="--", marker="s", flow="none"
    ),
    "full": Variant(label="two streams", color="sky", marker="o"),
    "foreign": Variant(
        label="two streams, foreign flow",
        color="pink",
        line=":",
        marker="v",
        flow="foreign",
    ),
    # All of these go on from "full", by as many steps of as many frames.
    "static": Variant(
        label="then static frames",
        color="orange",
        line="--",
        marker="^",
        start="full",
        further="static",
    ),
    "detached": Variant(
        label="then clips, cut at each step",
        color="green",
        line="--",
        marker="D",
        start="full",
        further="clips",
        truncate=1,
    ),
    "bptt": Variant(
        label="then clips, through time",
        color="blue",
        marker="o",
        start="full",
        further="clips",
    ),
    # Real ghosts of one step, but never a mask of its own.
    "warped": Variant(
        label="then warped true masks",
        color="green",
        line=":",
        marker="x",
        start="full",
        further="warped",
    ),
    # Is it flow that helps after clips, or a second stream?
    "foreign_bptt": Variant(
        label="foreign flow, then clips",
        color="pink",
        marker="P",
        flow="foreign",
        start="foreign",
        further="clips",
    ),
    # The same without a flow stream: does the recurrence need it?
    "mask_bptt": Variant(
        label="RGB and mask, then clips",
        color="black",
        line="--",
        marker="P",
        flow="none",
        start="mask",
        further="clips",
    ),
}
