"""Many runs at once: every setting with every seed.

`plan` makes the list of runs, `lessons.toolkit.parallel.run` computes them,
`summarise` takes mean and standard deviation over seeds.
"""

import csv
import dataclasses
import io
import itertools
import json

from lessons.toolkit import results
from lessons.toolkit.errors import UserError

MOST_RUNS = 10_000


@dataclasses.dataclass(frozen=True)
class Job:
    """One run of a sweep: its configuration, and the settings that tell it apart."""

    setting: str
    config: object


@dataclasses.dataclass(frozen=True)
class Outcome:
    """What became of a job: metrics, or the reason why there are none."""

    job: Job
    metrics: dict = dataclasses.field(default_factory=dict)
    seconds: float = 0.0
    environment: dict = dataclasses.field(default_factory=dict)
    error: str = ""


def parse_seeds(text):
    """The seeds of text such as "0-4" or "0,3,7", without repetition.

    Raises:
        UserError: it is something else, or more than `MOST_RUNS` seeds.
    """
    seeds = []
    for part in text.split(","):
        first, dash, last = part.partition("-")
        if not dash:
            last = first
        if not (first.isdecimal() and last.isdecimal() and int(first) <= int(last)):
            raise UserError(f"cannot read the seeds {text!r}. Allowed: 0-4 or 0,3,7.")
        _check_count(int(last) - int(first) + 1)
        seeds.extend(range(int(first), int(last) + 1))
    return tuple(dict.fromkeys(seeds))


def plan(base, seeds, assignments=()):
    """Every combination of settings with every seed; all are checked here.

    Args:
        base: the configuration that settings change.
        seeds: the seeds of each setting.
        assignments: text such as "epochs=3" or "latent_dim=2|8|32"; values separated
            by | make a grid.

    Raises:
        UserError: a field or value is refused, or the grid is too large.
    """
    names = [assignment.partition("=")[0] for assignment in assignments]
    for name in names:
        if names.count(name) > 1:
            raise UserError(
                f"field {name!r} is set twice. Allowed: once, values separated by |."
            )
        if name == "seed":
            raise UserError("field 'seed' cannot be set in a sweep. Allowed: --seeds.")
    axes = [_alternatives(assignment) for assignment in assignments]
    varying = [len(axis) > 1 for axis in axes]
    count = len(seeds)
    for axis in axes:
        count *= len(axis)
    _check_count(count)
    jobs = []
    for point in itertools.product(*axes):
        config = base.override(point)
        label = " ".join(itertools.compress(point, varying)) or base.preset
        jobs += [Job(label, config.replace(seed=seed)) for seed in seeds]
    return jobs


def summarise(outcomes):
    """Mean and standard deviation over seeds.

    Returns:
        (setting, metric, mean, deviation, n) rows in the order of the sweep;
        deviation is None for n = 1.
    """
    values = {}
    for outcome in outcomes:
        for metric, value in outcome.metrics.items():
            values.setdefault((outcome.job.setting, metric), []).append(value)
    return [
        (*key, *results.mean_and_deviation(numbers), len(numbers))
        for key, numbers in values.items()
    ]


def to_json(slug, outcomes):
    """The sweep as JSON text: every run and the summary."""
    runs = [
        {
            "setting": outcome.job.setting,
            "seed": outcome.job.config.seed,
            "config": outcome.job.config.to_dict(),
            "metrics": outcome.metrics,
            "seconds": round(outcome.seconds, 3),
            "environment": outcome.environment,
            "error": outcome.error or None,
        }
        for outcome in outcomes
    ]
    names = ("setting", "metric", "mean", "deviation", "n")
    summary = [dict(zip(names, row, strict=True)) for row in summarise(outcomes)]
    record = {"slug": slug, "commit": results.commit(), "summary": summary}
    return json.dumps(record | {"runs": runs}, indent=1, ensure_ascii=False) + "\n"


def to_csv(outcomes):
    """The sweep as CSV text: one line per run, one column per metric."""
    metrics = list(dict.fromkeys(name for o in outcomes for name in o.metrics))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["setting", "seed", "seconds", "error", *metrics])
    for outcome in outcomes:
        start = (outcome.job.setting, outcome.job.config.seed)
        numbers = [outcome.metrics.get(name, "") for name in metrics]
        writer.writerow([*start, round(outcome.seconds, 3), outcome.error, *numbers])
    return text.getvalue()


def _alternatives(assignment):
    name, _, values = assignment.partition("=")
    if "|" not in values:
        return [assignment]
    return [f"{name}={value}" for value in dict.fromkeys(values.split("|"))]


def _check_count(count):
    if count > MOST_RUNS:
        raise UserError(f"{count:,} runs are too many. Allowed: at most {MOST_RUNS:,}.")
