"""Configurations of the `sketch_rnn` lesson."""

import dataclasses

from lessons.sequences.sketch_rnn.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

CELLS = ("lstm", "layer_norm", "hyper")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a model per entry of `variants`."""

    source: str = setting(
        "faces", "which drawings", choices=("faces", "letters", "quickdraw")
    )
    data_path: str | None = setting(None, "QuickDraw files, with commas between them")
    kinds: tuple[str, ...] = setting(
        ("cat", "face"), "classes of source=faces", choices=("cat", "face")
    )
    num_train: int = setting(960, "training drawings", minimum=1)
    num_test: int = setting(200, "drawings that models are judged on", minimum=2)
    max_length: int = setting(27, "N_max, rows; more than points", minimum=2)
    encoder_units: int = setting(32, "hidden units of each encoder", minimum=1)
    decoder_units: int = setting(64, "hidden units of the decoder", minimum=1)
    encoder_cell: str = setting("lstm", "which cell the encoder has", choices=CELLS)
    decoder_cell: str = setting("lstm", "which cell the decoder has", choices=CELLS)
    hyper_units: int = setting(16, "units of a HyperLSTM's smaller cell", minimum=1)
    embedding: int = setting(8, "embedding of a HyperLSTM", minimum=1)
    latent_dim: int = setting(8, "numbers of a code, N_z", minimum=1)
    num_mixtures: int = setting(5, "Gaussians of the mixture, M", minimum=1)
    keep: float = setting(
        1.0, "probability that recurrent dropout keeps", above=0, maximum=1.0
    )
    variants: tuple[str, ...] = setting(
        ("weight_1",), "models to compare", choices=tuple(VARIANTS)
    )
    kl_floor: float = setting(0.05, "KL_min, nats for a number of the code", minimum=0)
    kl_start: float = setting(0.01, "first factor of annealing", minimum=0, maximum=1)
    kl_rate: float = setting(
        0.99, "R, what the missing part is multiplied by", minimum=0, maximum=1
    )
    learning_rate: float = setting(5e-3, "first learning rate of Adam", above=0)
    rate_decay: float = setting(
        1.0, "factor of the learning rate for an update", above=0, maximum=1
    )
    rate_floor: float = setting(1e-5, "least learning rate", minimum=0)
    clip: float = setting(10.0, "bound of the gradient", above=0)
    clip_by: str = setting(
        "norm", "what is bounded: all of it, or each entry", choices=("norm", "value")
    )
    stretch: float = setting(
        0.0, "augmentation: offsets times 1 ± this", minimum=0, maximum=0.9
    )
    drop: float = setting(
        0.0, "augmentation: probability that a point is left out", minimum=0, maximum=1
    )
    compiled: bool = setting(True, "whether XLA compiles the training step")
    look_every: int = setting(5, "epochs between two looks at test data", minimum=1)

    def __post_init__(self):
        super().__post_init__()
        if self.source == "quickdraw" and not self.data_path:
            if not self.preset.startswith("paper"):
                from lessons.toolkit.data import quickdraw

                raise UserError(
                    f"source='quickdraw' needs data_path. {quickdraw.HOW_TO}"
                )
        if not self.kinds or len(set(self.kinds)) < len(self.kinds):
            raise UserError(
                f"kinds must name at least one class, each once, got {self.kinds}. "
                "Allowed: cat, face."
            )


_LAPTOP = Config(
    preset="laptop",
    variants=("weight_small", "weight_1", "decoder_only"),
    epochs=60,
    batch_size=48,
)
_CODE = Config(
    preset="paper_code",
    source="quickdraw",
    num_train=70_000,
    num_test=2500,
    max_length=250,
    encoder_units=256,
    decoder_units=512,
    hyper_units=256,
    embedding=32,
    latent_dim=128,
    num_mixtures=20,
    keep=0.9,
    variants=("weight_half",),
    kl_floor=0.2,
    kl_rate=0.99995,
    learning_rate=1e-3,
    rate_decay=0.9999,
    clip=1.0,
    clip_by="value",
    stretch=0.15,
    drop=0.1,
    epochs=200,
    batch_size=100,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=24,
        num_test=6,
        encoder_units=4,
        decoder_units=6,
        hyper_units=4,
        embedding=2,
        latent_dim=3,
        num_mixtures=2,
        keep=0.9,
        variants=("decoder_only", "weight_quarter"),
        epochs=2,
        batch_size=12,
        compiled=False,
        look_every=1,
    ),
    "laptop": _LAPTOP,
    # What else could explain it: the class alone, a learned start.
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("class_only", "learned_start"),
    ),
    # Weights between, and other floors.
    "laptop_weights": dataclasses.replace(
        _LAPTOP,
        preset="laptop_weights",
        variants=("weight_tenth", "weight_quarter", "no_floor", "high_floor"),
    ),
    # The three cells; "weight_small" of the preset laptop is the plain LSTM.
    "laptop_cells": dataclasses.replace(
        _LAPTOP, preset="laptop_cells", variants=("layer_norm", "hyper")
    ),
    # Outlines of letters from twelve fonts.
    "laptop_letters": dataclasses.replace(
        _LAPTOP,
        preset="laptop_letters",
        source="letters",
        max_length=32,
        variants=("weight_small",),
    ),
    # Table 1's models: HyperLSTM decoder, layer-normalised encoder.
    "paper": dataclasses.replace(
        _CODE,
        preset="paper",
        encoder_units=512,
        decoder_units=2048,
        encoder_cell="layer_norm",
        decoder_cell="hyper",
        variants=("weight_1", "weight_half", "weight_quarter", "decoder_only"),
        kl_rate=0.99999,
        learning_rate=1e-4,
        rate_decay=1.0,
        stretch=0.1,
        drop=0.0,
    ),
    # The official code's defaults.
    "paper_code": _CODE,
}
