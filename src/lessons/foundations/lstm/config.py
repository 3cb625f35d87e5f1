"""Configurations of the `lstm` lesson."""

import dataclasses

from lessons.foundations.lstm.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run has three parts: a task with a long time lag, for each entry of `variants`
    under the same budget; a language model of characters; FizzBuzz. `epochs` and
    `batch_size` are the language model's.
    """

    # Text
    source: str = setting(
        "pydoc", "pydoc (CPython's own documentation) or the path of a text file"
    )
    num_characters: int | None = setting(
        None, "characters of the text to use; none means all", minimum=1000
    )
    valid_fraction: float = setting(
        0.1, "fraction of the text that is held out, at its end", above=0
    )
    # Language model
    units: tuple[int, ...] = setting((128,), "memory cells of each layer", minimum=1)
    embedding_dim: int | None = setting(
        32, "size of a character's vector; none means one-hot", minimum=1
    )
    peephole: str | None = setting(
        None, "peepholes: gates that look at the cell", choices=("diag", "full")
    )
    forget_bias: float = setting(1.0, "first bias of every forget gate")
    learned_state: bool = setting(
        False, "whether the first state is learned, instead of 0"
    )
    two_biases: bool = setting(
        False, "whether each gate has a second bias, as in Torch"
    )
    dropout: float = setting(
        0.0, "fraction of each layer's outputs dropped", minimum=0, maximum=0.9
    )
    init_scale: float | None = setting(
        None, "uniform weights of this size; none means Glorot and orthogonal", above=0
    )
    # Its training
    window: int = setting(50, "steps of truncated backpropagation", minimum=1)
    batches: str = setting(
        "streams",
        "contiguous streams with carried state, or windows in random order",
        choices=("streams", "windows"),
    )
    optimizer: str = setting(
        "adam", "optimizer of the language model", choices=("adam", "rmsprop")
    )
    learning_rate: float = setting(5e-3, "rate of the optimizer", above=0)
    decay: float = setting(1.0, "factor of the rate in each epoch", above=0, maximum=1)
    decay_after: int = setting(10, "epochs before the rate decays", minimum=0)
    clip: float = setting(5.0, "size that gradients are clipped to", above=0)
    clip_kind: str = setting(
        "global",
        "what is clipped: the norm of all gradients, of each, or each entry",
        choices=("global", "tensor", "value"),
    )
    jit_compile: bool = setting(True, "whether XLA compiles the training")
    # Task with a lag
    lag_task: str = setting(
        "latch", "task with a time lag", choices=("latch", "adding", "reber")
    )
    lag: int = setting(
        60, "steps to remember a symbol for (adding: length)", minimum=12
    )
    variants: tuple[str, ...] = setting(
        ("rnn", "bias_1", "bias_2.5", "bias_5", "chrono"),
        "networks to compare on the task with a lag",
        choices=tuple(VARIANTS),
    )
    lag_units: int = setting(
        32, "memory cells (blocks_1997: two in each block)", minimum=2
    )
    lag_updates: int = setting(250, "training steps on a lag", minimum=1)
    lag_batch: int = setting(64, "sequences per step on a lag", minimum=1)
    lag_rate: float = setting(5e-3, "rate of the optimizer on a lag", above=0)
    # FizzBuzz
    fizzbuzz_units: int = setting(15, "hidden units", minimum=1)
    fizzbuzz_steps: int = setting(30, "numbers in the training sequence", minimum=2)
    fizzbuzz_iterations: int = setting(1200, "at most this many updates", minimum=1)
    fizzbuzz_init: str = setting(
        "normal", "recurrent matrix", choices=("normal", "orthogonal")
    )


_PAPER = Config(
    preset="paper",  # char-rnn, and experiment 4 of 1997
    valid_fraction=0.05,
    units=(128, 128),
    embedding_dim=None,
    init_scale=0.08,
    two_biases=True,
    batch_size=50,
    epochs=50,
    optimizer="rmsprop",
    learning_rate=2e-3,
    decay=0.97,
    clip=5.0,
    clip_kind="value",
    lag_task="adding",
    lag=100,
    variants=("rnn", "bias_1", "chrono", "blocks_1997"),
    lag_units=4,
    lag_updates=10_000,
    fizzbuzz_units=5,
    fizzbuzz_steps=100,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_characters=6000,
        units=(16,),
        embedding_dim=8,
        window=20,
        batch_size=8,
        epochs=2,
        lag=12,
        variants=("rnn", "bias_1"),
        lag_units=8,
        lag_updates=4,
        lag_batch=16,
        fizzbuzz_iterations=400,
        jit_compile=False,
    ),
    # The other kinds of layers, with what `smoke` leaves out.
    "smoke_others": Config(
        preset="smoke_others",
        num_characters=6000,
        units=(16, 8),
        embedding_dim=None,
        peephole="full",
        learned_state=True,
        two_biases=True,
        dropout=0.1,
        init_scale=0.1,
        window=20,
        batches="windows",
        batch_size=8,
        lag=12,
        variants=("chrono", "blocks_1997"),
        lag_units=8,
        lag_updates=4,
        lag_batch=16,
        fizzbuzz_iterations=400,
    ),
    "laptop": Config(preset="laptop", batch_size=32, epochs=4),
    # The task with a lag alone: the text and FizzBuzz are as small as can be.
    "laptop_lag": Config(
        preset="laptop_lag",
        num_characters=2000,
        units=(4,),
        embedding_dim=2,
        window=10,
        batch_size=8,
        fizzbuzz_iterations=1,
    ),
    # The text alone.
    "laptop_text": Config(
        preset="laptop_text",
        batch_size=32,
        epochs=4,
        variants=("bias_5",),
        lag=12,
        lag_updates=10,
        fizzbuzz_iterations=1,
    ),
    "paper": _PAPER,
    "paper_singlish": dataclasses.replace(
        _PAPER,
        preset="paper_singlish",
        units=(100, 100),
        embedding_dim=100,
        peephole="full",
        learned_state=True,
        batches="windows",  # each begins from the learned state
        two_biases=False,
        forget_bias=2.5,
        init_scale=None,
        batch_size=32,
        decay=1.0,
        clip_kind="tensor",
    ),
}
