"""Configurations of the `self_normalizing` lesson."""

import dataclasses

from lessons.foundations.self_normalizing.variants import COMPARED, VARIANTS
from lessons.toolkit.config import ImageConfig, setting

PARTS = ("depth", "tables", "theorems")
SEARCHES = (
    "theorem_1",
    "theorem_1_wide",
    "theorem_1_misquoted",
    "theorem_2",
    "theorem_3_low",
    "theorem_3_high",
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(ImageConfig):
    """Settings of one run.

    A run has up to three parts. `depth`: networks of several depths on images, the
    paper's figure 1. `tables`: cross-validated ranks on small tables, its table 1.
    `theorems`: the grid search of its proof.
    """

    parts: tuple[str, ...] = setting(
        ("depth",), "parts of the lesson to run", choices=PARTS
    )

    # Depth study
    source: str = setting("digits", "data set", choices=("digits", "glyphs", "mnist"))
    variants: tuple[str, ...] = setting(
        ("snn", "relu", "batch_norm", "layer_norm"),
        "networks trained at every depth",
        choices=tuple(VARIANTS),
    )
    depths: tuple[int, ...] = setting(
        (4, 16, 32), "numbers of hidden layers to compare", minimum=1
    )
    more_variants: tuple[str, ...] = setting(
        ("weight_norm", "highway", "residual", "tanh", "scaled_tanh"),
        "networks trained at `more_depth` only",
        choices=tuple(VARIANTS),
    )
    more_depth: int = setting(16, "hidden layers of `more_variants`", minimum=1)
    members: int = setting(
        3, "networks of each kind, side by side with other initial weights", minimum=1
    )
    width: int | None = setting(
        None, "units of a hidden layer; none means as many as features", minimum=1
    )
    form: str = setting(
        "rectangular",
        "hidden widths: all equal, or shrinking geometrically to the classes",
        choices=("rectangular", "conic"),
    )
    dropout: float = setting(
        0.0, "rate of alpha dropout in SNNs (paper: 0.05, 0.1)", minimum=0, maximum=0.95
    )
    learning_rate: float = setting(
        0.01, "rate of the optimizer, for the mean loss of a batch", above=0
    )
    optimizer: str = setting(
        "sgd",
        "optimizer; adam_advised is Adam with beta_2=0.99, epsilon=0.01",
        choices=("sgd", "momentum", "adadelta", "adamax", "adam", "adam_advised"),
    )

    # Tables
    tables: tuple[str, ...] = setting(
        ("iris", "wine", "breast_cancer", "digits"),
        "tables to compare on",
        choices=("iris", "wine", "breast_cancer", "digits", "csv"),
    )
    table_path: str | None = setting(None, "file of the table 'csv', such as HTRU_2")
    table_variants: tuple[str, ...] = setting(
        COMPARED, "networks to compare on tables", choices=tuple(VARIANTS)
    )
    table_depths: tuple[int, ...] = setting(
        (2, 8, 16), "hidden layers to choose from by validation", minimum=1
    )
    table_width: int = setting(32, "units of a hidden layer (tables)", minimum=1)
    table_steps: int = setting(400, "training steps on a table", minimum=1)
    table_batch: int = setting(32, "rows of a table per step", minimum=1)
    table_rate: float = setting(0.02, "rate of plain SGD on tables", above=0)
    num_folds: int = setting(5, "folds of the cross-validation", minimum=2)

    # Theorems
    searches: tuple[str, ...] = setting(
        SEARCHES, "domains of the grid search", choices=SEARCHES
    )
    grid_counts: tuple[int, ...] = setting(
        (21, 21, 57, 33), "grid points along mu, omega, nu, tau", minimum=2
    )
    grid_scale: float | None = setting(
        None,
        "grid steps as multiples of the paper's, in place of grid_counts",
        above=0,
    )
    grid_state: str | None = setting(
        None, "folder that keeps unfinished searches, to go on from"
    )
    grid_seconds: float | None = setting(
        None, "longest time of one search; the rest is left out and said so", above=0
    )

    def networks(self):
        """(variant, hidden layers) of each network of the depth study, in order."""
        pairs = [(name, depth) for name in self.variants for depth in self.depths]
        pairs += [(name, self.more_depth) for name in self.more_variants]
        return list(dict.fromkeys(pairs))


# Figure 1: batch 128, plain SGD at 1e-5 on the loss *summed* over the batch, which is
# 128 times that rate on its mean; 2000 epochs.
_PAPER = Config(
    preset="paper",
    source="mnist",
    variants=("snn", "batch_norm"),
    depths=(8, 16, 32),
    more_variants=(),
    members=1,
    learning_rate=128e-5,
    batch_size=128,
    epochs=2000,
)

PRESETS = {
    "smoke": Config(
        preset="smoke",
        parts=PARTS,
        num_train=200,
        variants=("snn", "relu"),
        depths=(2, 3),
        more_variants=(),
        members=2,
        width=16,
        batch_size=50,
        epochs=2,
        tables=("iris", "wine"),
        table_variants=("snn", "layer_norm"),
        table_depths=(1,),
        table_width=8,
        table_steps=20,
        num_folds=2,
        grid_counts=(3, 5, 9, 5),
    ),
    # The other kinds of network, with what `smoke` leaves out.
    "smoke_others": Config(
        preset="smoke_others",
        num_train=200,
        variants=("snn", "batch_norm", "layer_norm", "weight_norm", "highway"),
        depths=(2,),
        more_variants=("residual", "scaled_tanh"),
        more_depth=2,
        members=2,
        width=16,
        dropout=0.1,
        batch_size=50,
        epochs=2,
    ),
    "laptop": Config(preset="laptop", batch_size=64, epochs=8),
    "tables": Config(preset="tables", parts=("tables",)),
    # The paper's own steps: 1.1e9 points for theorem 1.
    "theorems": Config(
        preset="theorems",
        parts=("theorems",),
        searches=("theorem_1",),
        grid_scale=1.0,
    ),
    "paper": _PAPER,
}
