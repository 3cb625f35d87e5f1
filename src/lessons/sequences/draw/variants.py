"""What `draw` compares, as data: how the network looks, writes, and learns classes."""

import dataclasses

from lessons.toolkit import variants

READERS = ("attention", "frozen", "none")
EVIDENCE = ("glimpse", "state")
NETWORKS = ("draw", "glimpses", "convnet")
LABELS = ("said", "true", "mixed")
TARGETS = ("last", "every", "shuffled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network, and what it is trained for.

    Attributes:
        network: "draw", or a classifier: "glimpses", which only reads, or "convnet".
        reader: a window that the decoder moves; one that never moves from its first
            place; or the whole image, read and written.
        evidence: what the class canvas reads beside the code: the glimpse, or the
            encoder's state.
        labels: what enters the decoder in training: the class distribution said so
            far, the true label, or the true one for half of the examples.
        target: cross-entropy at the last step, the mean over every step, or at the
            last step with shuffled labels.
        prior: "sequential", or "fixed" at N(0, I).
        hidden: whether heads have a hidden layer.
        generative: factor of the bound in the loss.
        classified: factor of the cross-entropy, times the configuration's.
        steps: T; None takes the configuration's.
        parts: whether the two parts of the class canvas, and what is drawn of test
            images, are judged by themselves as well.
    """

    network: str = "draw"
    reader: str = "attention"
    evidence: str = "glimpse"
    labels: str = "said"
    target: str = "last"
    prior: str = "sequential"
    hidden: bool = True
    generative: float = 1.0
    classified: float = 1.0
    steps: int | None = None
    parts: bool = False


VARIANTS = {
    "attention": Variant(label="attention", color="blue"),
    "none": Variant(label="no attention", color="orange", reader="none"),
    "short": Variant(label="attention, T = 3", color="sky", steps=3),
    # Is it the window, or that a linear canvas needs an aligned patch?
    "attention_state": Variant(
        label="attention, canvas of state", color="green", evidence="state"
    ),
    "none_state": Variant(
        label="none, canvas of state", color="amber", reader="none", evidence="state"
    ),
    "frozen": Variant(label="frozen look", color="black", reader="frozen", parts=True),
    "none_parts": Variant(
        label="no attention", color="orange", reader="none", parts=True
    ),
    # The other parts of the recipe, one by one.
    "fixed": Variant(label="fixed prior", color="pink", prior="fixed", parts=True),
    "linear": Variant(label="linear heads", color="sky", line="--", hidden=False),
    "every": Variant(
        label="classes at every step", color="green", target="every", parts=True
    ),
    "class_only": Variant(label="classes only", color="black", generative=0.0),
    "image_only": Variant(label="images only", color="grey", classified=0.0),
    "shuffled": Variant(label="shuffled labels", color="grey", target="shuffled"),
    # What enters the decoder.
    "true_label": Variant(label="true label", color="orange", labels="true"),
    "mixed_label": Variant(label="true for half", color="green", labels="mixed"),
    # Classifiers without a canvas.
    "convnet": Variant(label="convnet", color="pink", network="convnet"),
    "glimpses": Variant(label="reads only", color="sky", network="glimpses"),
    # DRAW as published: no labels, linear heads, a fixed prior.
    "paper_attention": Variant(label="DRAW", color="blue", prior="fixed", hidden=False),
    "paper_none": Variant(
        label="DRAW, no attention",
        color="orange",
        reader="none",
        prior="fixed",
        hidden=False,
    ),
}
