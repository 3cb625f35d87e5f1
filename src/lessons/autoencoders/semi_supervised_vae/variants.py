"""What `semi_supervised_vae` compares: models, and classifiers without a model."""

import dataclasses

from lessons.toolkit import variants


@dataclasses.dataclass(frozen=True, kw_only=True)
class Variant(variants.Variant):
    """One way to learn from few labels.

    Attributes:
        kind: "supervised" (a classifier of labelled images), "m1", "m2", "clamped", or
            "stacked" (M2 on the codes of an M1 that was trained before).
        objective: of the clamped model, see `model_clamped.OBJECTIVES`.
    """

    kind: str
    objective: str = ""


VARIANTS = {
    "supervised": Variant(
        label="labels only, same classifier", color="black", kind="supervised"
    ),
    "m1": Variant(label="M1 features, SVC", color="sky", kind="m1"),
    "clamped": Variant(
        label="clamped VAE", color="orange", kind="clamped", objective="clamped"
    ),
    "with_class_kl": Variant(
        label="clamped + KL of the class",
        color="amber",
        kind="clamped",
        objective="with_class_kl",
    ),
    "marginal": Variant(
        label="clamped, summed over labels",
        color="green",
        kind="clamped",
        objective="marginal",
    ),
    "m2": Variant(label="M2", kind="m2"),
    "m1_m2": Variant(label="M1+M2", color="sky", kind="stacked"),
}

BASELINES = {  # of `evaluation.baselines`
    "svc": variants.Variant(label="SVC on labelled pixels", color="black"),
    "label_spreading": variants.Variant(
        label="label spreading (no model)", color="pink"
    ),
}

# In the order of tables and figures.
COMPARED = {"supervised": VARIANTS["supervised"], **BASELINES, **VARIANTS}
