"""What `neural_turing_machine` compares: the machine and two LSTM networks."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One kind of network.

    Attributes:
        machine: whether it is a Neural Turing Machine; if not, it is an LSTM.
        equal: whether it has as many parameters as the machine, as nearly as whole
            units allow, instead of the units and layers of the configuration.
    """

    machine: bool = False
    equal: bool = False


VARIANTS = {
    "ntm": Variant(label="NTM", machine=True),
    "lstm": Variant(label="LSTM", color="orange", line="--"),
    "lstm_equal": Variant(
        label="LSTM of the NTM's size", color="green", line=":", equal=True
    ),
}
