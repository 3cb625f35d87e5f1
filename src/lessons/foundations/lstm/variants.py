"""What `lstm` compares on a long time lag: recurrent layers and their first biases."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One recurrent layer.

    Attributes:
        core: "rnn" (plain), "lstm" or "blocks_1997" (two cells in each block).
        forget_bias: of the forget gates at the start (core="lstm").
        chrono: whether biases are drawn for the lag to be bridged (core="lstm").
    """

    core: str = "lstm"
    forget_bias: float = 1.0
    chrono: bool = False
    marker: str = "o"


VARIANTS = {
    "rnn": Variant(label="plain RNN", color="orange", core="rnn"),
    "bias_1": Variant(label="LSTM, forget bias 1", color="amber"),
    "bias_2.5": Variant(label="LSTM, forget bias 2.5", color="sky", forget_bias=2.5),
    "bias_5": Variant(label="LSTM, forget bias 5", color="blue", forget_bias=5.0),
    "chrono": Variant(label="LSTM, chrono biases", color="green", chrono=True),
    "blocks_1997": Variant(label="blocks of 1997", color="pink", core="blocks_1997"),
}
