"""Recorded runs, and the Markdown that generated texts are made of.

A lesson's results.json holds `{"runs": [...]}`; each run says its preset, seed, whole
configuration, metrics, seconds, commit, environment and date. What is shown of them
beside the paper: `lessons.toolkit.headlines`.
"""

import dataclasses
import datetime
import json
import math
import pathlib
import statistics
import subprocess

import numpy as np

from lessons import catalog
from lessons.toolkit import files
from lessons.toolkit.config import preset as preset_of
from lessons.toolkit.errors import UserError, unknown

# Fields that say where or under which name a run was made, not what was run.
_INCIDENTAL = ("seed", "preset", "device", "deterministic")


def load(path):
    """The runs recorded in a results.json; none if the file does not exist.

    Raises:
        UserError: the file is not what `record` writes.
    """
    path = pathlib.Path(path)
    if not path.exists():
        return []
    try:
        runs = json.loads(path.read_text(encoding="utf-8"))["runs"]
        for run in runs:
            run["preset"], run["seed"], run["config"], run["metrics"]
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"cannot read {str(path)!r}: {type(error).__name__}: {error}. "
            'Allowed: {"runs": [...]}, as `lessons sweep --record` writes it.'
        ) from None
    return runs


def matching(path, config):
    """The recorded runs of one configuration, whatever their seeds, in their order.

    Args:
        path: of a results.json.
        config: a `RunConfig`.

    Returns:
        List of runs.
    """
    wanted = settings(config.to_dict())
    same = [run for run in load(path) if settings(run["config"]) == wanted]
    return sorted(same, key=lambda run: run["seed"])


@dataclasses.dataclass(frozen=True)
class Runs:
    """The recorded runs of one configuration, by seed.

    `runs["bn_sgd/test_cost"]` and `runs["bn_sgd", "test_cost"]` are the same array: one
    number per seed. A metric that no run has, or only some, is a `UserError`.

    Attributes:
        seeds: in rising order.
        metrics: the metrics of each seed's run.
    """

    seeds: tuple[int, ...]
    metrics: tuple[dict[str, float], ...]

    def __len__(self):
        return len(self.seeds)

    def __getitem__(self, key):
        name = key if isinstance(key, str) else "/".join(map(str, key))
        known = {name for metrics in self.metrics for name in metrics}
        if name not in known:
            raise unknown("metric", name, sorted(known))
        lacking = [
            str(seed)
            for seed, metrics in zip(self.seeds, self.metrics, strict=True)
            if name not in metrics
        ]
        if lacking:
            raise UserError(
                f"metric {name!r} was not recorded with seed {', '.join(lacking)}. "
                "Record these runs again, or leave them out of results.json."
            )
        return np.array([metrics[name] for metrics in self.metrics])


def recorded(slug, preset="laptop", **changes):
    """What the recorded runs of a lesson found, over seeds.

    Args:
        slug: the lesson.
        preset: name of the preset.
        **changes: values of the fields that differ from the preset's.

    Returns:
        `Runs`; none where nothing was recorded.

    Raises:
        UserError: there is no such lesson, preset or field.
    """
    lesson = catalog.find(slug)
    config = preset_of(lesson.module("config").PRESETS, preset).replace(**changes)
    runs = matching(lesson.folder / "results.json", config)
    return Runs(
        tuple(run["seed"] for run in runs), tuple(run["metrics"] for run in runs)
    )


def record(path, runs):
    """Add runs to a results.json, replacing those of the same preset, seed, config."""
    merged = {_identity(run): run for run in load(path)}
    merged |= {_identity(run): _plain(run) for run in runs}
    ordered = sorted(merged.values(), key=_identity)
    text = json.dumps({"runs": ordered}, indent=1, ensure_ascii=False)
    files.write_text(path, text + "\n")


def entry(config, metrics, seconds, environment, made_by=None):
    """One run as results.json keeps it, stamped with today's date and the commit.

    `made_by` is the commit where it was asked for before; by default it is now.
    """
    return {
        "preset": config["preset"],
        "seed": config["seed"],
        "config": config,
        "metrics": metrics,
        "seconds": round(seconds, 2),
        "commit": made_by or commit(),
        "environment": environment,
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
    }


def checkout():
    """The root of the checkout this package runs from.

    Raises:
        UserError: the package was installed without one.
    """
    root = pathlib.Path(__file__).resolve().parents[3]
    if not (root / "pyproject.toml").is_file():
        raise UserError(
            "this command changes a checkout, and the package was installed without "
            "one. Allowed: `pip install -e .` in a clone of the repository."
        )
    return root


def commit():
    """The checkout's git commit, "-dirty" if changed, or "unknown" outside one.

    Recorded runs do not count as a change: no run reads them, and the first seed of a
    sweep would make those after it dirty.
    """
    short = _git("describe", "--always", "--abbrev=12", "--exclude=*")
    recorded = ":(top,exclude)src/lessons/*/*/results.json"
    changed = _git("diff", "--name-only", "HEAD", "--", ":(top)", recorded)
    if not short or changed is None:
        return "unknown"
    return f"{short}-dirty" if changed else short


def _git(*arguments):
    """What git says about this checkout, or None if it cannot."""
    folder = pathlib.Path(__file__).parent
    try:
        answer = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=5
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() if answer.returncode == 0 else None


def replace_section(text, name, content):
    """`text` with what stands between the markers of section `name` replaced.

    Raises:
        UserError: the markers are not there, once each and in order.
    """
    start, end = f"<!-- {name}:start -->", f"<!-- {name}:end -->"
    if (
        text.count(start) != 1
        or text.count(end) != 1
        or text.find(start) > text.find(end)
    ):
        raise UserError(f"the README needs the lines {start} and {end}, once each.")
    before, rest = text.split(start)
    _, after = rest.split(end)
    return f"{before}{start}\n{content}\n{end}{after}"


def mean_and_deviation(values):
    """Mean and sample standard deviation (None for a single value)."""
    deviation = statistics.stdev(values) if len(values) > 1 else None
    return statistics.fmean(values), deviation


def in_words(numbers):
    """Mean and range of numbers over seeds, with the digits that their spread allows.

    Args:
        numbers: one number per seed, at least one.

    Returns:
        Text such as "21.7 (20.8 to 22.9, 8 seeds)".
    """
    numbers = np.ravel(np.asarray(numbers, float))
    if not numbers.size:
        return "nothing recorded"
    low, high = numbers.min(), numbers.max()
    spread = high - low or np.abs(numbers).max() or 1.0
    # Two digits of the spread, at most six after the point.
    places = min(6, max(0, 1 - math.floor(math.log10(spread))))
    mean, low, high = (f"{n:,.{places}f}" for n in (numbers.mean(), low, high))
    return f"{mean} ({low} to {high}, {numbers.size} seeds)"


def settings(config):
    """What was run, as plain values: a configuration without name and place."""
    config = _plain(config)
    return {name: value for name, value in config.items() if name not in _INCIDENTAL}


def _identity(run):
    config = json.dumps(_plain(run["config"]), sort_keys=True)
    return run["preset"], run["seed"], config


def _plain(value):
    """What JSON makes of a value: tuples become lists."""
    return json.loads(json.dumps(value))


def table(rows, columns):
    """A Markdown table of rows of texts."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |"
        for line in lines
    )
