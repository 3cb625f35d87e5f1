"""Configurations of the `noisy_translation` lesson."""

import dataclasses

from lessons.language.noisy_translation.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError

FILES = ("train_source", "train_target", "test_source", "test_target")


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
    encoder_units: int = setting(48, "of each direction", minimum=1)
    directions: int = setting(2, "of the encoder", minimum=1, maximum=2)
    units: int = setting(96, "of the decoder", minimum=1)
    num_layers: int = setting(1, "of encoder and decoder", minimum=1)
    target_dim: int = setting(32, "numbers of a target's vector", minimum=1)
    feeding: bool = setting(False, "whether the decoder is shown its last output")
    show_words: bool = setting(True, "whether attention sees the words' vectors too")
    dropout: float = setting(0.0, "of vectors and outputs", minimum=0, maximum=0.9)
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

    def __post_init__(self):
        super().__post_init__()
        if self.source == "grammar" and self.batch_size > self.num_train:
            raise UserError(
                f"batch_size={self.batch_size} must be at most "
                f"num_train={self.num_train}."
            )
        if self.source == "text":
            lacking = [name for name in FILES if getattr(self, name) is None]
            if lacking:
                raise UserError(
                    f"source='text' needs the files {', '.join(FILES)}; "
                    f"{', '.join(lacking)} not given."
                )


_LAPTOP = Config(preset="laptop", epochs=4, batch_size=16)
PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_train=48,
        num_test=6,
        draws=1,
        merges=20,
        variants=("char", "mean", "bpe", "char2char"),
        letter_dim=4,
        filters=6,
        highways=1,
        segment_filters=(3, 3),
        encoder_units=4,
        units=6,
        target_dim=4,
        epochs=2,
        batch_size=16,
    ),
    "laptop": _LAPTOP,
}
