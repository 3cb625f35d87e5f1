"""What `make test` runs, in order, stopping at the first failure.

1. style and formatting;
2. in one pool of processes (`schedule`), the tests - each lesson's own, the contract
   every lesson keeps, the course - and every notebook, executed again and compared with
   its stored outputs.

With a lesson's slug, only what belongs to that lesson. At the end, also after a
failure, a table says what each lesson costs (`costs`).
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import costs

from lessons import catalog
from lessons.toolkit.errors import UserError

ROOT = pathlib.Path(__file__).resolve().parents[1]

# One thread in each process: processes side by side use the cores better than threads
# do, and sums come out the same on every machine whatever its number of cores.
ENVIRONMENT = {
    "LESSONS_PROGRESS": "off",
    "PYTHONHASHSEED": "0",
    "TF_NUM_INTRAOP_THREADS": "1",
}


def lint():
    """Commands that check style and formatting: of everything, it takes no time."""
    return [
        ["-m", "ruff", "check", "--quiet"],
        ["-m", "ruff", "format", "--check", "--quiet"],
    ]


def tests(lesson):
    """Folders of the tests; of one lesson if it is not None."""
    if lesson is None:
        return ["tests"]
    folders = (f"tests/{lesson.unit}/{lesson.slug}", "tests/contract", "tests/course")
    return [folder for folder in folders if (ROOT / folder).is_dir()]


def notebooks(lesson):
    """Stored notebooks to execute and to compare; of one lesson if it is not None.

    Raises:
        UserError: a written lesson has no stored notebook.
    """
    chosen = catalog.ready() if lesson is None else (lesson,)
    missing = [each for each in chosen if not (ROOT / each.notebook).is_file()]
    if missing:
        raise UserError(
            f"no stored notebook for {', '.join(each.slug for each in missing)}. "
            f"Make it: make notebooks LESSON={missing[0].slug}"
        )
    if lesson is not None:
        return [lesson.notebook]
    paths = sorted((ROOT / "notebooks").rglob("*.ipynb"))
    files = [path for path in paths if ".ipynb_checkpoints" not in path.parts]
    return [str(file.relative_to(ROOT)) for file in files]


def commands(lesson, jobs, only=None):
    """Commands that check everything, in order.

    Args:
        lesson: the only lesson to check, or None.
        jobs: processes side by side.
        only: "lint", "tests" or "notebooks", or None for all.

    Raises:
        UserError: a written lesson has no stored notebook.
    """
    paths = [
        *(notebooks(lesson) if only in (None, "notebooks") else []),
        *(tests(lesson) if only in (None, "tests") else []),
    ]
    chosen = lint() if only in (None, "lint") else []
    if paths:  # pytest would call it a failure that there is nothing to do
        options = ["-n", str(jobs), "--nbval", "--nbval-current-env"]
        options += ["--lesson", lesson.slug] if lesson and only != "notebooks" else []
        plugins = ["-p", "costs", "-p", "schedule"]
        chosen.append(["-m", "pytest", "-q", *plugins, *options, *paths])
    return chosen


def print_costs(path):
    """Print what the tests have cost so far; nothing if none has run."""
    total = costs.read(path, {lesson.slug for lesson in catalog.LESSONS})
    if total:
        print("", *costs.table(total), sep="\n", flush=True)


def find_fonts(environment):
    """Let matplotlib list this machine's fonts where only this run looks them up.

    The list in a user's cache may stem from another installation, since removed, and
    lack the fonts of mathematics: every figure would then warn about them.
    """
    command = [sys.executable, "-c", "import matplotlib.font_manager"]
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)


def run(commands):
    """Run commands of this Python one after another.

    Returns:
        The exit status of the first that fails, else 0.
    """
    environment = {**os.environ, **ENVIRONMENT}
    paths = [str(pathlib.Path(costs.__file__).parent), os.environ.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    with tempfile.TemporaryDirectory() as folder:
        environment[costs.VARIABLE] = os.path.join(folder, "costs.jsonl")
        environment["MPLCONFIGDIR"] = os.path.join(folder, "matplotlib")
        find_fonts(environment)
        try:
            for command in commands:
                print("$ python", *command, flush=True)
                whole = [sys.executable, *command]
                status = subprocess.call(whole, cwd=ROOT, env=environment)
                if status:
                    return status
            return 0
        finally:
            print_costs(environment[costs.VARIABLE])


def main(arguments=None):
    """Read the command line and run the steps; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("lesson", nargs="?", help="only this lesson")
    steps = ["lint", "tests", "notebooks"]
    parser.add_argument("--only", choices=steps, help="only this step")
    parser.add_argument("--jobs", type=int, default=2, help="processes side by side")
    options = parser.parse_args(arguments)
    try:
        lesson = catalog.find(options.lesson) if options.lesson else None
        chosen = commands(lesson, options.jobs, options.only)
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return run(chosen)


if __name__ == "__main__":
    sys.exit(main())
