"""Configurations of the `word_translation` lesson."""

import dataclasses

from lessons.language.word_translation.variants import VARIANTS
from lessons.toolkit.config import RunConfig, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    """Settings of one run; it plays a game of mappings per entry of `variants`."""

    source: str = setting(
        "latent", "where languages come from", choices=("latent", "vec")
    )
    source_path: str | None = setting(None, "file .vec of the source language")
    target_path: str | None = setting(None, "file .vec of the target language")
    dictionary_path: str | None = setting(None, "file of pairs, for judging only")
    num_words: int = setting(200_000, "words read from each file", minimum=2)
    num_concepts: int = setting(600, "words of each latent language", minimum=20)
    latent_dim: int = setting(10, "coordinates of a meaning", minimum=1)
    num_pairs: int = setting(3_000_000, "pairs of words in a corpus", minimum=1)
    perturbation: float = setting(
        0.0, "part of the meaning's variance that differs", minimum=0, maximum=1
    )
    shared_frequency: bool = setting(True, "whether translations are as frequent")
    unrelated: bool = setting(False, "whether target coordinates are shuffled")
    embedding_dim: int = setting(10, "numbers of a word's vector, d", minimum=2)
    variants: tuple[str, ...] = setting(
        ("adversarial",), "ways to stay orthogonal", choices=tuple(VARIANTS)
    )
    restarts: int = setting(8, "games with other first weights, R", minimum=1)
    start: str = setting("random", "first mappings", choices=("random", "identity"))
    hidden: tuple[int, ...] = setting((64, 64), "units of a discriminator", minimum=1)
    dropout: float = setting(
        0.0, "part of a discriminator's input set to 0", minimum=0, maximum=0.9
    )
    game_words: int = setting(500, "most frequent words of the game", minimum=2)
    steps: int = setting(150, "updates of the mappings in an epoch", minimum=1)
    discriminator_steps: int = setting(
        2, "updates of discriminators per one of the mappings", minimum=1
    )
    smoothing: float = setting(0.1, "smoothing of labels, s", minimum=0, maximum=0.5)
    rate: float = setting(5.0, "first rate of the mappings, SGD", above=0)
    rate_decay: float = setting(0.85, "factor of that rate per epoch", above=0)
    halving: bool = setting(False, "whether it halves when the criterion drops")
    discriminator_optimizer: str = setting(
        "adam", "how discriminators are trained", choices=("adam", "sgd")
    )
    discriminator_rate: float = setting(0.001, "rate of the discriminators", above=0)
    rounds: int = setting(10, "refinements at most", minimum=0)
    dictionary_words: int = setting(15_000, "most frequent words of it", minimum=2)
    criterion_words: int = setting(10_000, "words of the criterion", minimum=2)
    neighbours: int = setting(10, "neighbours of CSLS, K", minimum=1)
    num_anchors: int = setting(150, "pairs that the supervised rows see", minimum=2)
    random_starts: int = setting(
        60, "random mappings to refine; with 0 no axis is turned either", minimum=0
    )
    axis_search: bool = setting(
        False, "whether axes of the moments' mapping are turned one by one"
    )
    num_sentences: int = setting(300, "sentences to retrieve; or 0", minimum=0)
    hub_words: int = setting(1000, "words of the retrieval experiment; or 0", minimum=0)

    def __post_init__(self):
        super().__post_init__()
        if self.source == "vec":
            return
        for name in ("embedding_dim", "game_words", "num_anchors"):
            if getattr(self, name) > self.num_concepts:
                raise UserError(
                    f"{name} must be at most num_concepts={self.num_concepts}, got "
                    f"{getattr(self, name)}."
                )


_LAPTOP = Config(preset="laptop", epochs=10, batch_size=64)
_PAPER = Config(
    preset="paper",
    source="vec",
    embedding_dim=300,
    restarts=1,
    start="identity",
    hidden=(2048, 2048),
    dropout=0.1,
    game_words=50_000,
    steps=31_250,
    epochs=5,
    batch_size=32,
    discriminator_steps=1,
    smoothing=0.2,
    rate=0.1,
    rate_decay=0.95,
    halving=True,
    discriminator_optimizer="sgd",
    discriminator_rate=0.1,
    rounds=5,
    variants=("paper",),
)


def _game(name, **changes):  # without sentences and retrieval alone
    return dataclasses.replace(
        _LAPTOP, preset=name, random_starts=2, num_sentences=0, hub_words=0, **changes
    )


def _world(name, **changes):  # nor random starts: the game, moments, ranks and pairs
    return dataclasses.replace(_game(name, **changes), random_starts=0)


def _search(name, **changes):  # the rival that has no network, and no game beside it
    return dataclasses.replace(
        _game(name, **changes),
        restarts=1,
        epochs=1,
        steps=1,
        random_starts=0,
        axis_search=True,
    )


PRESETS = {
    "smoke": Config(
        preset="smoke",
        num_concepts=60,
        latent_dim=3,
        num_pairs=100_000,
        embedding_dim=3,
        restarts=2,
        hidden=(6,),
        game_words=50,
        steps=4,
        epochs=2,
        batch_size=8,
        rounds=2,
        num_anchors=20,
        random_starts=2,
        num_sentences=8,
        hub_words=40,
    ),
    "laptop": _LAPTOP,
    # What the orthogonality step is worth: none, the paper's, its limit.
    "laptop_steps": _game("laptop_steps", variants=("free", "weak", "hard")),
    # Spaces that do not match: other meanings, more of them, other frequencies, noise,
    # no relation.
    "laptop_meanings": _world("laptop_meanings", perturbation=0.1),
    "laptop_frequencies": _world("laptop_frequencies", shared_frequency=False),
    "laptop_noise": _world("laptop_noise", num_pairs=500_000),
    "laptop_far": _world("laptop_far", perturbation=0.3),
    "laptop_unrelated": _game("laptop_unrelated", unrelated=True),
    # Small corpora again, the mappings at two fifths of the rate.
    "noise_slow": _world("noise_slow", num_pairs=500_000, rate=2.0),
    # What needs no game: moments, and their axes turned while the criterion rises.
    "search": _search("search"),
    "search_meanings": _search("search_meanings", perturbation=0.1),
    "search_far": _search("search_far", perturbation=0.3),
    "search_frequencies": _search("search_frequencies", shared_frequency=False),
    "search_noise": _search("search_noise", num_pairs=500_000),
    "paper": _PAPER,
    "paper_code": dataclasses.replace(
        _PAPER,
        preset="paper_code",
        variants=("code",),
        game_words=75_000,
        discriminator_steps=5,
        smoothing=0.1,
        rate_decay=0.98,
    ),
}
