"""Configurations of the `tensorized_lstm` lesson."""

import dataclasses

from lessons.sequences.tensorized_lstm.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

TASKS = ("memorisation", "addition", "pixels", "text")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run.

    A run trains one network per entry of `variants` on the same sequences for the same
    number of updates, and times networks of every depth in `depths`. An epoch is
    `updates_per_epoch` updates.
    """

    task: str = setting("memorisation", "task to learn", choices=TASKS)
    length: int = setting(
        6,
        "symbols to keep, digits of a number, or steps of a window of text",
        minimum=1,
    )
    num_symbols: int = setting(6, "different symbols (memorisation)", minimum=2)
    source: str = setting(
        "digits", "images (pixels)", choices=("digits", "glyphs", "mnist")
    )
    permuted: bool = setting(False, "whether pixels come in a fixed other order")
    permute_seed: int = setting(0, "seed of the order of the pixels", minimum=0)
    data_path: str | None = setting(None, "file of a real data set or of a text")
    num_train: int | None = setting(
        None, "training images; none means the data set's own size", minimum=1
    )
    num_bytes: int | None = setting(
        None, "bytes of the text to use; none means all", minimum=1
    )
    num_test: int = setting(1000, "held-out sequences", minimum=1)
    variants: tuple[str, ...] = setting(
        ("tlstm",), "networks to train and compare", choices=tuple(VARIANTS)
    )
    units: int = setting(24, "channels of a location, M", minimum=1)
    size: int = setting(
        4, "locations along an axis, P, or layers of a stack", minimum=1
    )
    kernel_size: int = setting(3, "locations that the kernel covers, K", minimum=2)
    forget_bias: float = setting(1.0, "bias of the forget gates at the start")
    learning_rate: float = setting(1e-2, "rate of Adam", above=0)
    clip_norm: float = setting(1.0, "bound of the gradient's norm", above=0)
    updates_per_epoch: int = setting(25, "updates in an epoch", minimum=1)
    stop_accuracy: float = setting(
        0.0, "accuracy of an epoch that ends training, 0 for none", minimum=0, maximum=1
    )
    compiled: bool = setting(True, "whether XLA compiles the step (jit_compile)")
    depths: tuple[int, ...] = setting((), "depths to time", minimum=1)
    timed_length: int = setting(48, "steps of the timed sequences", minimum=1)
    timed_batch: int = setting(8, "timed sequences", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        if not self.variants and not self.depths:
            raise UserError(
                "variants must name at least one entry, got none. Allowed: "
                f"{', '.join(VARIANTS)}; or none beside depths to time."
            )
        if self.task == "text" and self.strategy != "none":
            raise UserError(
                "task='text' carries one state from batch to batch, which devices "
                f"cannot share. Allowed: strategy=none, got {self.strategy!r}."
            )


_LAPTOP = Config(
    preset="laptop",
    variants=("tlstm", "lstm", "slstm", "wide"),
    batch_size=32,
    epochs=20,  # 500 updates
)
# Algorithmic tasks: 400 channels, depths 1, 4, 7 and 10; ends when 99 of 100 are right.
_PAPER = Config(
    preset="paper",
    task="addition",
    length=15,
    units=400,
    size=7,
    variants=("square", "square_channel"),
    forget_bias=4.0,
    learning_rate=1e-3,
    batch_size=15,
    epochs=10_000,
    updates_per_epoch=100,
    stop_accuracy=0.99,
)
# Text of 205 symbols, depths 1 to 4; the file enwik8 is `data_path`.
_PAPER_TEXT = dataclasses.replace(
    _PAPER,
    preset="paper_text",
    task="text",
    length=50,
    units=1120,
    size=4,
    variants=("slstm", "no_feedback"),
    batch_size=100,
    epochs=200,  # 20,000 updates: one pass over 95 MB
    stop_accuracy=0.0,
)
_SMOKE = Config(
    preset="smoke",
    length=2,
    num_symbols=3,
    units=6,
    size=2,
    num_test=16,
    variants=("tlstm", "slstm"),
    timed_length=3,
    batch_size=4,
    epochs=2,
    updates_per_epoch=2,
    compiled=False,
)

PRESETS = {
    "smoke": _SMOKE,
    "smoke_addition": dataclasses.replace(
        _SMOKE,
        preset="smoke_addition",
        task="addition",
        length=1,
        variants=("square_channel",),
    ),
    "smoke_pixels": dataclasses.replace(
        _SMOKE,
        preset="smoke_pixels",
        task="pixels",
        permuted=True,
        length=6,
        num_train=16,
        variants=("trnn",),
    ),
    "smoke_text": dataclasses.replace(
        _SMOKE,
        preset="smoke_text",
        task="text",
        length=4,
        num_bytes=2000,
        variants=("no_feedback",),
    ),
    "laptop": _LAPTOP,
    # Beside "tlstm" and "lstm" of the preset "laptop": what else could explain it.
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("live", "delayed", "same_cells"),
    ),
    # Beside "tlstm" of the preset "laptop": without memory convolution, and a stack
    # with as many numbers.
    "laptop_parts": dataclasses.replace(
        _LAPTOP, preset="laptop_parts", variants=("no_memory", "slstm_equal")
    ),
    # Other things of it changed, one by one.
    "laptop_more": dataclasses.replace(
        _LAPTOP,
        preset="laptop_more",
        variants=("no_feedback_wide", "channel"),
    ),
    # Between the stack and the tensor without feedback: all but the moving memory.
    "laptop_still": dataclasses.replace(
        _LAPTOP, preset="laptop_still", variants=("still",)
    ),
    # What fits in 24 cells? One location, trained three times as long.
    "laptop_long": dataclasses.replace(
        _LAPTOP, preset="laptop_long", variants=("lstm",), epochs=60
    ),
    # Is it the averaging with which the memory convolution begins?
    "laptop_centred": dataclasses.replace(
        _LAPTOP, preset="laptop_centred", variants=("centred",)
    ),
    # The rest of the family.
    "laptop_family": dataclasses.replace(
        _LAPTOP,
        preset="laptop_family",
        variants=("square_equal", "layer", "narrow", "slstm_own", "trnn"),
    ),
    # Is it the rate? A third and three times that of the preset "laptop".
    "laptop_slow": dataclasses.replace(
        _LAPTOP, preset="laptop_slow", variants=("tlstm", "lstm"), learning_rate=3e-3
    ),
    "laptop_slow_wide": dataclasses.replace(
        _LAPTOP,
        preset="laptop_slow_wide",
        variants=("same_cells",),
        learning_rate=3e-3,
    ),
    "laptop_fast": dataclasses.replace(
        _LAPTOP, preset="laptop_fast", variants=("tlstm", "lstm"), learning_rate=3e-2
    ),
    # Seconds against depth; nothing is trained.
    "laptop_time": dataclasses.replace(
        _LAPTOP,
        preset="laptop_time",
        variants=(),
        depths=(1, 2, 4, 8),
        units=32,
    ),
    # The other tasks, as small as they can be.
    "laptop_addition": dataclasses.replace(
        _LAPTOP,
        preset="laptop_addition",
        task="addition",
        length=2,
        units=32,
        size=3,
        variants=("tlstm", "lstm"),
    ),
    "laptop_pixels": dataclasses.replace(
        _LAPTOP,
        preset="laptop_pixels",
        task="pixels",
        permuted=True,
        size=3,
        variants=("tlstm", "lstm"),
        num_test=297,
    ),
    "laptop_text": dataclasses.replace(
        _LAPTOP,
        preset="laptop_text",
        task="text",
        length=30,
        units=48,
        size=3,
        num_bytes=400_000,
        variants=("tlstm", "lstm"),
    ),
    "paper": _PAPER,
    "paper_memorisation": dataclasses.replace(
        _PAPER,
        preset="paper_memorisation",
        task="memorisation",
        length=20,
        num_symbols=64,
        size=10,
        variants=("square_channel",),
    ),
    "paper_text": _PAPER_TEXT,
    "paper_text_2d": dataclasses.replace(
        _PAPER_TEXT,
        preset="paper_text_2d",
        units=901,
        variants=("tlstm", "no_memory"),
    ),
    "paper_text_3d": dataclasses.replace(
        _PAPER_TEXT, preset="paper_text_3d", units=522, variants=("square",)
    ),
    # MNIST, depths 1, 3 and 5; `permuted` asks for the harder order.
    "paper_pixels": dataclasses.replace(
        _PAPER,
        preset="paper_pixels",
        task="pixels",
        source="mnist",
        num_train=50_000,
        num_test=10_000,
        units=100,
        size=3,
        variants=("slstm", "no_feedback", "tlstm", "square", "square_channel"),
        batch_size=50,
        epochs=100,
        updates_per_epoch=1000,
        stop_accuracy=0.0,
    ),
}
