"""What `implicit_causal_model` compares, as data."""

import dataclasses

from lessons.toolkit import variants

KINDS = ("linear", "mixed", "gcat", "snp", "trait", "toy")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to test SNPs, or one model.

    Attributes:
        kind: "linear", least squares; "mixed", a linear mixed model; "gcat"; "snp", a
            model of SNPs whose z adjusts the trait; "trait", a network from SNPs and z
            to the trait; "toy", the law of y given a number x.
        adjust: what least squares adjusts for: "none", "components", "random" numbers
            or "truth", the true groups and structure.
        neural: whether the model of SNPs has a network.
        start: first means of q(z): "components" or "random".
        permuted: whether each SNP is shuffled over people before the model sees it.
        trained: whether the model of SNPs is trained.
        law: of a model of the trait or the toy, see `model_trait.LAWS`.
    """

    kind: str
    adjust: str = "none"
    neural: bool = False
    start: str = "components"
    permuted: bool = False
    trained: bool = True
    law: str = ""


def _snp(label, color, **settings):
    return Variant(label=label, color=color, kind="snp", **settings)


VARIANTS = {
    "uncorrected": Variant(
        label="uncorrected", color="grey", line=":", marker="x", kind="linear"
    ),
    "pca": Variant(
        label="PCA", color="sky", marker="s", kind="linear", adjust="components"
    ),
    "lmm": Variant(label="mixed model", color="amber", marker="^", kind="mixed"),
    "gcat": Variant(label="LFA and GCAT", color="green", marker="D", kind="gcat"),
    "lfa": _snp("causal model, LFA", "pink", marker="v"),
    "neural": _snp("causal model, neural", "blue", marker="o", neural=True),
    "oracle": Variant(
        label="true structure", color="black", marker="*", kind="linear", adjust="truth"
    ),
    "random": Variant(
        label="random factors",
        color="grey",
        line="--",
        marker="+",
        kind="linear",
        adjust="random",
    ),
    # What does the model of SNPs owe to its start, and to the structure?
    "lfa_random": _snp("LFA, random start", "pink", line="--", start="random"),
    "neural_random": _snp(
        "neural, random start", "blue", line="--", neural=True, start="random"
    ),
    "untrained": _snp("neural, untrained", "sky", neural=True, trained=False),
    "permuted": _snp("neural, SNPs permuted", "orange", neural=True, permuted=True),
    # Networks from SNPs and z to the trait.
    "lasso": Variant(
        label="network, group lasso", color="orange", kind="trait", law="additive"
    ),
    "implicit": Variant(
        label="implicit network, group lasso",
        color="blue",
        kind="trait",
        law="implicit",
    ),
    # The law of y given one number.
    "toy_additive": Variant(
        label="additive noise", color="orange", line="--", kind="toy", law="additive"
    ),
    "toy_gaussian": Variant(
        label="mean and deviation", color="green", line="-.", kind="toy", law="gaussian"
    ),
    "toy_implicit": Variant(label="implicit", color="blue", kind="toy", law="implicit"),
}
TESTS = ("uncorrected", "pca", "lmm", "gcat", "neural", "oracle", "random")
STARTS = ("lfa_random", "neural_random", "untrained", "permuted")
TRAITS = ("lasso", "implicit")
TOYS = ("toy_additive", "toy_gaussian", "toy_implicit")
