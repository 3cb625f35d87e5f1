"""What `neural_stack` compares: three structures, no memory, and LSTM networks."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One kind of network.

    Attributes:
        structure: "stack", "queue" or "deque", or None for a network without.
        lstm_layers: layers of an LSTM network; 0 takes the configuration's controller.
    """

    structure: str | None = None
    lstm_layers: int = 0


VARIANTS = {
    "stack": Variant(label="stack", structure="stack"),
    "queue": Variant(label="queue", color="orange", line="--", structure="queue"),
    "deque": Variant(label="deque", color="green", line="-.", structure="deque"),
    # The same controller that reads nothing: what a structure must beat.
    "none": Variant(label="no memory", color="black", line=":"),
    "lstm": Variant(label="LSTM, 1 layer", color="pink", lstm_layers=1),
    "lstm_2": Variant(label="LSTM, 2 layers", color="pink", line="--", lstm_layers=2),
    "lstm_4": Variant(label="LSTM, 4 layers", color="amber", lstm_layers=4),
    "lstm_8": Variant(label="LSTM, 8 layers", color="sky", lstm_layers=8),
}
