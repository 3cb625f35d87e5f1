"""Configurations of the `neural_turing_machine` lesson."""

import dataclasses

from lessons.memory.neural_turing_machine.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting

TASKS = ("copy", "repeat_copy", "associative_recall", "ngrams", "priority_sort")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run trains one model per entry of `variants` on the same sequences for the same
    number of updates, and judges each on sequences of every length in `test_lengths`.
    An epoch is `updates_per_epoch` updates on fresh sequences.
    """

    # Task
    task: str = setting("copy", "task to learn", choices=TASKS)
    bits: int = setting(4, "width of the vectors", minimum=1)
    min_length: int = setting(1, "least length in training", minimum=1)
    max_length: int = setting(
        5, "greatest length: vectors, items (recall) or bits (ngrams)", minimum=1
    )
    max_repeats: int = setting(
        10, "most repeats in training, an even number (repeat_copy)", minimum=2
    )
    item_vectors: int = setting(3, "vectors of an item (associative_recall)", minimum=1)
    context: int = setting(5, "bits of a context (ngrams)", minimum=1, maximum=12)
    answers: int = setting(16, "vectors to give back (priority_sort)", minimum=1)
    test_lengths: tuple[int, ...] = setting(
        tuple(range(1, 17)), "lengths of the test sequences", minimum=1
    )
    num_test: int = setting(100, "test sequences of each length", minimum=1)
    # The machine
    controller: str = setting(
        "feedforward", "kind of controller", choices=("feedforward", "lstm")
    )
    units: int = setting(48, "width of the controller", minimum=1)
    num_slots: int = setting(16, "slots of the memory, N", minimum=1)
    width: int = setting(8, "width of a slot, M", minimum=1)
    num_read: int = setting(1, "number of read heads", minimum=1)
    num_write: int = setting(1, "number of write heads", minimum=1)
    reach: int = setting(1, "largest shift of a head", minimum=0)
    # Its stability
    memory_start: str = setting(
        "constant", "memory at the start", choices=("constant", "random", "learned")
    )
    weight_start: str = setting(
        "learned",
        "weightings at the start: learned, all at slot 0, or equal",
        choices=("learned", "first", "uniform"),
    )
    learned_read: bool = setting(True, "whether the first read vector is learned")
    start_spread: float = setting(
        3.0, "deviation of the logits that learned weightings start with", above=0
    )
    positive: str = setting(
        "softplus", "what makes beta and gamma positive", choices=("softplus", "exp")
    )
    sharpening: str = setting(
        "log", "sharpening by logarithms or by powers", choices=("log", "power")
    )
    limit: float | None = setting(
        20.0, "bound of the head parameters; none for no bound", above=0
    )
    clip_norm: float | None = setting(
        1.0, "bound of the gradient's norm; none for no bound", above=0
    )
    clip_value: float | None = setting(
        None, "bound of each entry of the gradient; none for no bound", above=0
    )
    curriculum_updates: int = setting(
        0, "updates until all lengths are used; 0 uses them from the start", minimum=0
    )
    # What it is compared with
    variants: tuple[str, ...] = setting(
        tuple(VARIANTS), "models to train and compare", choices=tuple(VARIANTS)
    )
    lstm_units: int = setting(100, "units of an LSTM layer", minimum=1)
    lstm_layers: int = setting(1, "layers of the LSTM", minimum=1)
    # Training
    optimizer: str = setting(
        "adam", "method of optimization", choices=("adam", "rmsprop")
    )
    learning_rate: float = setting(5e-3, "rate of the optimizer", above=0)
    updates_per_epoch: int = setting(50, "updates in an epoch", minimum=1)
    learned_below: float = setting(
        0.004, "an epoch's mean loss (nats per bit) that counts as learned", above=0
    )
    stop: bool = setting(False, "whether training ends when the task is learned")
    compiled: bool = setting(True, "whether XLA compiles the step (jit_compile)")


_PAPER = Config(
    preset="paper",
    bits=8,
    max_length=20,
    test_lengths=(10, 20, 30, 50, 120),
    units=100,
    num_slots=128,
    width=20,
    variants=("ntm", "lstm"),
    lstm_units=256,
    lstm_layers=3,
    optimizer="rmsprop",
    learning_rate=1e-4,
    clip_norm=None,
    clip_value=10.0,
    batch_size=1,
    epochs=1000,  # a million sequences
    updates_per_epoch=1000,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        bits=2,
        max_length=2,
        test_lengths=(2, 3),
        num_test=8,
        units=6,
        num_slots=6,
        width=3,
        lstm_units=5,
        batch_size=4,
        epochs=2,
        updates_per_epoch=2,
        compiled=False,
    ),
    "laptop": Config(
        preset="laptop",
        batch_size=32,
        epochs=20,  # 1,000 updates
    ),
    # Two other tasks, as small as they can be and still ask to count and to look up.
    "laptop_repeat": Config(
        preset="laptop_repeat",
        task="repeat_copy",
        max_length=3,
        max_repeats=4,
        test_lengths=(1, 2, 3, 4, 5),
        controller="lstm",
        units=64,
        variants=("ntm", "lstm"),
        batch_size=32,
        epochs=50,  # 2,500 updates
    ),
    "laptop_recall": Config(
        preset="laptop_recall",
        task="associative_recall",
        bits=6,
        item_vectors=1,
        min_length=2,
        max_length=3,
        test_lengths=(2, 3, 4, 5),
        controller="lstm",
        units=64,
        variants=("ntm", "lstm"),
        batch_size=32,
        epochs=60,  # 3,000 updates
    ),
    "paper": _PAPER,
    # The networks of the table, each LSTM once: it is the same beside every machine.
    "paper_lstm": dataclasses.replace(
        _PAPER, preset="paper_lstm", controller="lstm", variants=("ntm",)
    ),
    # Collier & Beel 2018, who made copy train every time.
    "paper_collier": dataclasses.replace(
        _PAPER,
        preset="paper_collier",
        controller="lstm",
        variants=("ntm",),
        optimizer="adam",
        learning_rate=1e-3,
        clip_norm=50.0,
        clip_value=None,
        batch_size=32,
        epochs=125,
        updates_per_epoch=250,
    ),
    "paper_repeat_copy": dataclasses.replace(
        _PAPER,
        preset="paper_repeat_copy",
        task="repeat_copy",
        bits=6,
        max_length=10,
        test_lengths=(10, 20),
        lstm_units=512,
    ),
    "paper_recall": dataclasses.replace(
        _PAPER,
        preset="paper_recall",
        task="associative_recall",
        bits=6,
        min_length=2,
        max_length=6,
        test_lengths=(6, 8, 10, 12, 15, 20),
        units=256,
        num_read=4,
        num_write=4,
    ),
    "paper_ngrams": dataclasses.replace(
        _PAPER,
        preset="paper_ngrams",
        task="ngrams",
        bits=1,
        min_length=200,
        max_length=200,
        test_lengths=(200,),
        learning_rate=3e-5,
        lstm_units=128,
    ),
    "paper_sort": dataclasses.replace(
        _PAPER,
        preset="paper_sort",
        task="priority_sort",
        min_length=20,
        max_length=20,
        test_lengths=(20,),
        units=512,
        num_read=8,
        num_write=8,
        learning_rate=3e-5,
        lstm_units=128,
    ),
}
