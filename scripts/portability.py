"""Run a lesson's notebook and tests as other processors would run them.

    .venv/bin/python scripts/portability.py lstm
    .venv/bin/python scripts/portability.py lstm vae --only notebook --pairs

A processor decides in which order the terms of a sum are added. Each setting here
chooses other kernels: of OpenBLAS (NumPy), of oneDNN and XLA (TensorFlow), and the
number of threads. A few settings show every value of every factor at least once;
`--pairs` shows every two values together. Prints a table and what failed; the exit
status is 1 if anything did.
"""

import argparse
import itertools
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from lessons import catalog
from lessons.toolkit.errors import UserError

ROOT = Path(__file__).resolve().parents[1]
COLOURS = re.compile(r"(?:\x1b|#x1B)\[[0-9;]*m")  # as a terminal and as XML have them
FACTORS = {
    "blas": ("Haswell", "Sandybridge", "SkylakeX", "Prescott", "Zen"),
    "onednn": ("on", "off"),
    "isa": ("AVX2", "SSE41", "best"),
    "xla": ("best", "SSE4_2"),
    "threads": ("1", "2"),
}
# What a processor must have to run OpenBLAS's kernels for a core type.
NEEDS = {
    "Haswell": {"AVX2", "FMA3"},
    "Zen": {"AVX2", "FMA3"},
    "SkylakeX": {"AVX512F", "AVX512BW", "AVX512DQ", "AVX512VL"},
    "Sandybridge": {"AVX"},
    "Prescott": {"SSE3"},
}


def missing(core, features):
    """Features that a core type's kernels need and the processor lacks, sorted."""
    return sorted(NEEDS[core] - set(features))


def features():
    """Names of this processor's features, as NumPy found them."""
    from numpy._core import _multiarray_umath

    return {name for name, has in _multiarray_umath.__cpu_features__.items() if has}


def _every(factors):
    """All settings: a dictionary for each combination of values."""
    combinations = itertools.product(*factors.values())
    return [dict(zip(factors, values, strict=True)) for values in combinations]


def _pairs(setting):
    """The pairs of values that meet in a setting."""
    return set(itertools.combinations(setting.items(), 2))


def each_once(factors):
    """Few settings, chosen greedily, in which every value of every factor stands.

    Args:
        factors: tuples of values by name.

    Returns:
        List of dictionaries, one value for each factor.
    """
    left = {(name, value) for name, values in factors.items() for value in values}
    every, met, chosen = _every(factors), set(), []
    while left:
        best = max(
            every, key=lambda s: (len(left & {*s.items()}), len(_pairs(s) - met))
        )
        chosen.append(best)
        left -= {*best.items()}
        met |= _pairs(best)
    return chosen


def each_pair(factors):
    """Settings, chosen greedily, in which every two values of two factors meet.

    Args:
        factors: tuples of values by name.

    Returns:
        List of dictionaries, one value for each factor.
    """
    every, chosen = _every(factors), []
    left = set().union(*map(_pairs, every))
    while left:
        chosen.append(max(every, key=lambda setting: len(_pairs(setting) & left)))
        left -= _pairs(chosen[-1])
    return chosen


def environment(setting, base):
    """Environment variables that bring a setting about, over those of `base`."""
    flags = base.get("XLA_FLAGS", "")
    if setting["xla"] != "best":
        flags = f"{flags} --xla_cpu_max_isa={setting['xla']}".strip()
    changes = {
        "OPENBLAS_CORETYPE": setting["blas"],
        "TF_ENABLE_ONEDNN_OPTS": "1" if setting["onednn"] == "on" else "0",
        "ONEDNN_MAX_CPU_ISA": None if setting["isa"] == "best" else setting["isa"],
        "XLA_FLAGS": flags or None,
        "TF_NUM_INTRAOP_THREADS": setting["threads"],
        "OMP_NUM_THREADS": setting["threads"],
        "OPENBLAS_NUM_THREADS": setting["threads"],
        "LESSONS_PROGRESS": "off",
        "PYTHONHASHSEED": "0",
    }
    kept = {name: value for name, value in base.items() if name not in changes}
    return kept | {name: value for name, value in changes.items() if value is not None}


def commands(lesson, parts):
    """Arguments of pytest by part: the notebook compared, the lesson's own tests."""
    notebook = ["--nbval", "--nbval-current-env", str(lesson.notebook)]
    found = {"notebook": notebook, "tests": [f"tests/{lesson.unit}/{lesson.slug}"]}
    return {part: found[part] for part in parts}


def failures(report):
    """What failed, by the JUnit file that pytest wrote: a line for each."""
    lines = []
    for case in ElementTree.parse(report).iter("testcase"):
        for bad in (*case.findall("failure"), *case.findall("error")):
            said = bad.get("message", "") + "\n" + (bad.text or "")
            said = COLOURS.sub("", said).splitlines()
            why = [line.strip() for line in said if "Error: " in line] or said[:1]
            reason = "".join(why[-1:])
            lines.append(f"{case.get('classname')} {case.get('name')}: {reason[:160]}")
    return lines


def verdict(arguments, variables):
    """Run pytest in a setting: (passed, lines that say what failed)."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}"]
        answer = subprocess.run(
            [*command, *arguments],
            cwd=ROOT,
            env=variables,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        found = failures(report) if report.exists() else answer.stdout.splitlines()[-5:]
    return answer.returncode == 0, found if answer.returncode else []


def main(arguments=None):
    """Read the command line and run the matrix; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("slugs", nargs="+", metavar="SLUG", help="lessons to run")
    parser.add_argument("--only", choices=("notebook", "tests"), help="only this part")
    parser.add_argument("--pairs", action="store_true", help="every pair of values")
    options = parser.parse_args(arguments)
    try:
        lessons = [catalog.find(slug) for slug in options.slugs]
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    settings = (each_pair if options.pairs else each_once)(FACTORS)
    have, bad = features(), 0
    for core in FACTORS["blas"]:
        if lacking := missing(core, have):
            print(f"{core} is left out: this processor has no {', '.join(lacking)}.")
    settings = [setting for setting in settings if not missing(setting["blas"], have)]
    print(f"{'lesson':24s} {'part':9s} " + " ".join(f"{n:11s}" for n in FACTORS))
    parts = (options.only,) if options.only else ("notebook", "tests")
    for lesson, setting in itertools.product(lessons, settings):
        variables = environment(setting, os.environ)
        for part, words in commands(lesson, parts).items():
            passed, lines = verdict(words, variables)
            shown = " ".join(f"{value:11s}" for value in setting.values())
            state = "passes" if passed else "FAILS"
            print(f"{lesson.slug:24s} {part:9s} {shown} {state}", flush=True)
            print("".join(f"    {line}\n" for line in lines), end="", flush=True)
            bad += not passed
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
