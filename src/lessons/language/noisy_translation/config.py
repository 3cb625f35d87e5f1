"""Configurations of the `noisy_translation` lesson."""

import dataclasses

from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it trains a translator per entry of `variants`."""

    # Sentences
    source: str = setting(
        "grammar", "where sentences come from", choices=("grammar", "text")
    )
    language: str = setting(
        "german", "language to translate from", choices=("german", "french")
    )
    train_source: str | None = setting(None, "file of sentences to train on")
    train_target: str | None = setting(None, "file of their translations")
    test_source: str | None = setting(None, "file of sentences to test on")
    test_target: str | None = setting(None, "file of their translations")
    key_path: str | None = setting(None, "file .key of the keyboard, or the lesson's")
    natural_path: str | None = setting(None, "file .natural of errors, or by rules")
    num_train: int = setting(3200, "training sentences of the grammar", minimum=1)
    num_test: int = setting(200, "test sentences of the grammar", minimum=1)
    draws: int = setting(3, "draws of the noise over the test sentences", minimum=1)
    longest: int = setting(16, "words of a sentence at most", minimum=1)
    longest_word: int = setting(35, "letters of a word at most", minimum=1)
    most_words: int = setting(50_000, "target words at most", minimum=1)
    merges: int = setting(150, "merges of byte pair encoding", minimum=0)
    # Models
    variants: tuple[str, ...] = setting(
        ("char", "mean", "mix"), "translators to train", choices=tuple(VARIANTS)
    )
    letter_dim: int = setting(16, "numbers of a letter's vector", minimum=1)
    filters: int = setting(64, "filters of the charCNN, size of words", minimum=1)
    width: int = setting(3, "letters that a filter sees, k", minimum=1)
    highways: int = setting(2, "gated layers behind", minimum=0)
    segment_filters: tuple[int, ...] = setting(
        (16, 16, 24, 24), "filters of char2char by width", minimum=1
    )
    stride: int = setting(5, "characters in a stretch of char2char", minimum=1)
    kind: str = setting("gru", "recurrent layers", choices=("gru", "lstm"))
    encoder_units: int = setting(48, "units of an encoder's direction", minimum=1)
    directions: int = setting(2, "directions of the encoder", minimum=1, maximum=2)
    units: int = setting(96, "units of the decoder", minimum=1)
    num_layers: int = setting(1, "layers of encoder and decoder", minimum=1)
    target_dim: int = setting(32, "numbers of a target's vector", minimum=1)
    feeding: bool = setting(False, "whether the decoder is shown its last output")
    show_words: bool = setting(True, "whether attention sees the words' vectors too")
    dropout: float = setting(
        0.0, "part of vectors and outputs set to 0", minimum=0, maximum=0.9
    )
    first_weights: float = setting(
        0.0, "bound of uniform first weights; 0 takes Keras's own", minimum=0
    )
    # Training
    optimizer: str = setting("adam", "method of optimization", choices=("adam", "sgd"))
    learning_rate: float = setting(1.2e-2, "first rate of the optimizer", above=0)
    halve_after: int = setting(
        0, "epochs after which the rate halves with each; 0: cosine to 0", minimum=0
    )
    clip_norm: float = setting(8.0, "bound of the gradient's norm", above=0)
    compiled: bool = setting(
        True, "whether XLA compiles the training step (jit_compile), not of BPE"
    )

    def __post_init__(self):
        super().__post_init__()
        fresh = [name for name in self.variants if VARIANTS[name].fresh]
        if self.source == "text" and fresh:
            raise UserError(
                f"the variant {fresh[0]} draws new sentences from the grammar: source "
                "must be 'grammar', got 'text'."
            )
        if self.source == "grammar" and self.batch_size > self.num_train:
            raise UserError(
                f"batch_size={self.batch_size} must be at most "
                f"num_train={self.num_train}."
            )


_LAPTOP = Config(preset="laptop", epochs=4, batch_size=16)
_PAPER = Config(
    preset="paper",
    source="text",
    longest=50,
    merges=30_000,
    variants=(
        "char",
        "mean",
        "rand",
        "key",
        "nat",
        "rand_key",
        "key_nat",
        "rand_nat",
        "mix",
    ),
    letter_dim=25,
    filters=1000,
    width=6,
    kind="lstm",
    encoder_units=500,
    directions=1,
    units=500,
    num_layers=2,
    target_dim=500,
    feeding=True,
    show_words=False,
    dropout=0.3,
    first_weights=0.1,
    epochs=13,
    batch_size=64,
    optimizer="sgd",
    learning_rate=1.0,
    halve_after=9,
    clip_norm=5.0,
    compiled=False,
)
PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=48,
        num_test=6,
        draws=1,
        merges=20,
        longest=4,
        variants=("char", "char2char"),
        letter_dim=4,
        filters=6,
        highways=1,
        segment_filters=(3, 3),
        encoder_units=4,
        units=6,
        target_dim=4,
        epochs=2,
        batch_size=16,
        compiled=False,
    ),
    "laptop": _LAPTOP,
    # One noise each, and more sentences in place of noise.
    "laptop_noises": dataclasses.replace(
        _LAPTOP, preset="laptop_noises", variants=("rand", "key", "nat", "fresh")
    ),
    # Two noises each.
    "laptop_pairs": dataclasses.replace(
        _LAPTOP, preset="laptop_pairs", variants=("rand_key", "key_nat", "rand_nat")
    ),
    "laptop_bpe": dataclasses.replace(_LAPTOP, preset="laptop_bpe", variants=("bpe",)),
    # Fewer, smaller pieces.
    "laptop_pieces": dataclasses.replace(
        _LAPTOP, preset="laptop_pieces", variants=("bpe",), merges=40
    ),
    "laptop_char2char": dataclasses.replace(
        _LAPTOP,
        preset="laptop_char2char",
        variants=("char2char",),
        epochs=6,
        learning_rate=8e-3,
    ),
    # Twice the updates for the mix.
    "laptop_longer": dataclasses.replace(
        _LAPTOP, preset="laptop_longer", epochs=8, variants=("mix",)
    ),
    "paper": _PAPER,
    # Words in pieces and sentences in characters: layers of GRUs.
    "paper_gru": dataclasses.replace(
        _PAPER,
        preset="paper_gru",
        variants=("bpe", "char2char"),
        letter_dim=128,
        filters=500,
        highways=4,
        segment_filters=(200, 200, 250, 250, 300, 300, 300, 300),
        kind="gru",
        encoder_units=512,
        directions=2,
        units=1024,
        num_layers=1,
        feeding=False,
        dropout=0.0,
        first_weights=0.0,
        optimizer="adam",
        learning_rate=1e-4,
        halve_after=0,
        clip_norm=1.0,
    ),
}
