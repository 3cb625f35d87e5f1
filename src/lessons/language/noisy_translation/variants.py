"""What `noisy_translation` compares: ways to read words, and noises to train on."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One translator.

    Attributes:
        reader: "char_cnn", "mean_char", "pieces" or "segments".
        noises: of its training sentences, each as likely; () trains on clean ones.
        fresh: whether every epoch has new sentences instead of the same ones.
    """

    reader: str = "char_cnn"
    noises: tuple[str, ...] = ()
    fresh: bool = False

    @property
    def reads(self):
        """What it reads, see `coding.READS`."""
        table = {"pieces": "pieces", "segments": "characters"}
        return table.get(self.reader, "letters")

    @property
    def writes(self):
        """What it writes, see `coding.WRITES`."""
        return "characters" if self.reader == "segments" else "words"


_ALL = ("rand", "key", "nat")
VARIANTS = {
    "char": Variant(label="charCNN"),
    "mean": Variant(label="meanChar", color="orange", line="--", reader="mean_char"),
    "mix": Variant(label="charCNN, Rand+Key+Nat", color="green", noises=_ALL),
    "bpe": Variant(label="BPE", color="pink", line=":", reader="pieces"),
    # More sentences in place of noise: as many different source texts as the mix.
    "fresh": Variant(label="charCNN, new sentences", color="sky", fresh=True),
    "rand": Variant(label="charCNN, Rand", color="amber", noises=("rand",)),
    "key": Variant(label="charCNN, Key", color="amber", line="--", noises=("key",)),
    "nat": Variant(label="charCNN, Nat", color="amber", line=":", noises=("nat",)),
    "rand_key": Variant(
        label="charCNN, Rand+Key", color="black", noises=("rand", "key")
    ),
    "key_nat": Variant(
        label="charCNN, Key+Nat", color="black", line="--", noises=("key", "nat")
    ),
    "rand_nat": Variant(
        label="charCNN, Rand+Nat", color="black", line=":", noises=("rand", "nat")
    ),
    "mean_mix": Variant(
        label="meanChar, Rand+Key+Nat",
        color="orange",
        reader="mean_char",
        noises=_ALL,
    ),
    "bpe_mix": Variant(
        label="BPE, Rand+Key+Nat", color="pink", reader="pieces", noises=_ALL
    ),
    "char2char": Variant(label="char2char", color="grey", reader="segments"),
}
