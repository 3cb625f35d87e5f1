"""Configurations of the `lstm` lesson."""

import dataclasses

from lessons.toolkit.config import RunConfig, setting

LAG_CELLS = ("rnn", "bias_1", "bias_2.5", "bias_5", "chrono", "blocks_1997")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """What a run of the lesson can be told.

    A run has three parts: a task with a long time lag, for each cell of `lag_cells`
    under the same budget; a language model of characters; FizzBuzz. `epochs` and
    `batch_size` are the language model's.
    """

    # Text
    source: str = setting(
        "pydoc", "pydoc (CPython's own documentation) or the path of a text file"
    )
    num_characters: int | None = setting(
        None, "characters of the text to use; none means all", least=1000
    )
    valid_share: float = setting(0.1, "last part of the text, held out", above=0)
    # Language model
    units: tuple[int, ...] = setting((128,), "cells of each layer", least=1)
    embedding_dim: int | None = setting(
        32, "size of a character's vector; none means one-hot", least=1
    )
    peephole: str | None = setting(
        None, "gates that look at the cell", choices=("diag", "full")
    )
    forget_bias: float = setting(1.0, "of every forget gate, at the start")
    learned_state: bool = setting(False, "first state learned, instead of 0")
    two_biases: bool = setting(False, "a second, redundant bias per gate, as in Torch")
    dropout: float = setting(0.0, "of each layer's output", least=0, most=0.9)
    init_scale: float | None = setting(
        None, "uniform weights of this size; none means Glorot and orthogonal", above=0
    )
    # Its training
    window: int = setting(50, "steps of truncated backpropagation", least=1)
    batches: str = setting(
        "streams",
        "contiguous streams with carried state, or windows in random order",
        choices=("streams", "windows"),
    )
    optimizer: str = setting("adam", "method", choices=("adam", "rmsprop"))
    learning_rate: float = setting(5e-3, "step size", above=0)
    decay: float = setting(1.0, "of the rate, per epoch", above=0, most=1)
    decay_after: int = setting(10, "epochs before the rate decays", least=0)
    clip: float = setting(5.0, "gradients are clipped to this", above=0)
    clip_kind: str = setting(
        "global",
        "what is clipped: the norm of all gradients, of each, or each entry",
        choices=("global", "tensor", "value"),
    )
    jit_compile: bool = setting(True, "compile training with XLA")
    # Task with a lag
    lag_task: str = setting(
        "latch", "what to remember", choices=("latch", "adding", "reber")
    )
    lag: int = setting(60, "steps to remember it for (adding: length)", least=12)
    lag_cells: tuple[str, ...] = setting(
        ("rnn", "bias_1", "bias_2.5", "bias_5", "chrono"),
        "networks to compare",
        choices=LAG_CELLS,
    )
    lag_units: int = setting(32, "cells (blocks_1997: two in each block)", least=2)
    lag_updates: int = setting(250, "training steps", least=1)
    lag_batch: int = setting(64, "sequences per step", least=1)
    lag_rate: float = setting(5e-3, "step size", above=0)
    # FizzBuzz
    fizzbuzz_units: int = setting(15, "hidden units", least=1)
    fizzbuzz_steps: int = setting(30, "numbers in the training sequence", least=2)
    fizzbuzz_iterations: int = setting(1200, "at most this many updates", least=1)
    fizzbuzz_init: str = setting(
        "normal", "recurrent matrix", choices=("normal", "orthogonal")
    )


_PAPER = Config(
    preset="paper",  # char-rnn, and experiment 4 of 1997
    valid_share=0.05,
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
    lag_cells=("rnn", "bias_1", "chrono", "blocks_1997"),
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
        lag_cells=("rnn", "bias_1"),
        lag_units=8,
        lag_updates=4,
        lag_batch=16,
        fizzbuzz_iterations=400,
        jit_compile=False,
    ),
    "laptop": Config(preset="laptop", batch_size=32, epochs=4),
    "paper": _PAPER,
    "paper_singlish": dataclasses.replace(
        _PAPER,
        preset="paper_singlish",
        units=(100, 100),
        embedding_dim=100,
        peephole="full",
        learned_state=True,
        two_biases=False,
        forget_bias=2.5,
        init_scale=None,
        batch_size=32,
        decay=1.0,
        clip_kind="tensor",
    ),
}
