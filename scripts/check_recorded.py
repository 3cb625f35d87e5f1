"""Does the code of today still give the numbers that were recorded?

    .venv/bin/python scripts/check_recorded.py ot_gan --preset laptop --seed 1
    .venv/bin/python scripts/check_recorded.py ot_gan --fingerprint

The first makes one recorded run of each configuration of a preset again and compares
every number but times; the exit status is 1 if any differs. It takes as long as the
runs took. The second stores the numbers of the smoke preset in
`tests/contract/fingerprints.json`. The contract makes that run anyway and compares it:
when a change of the code changes numbers, this is noticed within seconds, and whoever
made the change records the lesson's runs again before taking a new fingerprint.
"""

import argparse
import json
import pathlib
import sys

from lessons import catalog
from lessons.toolkit import config as toolkit_config
from lessons.toolkit import files, results
from lessons.toolkit.errors import UserError

FINGERPRINTS = (
    pathlib.Path(__file__).resolve().parents[1] / "tests/contract/fingerprints.json"
)
CLOCK = "second"  # in the name of what differs from run to run
# What processors may make of the same run: relative, and absolute for small numbers.
RELATIVE, ABSOLUTE = 1e-2, 1e-3


def differences(recorded, found):
    """Metrics that two runs do not share or that differ, as {name: (old, new)}.

    Times are left out. A number that only one of them has stands beside None.
    """
    names = {name for name in recorded.keys() | found.keys() if CLOCK not in name}
    pairs = {name: (recorded.get(name), found.get(name)) for name in sorted(names)}
    return {name: pair for name, pair in pairs.items() if not _agree(*pair)}


def _agree(old, new):
    if old is None or new is None:
        return False
    return abs(new - old) <= max(ABSOLUTE, RELATIVE * abs(old))


def smoke_of(lesson):
    """The smoke preset, with a batch that two devices can share."""
    smoke = lesson.module("config").PRESETS["smoke"]
    return smoke.replace(batch_size=smoke.batch_size + smoke.batch_size % 2)


def fingerprints():
    """The stored numbers of smoke runs, by lesson."""
    if not FINGERPRINTS.is_file():
        return {}
    return json.loads(FINGERPRINTS.read_text(encoding="utf-8"))


def take_fingerprint(lesson):
    """Store the numbers of a lesson's smoke run."""
    metrics = lesson.module("experiment").run(smoke_of(lesson)).metrics
    kept = {k: float(f"{v:.6g}") for k, v in metrics.items() if CLOCK not in k}
    stored = fingerprints() | {lesson.slug: dict(sorted(kept.items()))}
    text = json.dumps(dict(sorted(stored.items())), indent=1)
    files.write_text(FINGERPRINTS, text + "\n")


def check(lesson, preset, seed):
    """Make the recorded runs of a preset and seed again, one by one, and compare.

    Returns:
        The number of runs that differ.

    Raises:
        UserError: there is no such recorded run.
    """
    runs = [
        run
        for run in results.load(lesson.folder / "results.json")
        if (run["preset"], run["seed"]) == (preset, seed)
    ]
    if not runs:
        raise UserError(f"{lesson.slug}: no run of {preset!r}, seed {seed}, recorded.")
    base = toolkit_config.preset(lesson.module("config").PRESETS, preset)
    count = 0
    for run in runs:
        config = base.replace(**run["config"])
        changed = {k: v for k, v in config.to_dict().items() if getattr(base, k) != v}
        print(f"{lesson.slug} {preset} {changed}, recorded at {run['commit']}")
        found = lesson.module("experiment").run(config).metrics
        wrong = differences(run["metrics"], found)
        for name, (old, new) in wrong.items():
            print(f"  {name}: recorded {old}, now {new}")
        count += bool(wrong)
    print(f"{count} of {len(runs)} runs give other numbers today")
    return count


def main(arguments=None):
    """Compare or take fingerprints, as the command line says; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("slug", nargs="*", help="lessons; all that are written if none")
    parser.add_argument("--preset", default="laptop", help="whose runs (laptop)")
    parser.add_argument("--seed", type=int, default=0, help="of the runs (0)")
    parser.add_argument(
        "--fingerprint", action="store_true", help="store smoke runs instead"
    )
    given = parser.parse_args(arguments)
    try:
        lessons = [catalog.find(slug) for slug in given.slug] or catalog.ready()
        if given.fingerprint:
            for lesson in lessons:
                take_fingerprint(lesson)
            return 0
        return min(1, sum(check(each, given.preset, given.seed) for each in lessons))
    except UserError as error:
        print(error, file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
