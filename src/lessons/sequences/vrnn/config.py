"""Configurations of the `vrnn` lesson."""

import dataclasses

from lessons.sequences.vrnn.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

SOURCES = ("frames", "strokes", "text", "audio", "pen_digits", "iam")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a model per entry of `variants`."""

    source: str = setting("frames", "where sequences come from", choices=SOURCES)
    data_path: str | None = setting(None, "file or folder of a real data set")
    frame_size: int = setting(16, "samples of a frame, D_x", minimum=2)
    num_frames: int = setting(10, "steps of a sequence at most, T", minimum=1)
    phases: str = setting(
        "independent",
        "how the phase of a synthetic frame follows from the one before",
        choices=("independent", "continuous"),
    )
    noise: float = setting(0.1, "standard deviation of a synthetic sample", above=0)
    num_train: int = setting(1500, "training sequences", minimum=1)
    num_test: int = setting(400, "test sequences", minimum=2)
    latent: int = setting(4, "numbers in z, D_z", minimum=1)
    units: int = setting(64, "units of the LSTM", minimum=1)
    x_hidden: tuple[int, ...] = setting((64,), "layers of φ_x", minimum=1)
    z_hidden: tuple[int, ...] = setting((64,), "layers of φ_z", minimum=1)
    encoder_hidden: tuple[int, ...] = setting((64,), "layers of the encoder", minimum=1)
    prior_hidden: tuple[int, ...] = setting((64,), "layers of the prior", minimum=1)
    decoder_hidden: tuple[int, ...] = setting(
        (64, 64), "layers of the VRNN's decoder", minimum=1
    )
    rnn_x_hidden: tuple[int, ...] = setting((64,), "layers of the RNN's φ_x", minimum=1)
    rnn_decoder_hidden: tuple[int, ...] = setting(
        (128, 128), "layers of the RNN's decoder", minimum=1
    )
    components: int = setting(10, "components of a mixture, K", minimum=1)
    floor: float = setting(0.02, "least standard deviation", above=0)
    recurrent: str = setting(
        "orthogonal",
        "first recurrent weights",
        choices=("orthogonal", "glorot_uniform"),
    )
    reduction: str = setting(
        "sequence", "what the loss is divided by", choices=("sequence", "step")
    )
    rate: float = setting(0.004, "learning rate of Adam at first", above=0)
    decay: bool = setting(True, "whether the rate falls to 0 along a cosine")
    clip: float = setting(5.0, "greatest norm of the gradient", above=0)
    num_paths: int = setting(40, "paths of the importance-weighted estimate", minimum=1)
    buffer: int = setting(500, "sequences that the replay buffer holds", minimum=1)
    by_pitch: bool = setting(
        False, "whether pitches and generated frames are judged, too"
    )
    variants: tuple[str, ...] = setting(
        ("rnn_gmm", "vrnn_gauss"), "models to train", choices=tuple(VARIANTS)
    )

    def __post_init__(self):
        super().__post_init__()
        for field in dataclasses.fields(self):
            if field.name.endswith("_hidden") and not getattr(self, field.name):
                raise UserError(f"{field.name} must name at least one layer, got none.")
        streams = {VARIANTS[name].stream != "fixed" for name in self.variants}
        if streams == {True, False}:
            raise UserError(
                "variants must be all of a stream or all of a data set, got "
                f"{', '.join(self.variants)}."
            )


_SMALL = {
    "units": 6,
    "latent": 2,
    "x_hidden": (5,),
    "z_hidden": (5,),
    "encoder_hidden": (5,),
    "prior_hidden": (5,),
    "decoder_hidden": (6,),
    "rnn_x_hidden": (5,),
    "rnn_decoder_hidden": (6,),
    "components": 2,
    "num_train": 24,
    "num_test": 12,
    "num_paths": 3,
    "batch_size": 8,
    "epochs": 2,
}
_LAPTOP = Config(
    preset="laptop",
    variants=(
        *("rnn_gauss", "rnn_gmm", "rnn_full", "vrnn_gauss", "vrnn_gmm", "vrnn_i"),
        *("no_memory", "no_z"),
    ),
    epochs=25,
    batch_size=50,
)
_PAPER = Config(
    preset="paper",
    source="audio",
    frame_size=200,
    num_frames=40,
    num_train=100_000,
    num_test=5_000,
    latent=200,
    units=4000,
    x_hidden=(600,) * 4,
    z_hidden=(500,) * 4,
    encoder_hidden=(500,) * 4,
    prior_hidden=(500,) * 4,
    decoder_hidden=(600,) * 4,
    rnn_x_hidden=(700,) * 4,
    rnn_decoder_hidden=(700,) * 4,
    components=20,
    floor=1e-4,
    reduction="step",
    rate=0.0003,
    decay=False,
    variants=("vrnn_gauss",),
    epochs=100,
    batch_size=128,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        frame_size=4,
        num_frames=3,
        variants=("vrnn_gauss", "rnn_gmm"),
        **_SMALL,
    ),
    "smoke_strokes": Config(
        preset="smoke_strokes",
        source="strokes",
        num_frames=4,
        variants=("vrnn_gmm",),
        **_SMALL,
    ),
    "laptop": _LAPTOP,
    # Three times the budget: does the order of the models stay?
    "laptop_long": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long",
        variants=("rnn_full", "vrnn_gauss", "vrnn_gmm"),
        epochs=75,
    ),
    # Rivals that have no latent variable, at the long budget.
    "laptop_long_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_long_rivals",
        variants=("rnn_gmm", "rnn_full_gmm"),
        epochs=75,
        by_pitch=True,
    ),
    # Where seeds differ: is each pitch learnt or not?
    "laptop_pitches": dataclasses.replace(
        _LAPTOP, preset="laptop_pitches", variants=("vrnn_gauss",), by_pitch=True
    ),
    # More components, and batch normalisation: options without recorded runs.
    "laptop_rivals": dataclasses.replace(
        _LAPTOP,
        preset="laptop_rivals",
        variants=("rnn_gmm200", "vrnn_norm"),
    ),
    # Where the past foretells z: does a prior that reads the state win?
    "laptop_continuous": dataclasses.replace(
        _LAPTOP,
        preset="laptop_continuous",
        phases="continuous",
        variants=("vrnn_gauss", "vrnn_i", "vrnn_cut", "vrnn_i_cut"),
        epochs=12,
    ),
    # Pens and text: options without recorded runs.
    "laptop_strokes": dataclasses.replace(
        _LAPTOP,
        preset="laptop_strokes",
        source="strokes",
        num_frames=40,
        num_train=1000,
        num_test=100,
        latent=8,
        variants=("rnn_gmm", "vrnn_gmm"),
        epochs=6,
    ),
    "laptop_text": dataclasses.replace(
        _LAPTOP,
        preset="laptop_text",
        source="text",
        num_frames=24,
        num_train=1200,
        num_test=200,
        variants=("rnn_gauss", "vrnn_gauss"),
        epochs=8,
    ),
    "laptop_stream": dataclasses.replace(
        _LAPTOP,
        preset="laptop_stream",
        num_train=3000,
        variants=("once", "replay", "repeat", "once_fast"),
        epochs=1,
    ),
    "paper": _PAPER,
    "paper_handwriting": dataclasses.replace(
        _PAPER,
        preset="paper_handwriting",
        source="iam",
        num_frames=200,
        num_train=10_000,
        num_test=1_000,
        latent=50,
        units=1200,
        x_hidden=(250,),
        z_hidden=(150,),
        encoder_hidden=(150,),
        prior_hidden=(150,),
        decoder_hidden=(250,),
        rnn_x_hidden=(250,),
        rnn_decoder_hidden=(250,),
        reduction="sequence",
        variants=("vrnn_gmm",),
        batch_size=20,
    ),
}
