"""What `tensorized_lstm` compares, as data: tensors, stacks, and what they lack."""

import dataclasses

from lessons.toolkit import variants

KINDS = ("lstm", "rnn")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One network.

    Attributes:
        kind: "lstm" or "rnn".
        stacked: whether it is a stack of layers and not a tensor.
        shared: whether the layers of a stack have one kernel.
        size: P, or layers of a stack; 0 for the configuration's `size`.
        factor: M is the configuration's `units` times this.
        like: a variant whose number of parameters is not to be exceeded: M is the
            greatest number for which it is not. "" leaves M to `factor`.
        kernel_size: K; 0 for the configuration's.
        order: 2 for locations in a row, 3 for a square of them.
        memory: whether memory is convolved.
        normalise: "none", "layer" or "channel".
        centre_bias: of the memory kernel's centre at the start.
        delay: of the output in steps; None for L - 1.
    """

    kind: str = "lstm"
    stacked: bool = False
    shared: bool = True
    size: int = 0
    factor: float = 1.0
    like: str = ""
    kernel_size: int = 0
    order: int = 2
    memory: bool = True
    normalise: str = "none"
    centre_bias: float = 0.0
    delay: int | None = None


def _stack(label, **fields):
    return Variant(label=label, color="orange", stacked=True, **fields)


def _square(label, **fields):
    return Variant(label=label, color="green", order=3, **fields)


VARIANTS = {
    # The paper's family.
    "tlstm": Variant(label="tLSTM", color="blue"),
    "no_memory": Variant(label="tLSTM -M", color="sky", memory=False),
    "no_feedback": Variant(label="tLSTM -F", color="pink", kernel_size=2),
    "no_feedback_wide": Variant(
        label="tLSTM -F, as many numbers",
        color="pink",
        line="--",
        kernel_size=2,
        like="tlstm",
    ),
    "still": Variant(
        label="tLSTM -F -M, as many numbers",
        color="sky",
        line="--",
        kernel_size=2,
        like="tlstm",
        memory=False,
    ),
    "square": _square("3D"),
    "square_equal": _square("3D, as many numbers", line="--", like="tlstm"),
    "square_layer": _square("3D +LN", line=":", normalise="layer"),
    "square_channel": _square("3D +CN", line="-.", normalise="channel"),
    "layer": Variant(label="tLSTM +LN", color="amber", normalise="layer"),
    "channel": Variant(
        label="tLSTM +CN", color="amber", line="--", normalise="channel"
    ),
    "trnn": Variant(label="tRNN", color="grey", kind="rnn"),
    # What it grew from.
    "lstm": Variant(label="one location", color="black", size=1),
    "slstm": _stack("sLSTM, one kernel"),
    "slstm_equal": _stack("sLSTM, as many numbers", line="-.", like="tlstm"),
    "slstm_own": _stack("sLSTM, own kernels", line="--", shared=False, like="tlstm"),
    "srnn": _stack("sRNN, one kernel", line=":", kind="rnn"),
    # What else could explain it.
    "shallow": Variant(label="two locations", color="grey", line="--", size=2),
    "delayed": Variant(
        label="one location, delay 3", color="black", line=":", size=1, delay=3
    ),
    "live": Variant(
        label="one location, as many that matter",
        color="black",
        line="-.",
        size=1,
        like="tlstm",
        kernel_size=2,
        memory=False,
    ),
    "wide": Variant(
        label="one location, twice the channels",
        color="black",
        line="--",
        size=1,
        factor=2.0,
        kernel_size=2,
        memory=False,
    ),
    "same_cells": Variant(
        label="one location, as many cells",
        color="pink",
        line=":",
        size=1,
        factor=4.0,
        kernel_size=2,
        memory=False,
    ),
    "narrow": Variant(label="half the channels", color="blue", line=":", factor=0.5),
    "centred": Variant(
        label="tLSTM, memory stays at first", color="blue", line="--", centre_bias=2.0
    ),
}
