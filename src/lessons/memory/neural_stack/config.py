"""Configurations of the `neural_stack` lesson."""

import dataclasses

from lessons.memory.neural_stack.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

TASKS = ("copy", "reversal", "flip", "svo_sov", "gender")
GRAMMARS = TASKS[3:]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run trains one network per entry of `variants` on the same sequences and judges
    each at every length of `test_lengths`. An epoch is `updates_per_epoch` updates on
    fresh sequences.
    """

    # Task
    task: str = setting("reversal", "task to learn", choices=TASKS)
    symbols: int = setting(6, "symbols of copy, reversal and flip", minimum=2)
    words: int = setting(10, "words of each kind of a grammar", minimum=1)
    train_lengths: tuple[int, ...] = setting(
        (2, 4, 6), "lengths of the training sequences (not of a grammar)", minimum=1
    )
    test_lengths: tuple[int, ...] = setting(
        (2, 4, 6, 8, 12, 18), "lengths of the test sequences", minimum=1
    )
    num_test: int = setting(200, "test sequences of each length", minimum=1)
    feed: str = setting(
        "blank",
        "input while the answer is given: a blank, or the symbol wanted before",
        choices=("blank", "previous"),
    )
    markers: bool = setting(False, "whether start and end of a sequence are marked")
    # The network
    controller: str = setting(
        "rnn", "kind of controller", choices=("feedforward", "rnn", "lstm")
    )
    units: int = setting(32, "width of the controller", minimum=1)
    width: int = setting(8, "width of the values, m", minimum=1)
    embedding: int = setting(
        0, "width of the embedding of the inputs; 0 shows them one-hot", minimum=0
    )
    output_layer: bool = setting(
        False, "whether o = tanh(W h + b) stands before the softmax, as in the paper"
    )
    pop_bias: float = setting(-1.0, "bias that pop strengths start with, before σ")
    # What it is compared with
    variants: tuple[str, ...] = setting(
        ("stack", "queue", "deque", "none", "lstm"),
        "networks to train and compare",
        choices=tuple(VARIANTS),
    )
    lstm_units: int = setting(64, "width of each LSTM layer", minimum=1)
    # Training
    optimizer: str = setting(
        "adam", "method of optimization", choices=("adam", "rmsprop")
    )
    learning_rate: float = setting(1e-2, "rate of the optimizer", above=0)
    clip_norm: float = setting(1.0, "bound of the gradient's norm", above=0)
    updates_per_epoch: int = setting(50, "updates in an epoch", minimum=1)
    learned_below: float = setting(
        0.01, "mean loss of an epoch (nats per symbol) that counts as learned", above=0
    )
    stop: bool = setting(True, "whether training ends when the task is learned")
    compiled: bool = setting(True, "whether XLA compiles the step (jit_compile)")

    def __post_init__(self):
        super().__post_init__()
        for name in ("train_lengths", "test_lengths"):
            if not getattr(self, name):
                raise UserError(f"{name} must name at least one length, got none.")
        odd = [n for n in (*self.train_lengths, *self.test_lengths) if n % 2]
        if self.task == "flip" and odd:
            raise UserError(f"the task flip needs even lengths, got {odd[0]}.")
        if self.task in GRAMMARS and len(self.test_lengths) != 1:
            raise UserError(
                f"the task {self.task} draws its own lengths: test_lengths must name "
                f"one length, got {len(self.test_lengths)}."
            )
        if self.task in GRAMMARS and not self.markers:
            raise UserError(
                f"the task {self.task} needs the end of a sentence: markers must be "
                "true, got false."
            )


_LAPTOP = Config(preset="laptop", batch_size=32, epochs=20)  # up to 1,000 updates
_PAPER = Config(
    preset="paper",
    symbols=128,
    train_lengths=tuple(range(8, 65)),
    test_lengths=(65, 80, 96, 112, 128),
    num_test=100,
    feed="previous",
    markers=True,
    controller="lstm",
    units=256,
    width=256,
    embedding=64,
    output_layer=True,
    variants=("stack", "queue", "deque", "lstm", "lstm_2", "lstm_4", "lstm_8"),
    lstm_units=256,
    optimizer="rmsprop",
    learning_rate=1e-4,
    batch_size=10,
    epochs=100,
    updates_per_epoch=1000,
    stop=False,
)


def _of_paper(name, **changes):
    return dataclasses.replace(_PAPER, preset=name, **changes)


_SENTENCES = {"train_lengths": (1,), "test_lengths": (1,), "num_test": 500}

PRESETS = {
    "smoke": Config(
        preset="smoke",
        symbols=3,
        train_lengths=(1, 2),
        test_lengths=(2, 3),
        num_test=6,
        units=5,
        width=3,
        variants=("stack", "deque", "lstm"),
        lstm_units=4,
        batch_size=4,
        epochs=2,
        updates_per_epoch=2,
        compiled=False,
    ),
    "laptop": _LAPTOP,
    "laptop_copy": dataclasses.replace(
        _LAPTOP,
        preset="laptop_copy",
        task="copy",
        variants=("stack", "queue", "none"),
    ),
    # The stack alone.
    "laptop_stack": dataclasses.replace(
        _LAPTOP, preset="laptop_stack", variants=("stack",)
    ),
    # A pop bias of 0: each step takes away what the step before has pushed.
    "laptop_bias": dataclasses.replace(
        _LAPTOP, preset="laptop_bias", pop_bias=0.0, variants=("stack",)
    ),
    # Training goes on after the task is learned.
    "laptop_longer": dataclasses.replace(
        _LAPTOP, preset="laptop_longer", stop=False, epochs=24, variants=("stack",)
    ),
    # More updates for the LSTM, and deeper ones.
    "laptop_lstm": dataclasses.replace(
        _LAPTOP, preset="laptop_lstm", epochs=60, variants=("lstm",)
    ),
    "laptop_deep": dataclasses.replace(
        _LAPTOP, preset="laptop_deep", variants=("lstm_2", "lstm_4", "lstm_8")
    ),
    "paper": _PAPER,
    "paper_512": _of_paper(
        "paper_512", units=512, lstm_units=512, variants=("stack", "lstm")
    ),
    "paper_copy": _of_paper("paper_copy", task="copy", variants=("queue",)),
    "paper_flip": _of_paper(
        "paper_flip",
        task="flip",
        train_lengths=tuple(range(8, 65, 2)),
        test_lengths=(66, 80, 96, 112, 128),
        variants=("stack", "lstm"),
    ),
    "paper_svo_sov": _of_paper(
        "paper_svo_sov", task="svo_sov", variants=("stack",), **_SENTENCES
    ),
    "paper_gender": _of_paper(
        "paper_gender", task="gender", variants=("queue",), **_SENTENCES
    ),
}
