"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Parts of the charCNN translator of `seq2seq-attn` with 500 letters and 50,000 target
# words; the paper gives no counts. `Recurrent` has one bias, as its LSTM.
PARAMETERS = {
    "letters": 12_500,
    "convolution": 151_000,
    "highways": 4_004_000,
    "encoder": 5_004_000,
    "targets": 25_000_000,
    "decoder": 5_004_000,
    "attention": 750_000,
    "generator": 25_050_000,
}
TOTAL = sum(PARAMETERS.values())  # 64,975,500
# Parts of char2char's encoder (Lee, Cho and Hofmann 2017).
CHAR2CHAR = {"convolutions": 1_301_300, "highways": 35_296_800, "encoder": 8_027_136}
# BLEU of models that were trained on clean text: clean, swap, middle, random, key, nat.
# From a copy of the paper's table that was not checked against the paper.
CLEAN_TRAINED = {
    "German, char2char": (29.97, 5.68, 5.46, 0.28, 2.96, 12.68),
    "German, BPE": (34.22, 3.39, 5.16, 0.29, 0.61, 10.68),
    "Czech, char2char": (25.71, 3.90, 4.24, 0.25, 2.88, 11.42),
    "Czech, BPE": (29.65, 2.94, 4.09, 0.66, 1.41, 11.88),
}

NOISES = ("clean", "swap", "mid", "rand", "key", "nat")
_NAMES = ("clean", "Swap", "Mid", "Rand", "Key", "Nat")


def _rows(label, variant, preset, paper=None):
    """A headline for each noise; the paper's values where it has such a model."""
    return [
        Headline(
            f"{label}: {name}",
            f"{variant}/{noise}",
            f"{paper[place]:.2f}" if paper else "—",
            preset=preset,
        )
        for place, (noise, name) in enumerate(zip(NOISES, _NAMES, strict=True))
    ]


HEADLINES = (
    *group(
        "BLEU, trained on clean sentences, by noise of the test sentences",
        *_rows("BPE", "bpe", "laptop_bpe", CLEAN_TRAINED["German, BPE"]),
        *_rows("BPE, 40 merges in place of 150", "bpe", "laptop_pieces"),
        *_rows("charCNN", "char", "laptop"),
        *_rows("meanChar", "mean", "laptop"),
        Headline("an answer that does not look", "floor/constant"),
    ),
    *group(
        "BLEU, charCNN trained on Rand+Key+Nat, by noise of the test sentences",
        *_rows("charCNN", "mix", "laptop"),
    ),
    *group(
        "BLEU on natural errors, charCNN trained on",
        Headline("clean", "char/nat"),
        *(
            Headline(label, f"{name}/nat", preset="laptop_noises")
            for name, label in (
                ("fresh", "clean, new sentences in each epoch"),
                ("rand", "Rand"),
                ("key", "Key"),
                ("nat", "Nat"),
            )
        ),
    ),
    *group(
        "BLEU on natural errors by rules of their own, charCNN trained on",
        Headline("clean", "char/nat_new"),
        Headline("Key", "key/nat_new", preset="laptop_noises"),
        Headline("Nat", "nat/nat_new", preset="laptop_noises"),
        Headline("Rand+Key+Nat", "mix/nat_new"),
    ),
    *group(
        "Words with an anagram that are translated right (%)",
        Headline("charCNN", "char/anagrams"),
        Headline(
            "meanChar",
            "mean/anagrams",
            note="who knows letters and determiner guesses about as many",
        ),
    ),
    *group(
        "BLEU of the clean charCNN behind a spelling checker",
        *(
            Headline(name, f"char/{noise}_spelled")
            for noise, name in zip(NOISES[1:], _NAMES[1:], strict=True)
        ),
    ),
)

EFFECT = Effect(
    paper="translators of 30 to 34 BLEU fall to 0.3 to 13 under noise; training on "
    "several noises helps against those noises",
    here="a charCNN falls from {char/clean} to {char/rand} (Rand) and {char/nat} "
    "(natural errors), BPE from {bpe/clean@laptop_bpe} to {bpe/nat@laptop_bpe}; "
    "trained on a mix the charCNN has {mix/rand} and {mix/nat}, and {mix/nat_new} on "
    "errors by other rules, where clean training has {char/nat_new}",
    reproduces="partly",
    reason="readers break, the mix repairs scrambling and typing errors; training on "
    "our misspellings, which rules made, does not help, and training on Key does",
)
