"""What the seed states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# The seed gives 240 inputs, 500 hidden units and strides of 1 and 10; the numbers of
# parameters follow, it states none.
PARAMETERS = {"paper": 371_001, "paper_stride10": 375_510}
WINDOWS = {1: 261, 10: 27}  # of 500 samples, by stride
SAFE_FLOOR = 0.5  # of alpha, below which its training diverged

_FIGURES = "figures only"


def _rows(metric, digits, notes=()):
    """A row for each network and for the linear yardstick."""
    labels = {
        "teacher": "A: truth",
        "mixed": "B: mixture to 1/2",
        "free": "C: mixture to 0",
        "sampled": "scheduled sampling to 1/2",
        "linear": "linear least squares",
    }
    known = {"teacher": _FIGURES, "free": _FIGURES}
    return [
        Headline(
            label,
            f"{name}/{metric}",
            paper=known.get(name, "—") if metric == "generation_error" else "—",
            note=dict(notes).get(name, ""),
            digits=digits,
        )
        for name, label in labels.items()
    ]


def _remedies():
    labels = {
        "plain": "C without momentum",
        "momentum_clip": "C with momentum, clipped",
        "momentum_decay": "C with momentum, rate falls with α",
        "all": "all four remedies",
        "momentum_truth": "A with momentum",
    }
    note = "C with momentum alone diverges on 8 of 8 seeds, with a floor of 1/2 on 3"
    return [
        Headline(
            label,
            f"{name}/prediction_error",
            note=note if name == "all" else "",
            preset="laptop_remedies",
            digits=3,
        )
        for name, label in labels.items()
    ]


HEADLINES = (
    *group(
        "Error of generation, 320 samples (variance 1)",
        *_rows("generation_error", 3),
    ),
    *group("Error of prediction (variance 1)", *_rows("prediction_error", 4)),
    *group(
        "Energy of the last quarter second generated, over the truth's",
        *_rows("last_energy", 2),
    ),
    *group(
        "Norm of the gradient in the last epochs",
        Headline("A: truth", "teacher/norm", digits=3),
        Headline("B: mixture to 1/2", "mixed/norm", digits=3),
        Headline("C: mixture to 0", "free/norm", digits=1),
    ),
    *group(
        "Error of prediction with plain gradient descent, 200 updates", *_remedies()
    ),
)

EFFECT = Effect(
    paper="once it is trained on its own predictions the network tracks /aa/ "
    "(figures, no numbers)",
    here="error of generation: trained on truth {teacher/generation_error}, on a "
    "mixture {mixed/generation_error}; linear least squares "
    "{linear/generation_error}, silence {silence/generation_error}",
    reproduces="partly",
    reason="feeding back with momentum makes plain descent diverge and each remedy but "
    "the floor of 1/2 alone prevents that; generation does not improve",
)
