"""Submissions per minute: this project's grader against plain `nbgrader autograde`.

    python -m benchmarks.grading [--counts 10,100,500] [--plain 10] [--students N]

Two assignments are graded, one with NumPy and one with TensorFlow, each with right and
wrong answers in equal parts. Every measurement is a whole command in a process of its
own, start included, on a course that it has not seen.
"""

import argparse
import contextlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

_SOURCE = '''\
# %% nbgrader={{"grade_id": "setup", "locked": true}}
{imports}

# %% [markdown]
# ## Question (2 points)

# %% nbgrader={{"grade_id": "double", "solution": true}}
def double(x):
    """Twice an array."""
    ### BEGIN SOLUTION
    return {right}
    ### END SOLUTION

# %% nbgrader={{"grade_id": "double_tests", "grade": true, "points": 2}}
assert np.allclose(double(np.array([1.0, 2.0])), [2, 4]), "double every element"
### BEGIN HIDDEN TESTS
for size in (1, 5, 1000):
    assert np.allclose(double(np.ones(size)), 2), "for every length"
### END HIDDEN TESTS
'''
ASSIGNMENTS = {
    "numpy": ("import numpy as np", "2 * np.asarray(x)"),
    "tensorflow": (
        "import numpy as np\nimport tensorflow as tf",
        "tf.multiply(2.0, x).numpy()",
    ),
}


def make_course(root, name, num_students):
    """Write a course with one assignment, released, and hand in for all students."""
    import nbformat

    from lessons.grading import exercise, plain

    imports, right = ASSIGNMENTS[name]
    source = root / f"{name}.py"
    source.write_text(_SOURCE.format(imports=imports, right=right))
    notebook = exercise.read(source)
    source.unlink()
    exercise.write(notebook, root / "source" / name / f"{name}.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    with plain.environment(root / "environment"):
        grader = plain.Nbgrader(root, root / "nbgrader_config.py")
        released = nbformat.read(grader.release(name) / f"{name}.ipynb", as_version=4)
    for number in range(num_students):
        for cell in released.cells:
            if cell.metadata.get("nbgrader", {}).get("grade_id") == "double":
                answer = right if number % 2 == 0 else "x"
                cell.source = f"def double(x):\n    return {answer}"
        path = root / "submitted" / f"student{number:03d}" / name / f"{name}.ipynb"
        exercise.write(released, path)


def seconds(command, root):
    """Time of one command, which must not fail."""
    programs = pathlib.Path(sys.executable).parent
    environment = {
        **os.environ,
        "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT / "src"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    taken = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return taken


def check(root, name, num_students):
    """Every second student must have 2 points, the others none."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        for number in range(num_students):
            found = book.find_submission(name, f"student{number:03d}")
            if found.score != (2 if number % 2 == 0 else 0):
                raise RuntimeError(f"student{number:03d} got {found.score:g} points")


def measure(name, num_students, command):
    """Submissions per minute, and the seconds of the command."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        make_course(root, name, num_students)
        taken = seconds(command(root, name), root)
        check(root, name, num_students)
        with contextlib.suppress(OSError):
            shutil.rmtree(root)
    return 60 * num_students / taken, taken


def plain_nbgrader(root, name):
    """The command of nbgrader itself."""
    program = pathlib.Path(sys.executable).with_name("nbgrader")
    return [program, "autograde", name, f"--CourseDirectory.root={root}"]


def ours(workers):
    """This project's command with a number of workers."""

    def command(root, name):
        options = ["--course", root, "--workers", str(workers)]
        return [sys.executable, "-m", "lessons", "grade", name, *map(str, options)]

    return command


def main(argv=None):
    """Measure and print a table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.grading")
    parser.add_argument("--counts", default="10,100,500")
    parser.add_argument("--plain", default="10", help="counts for plain nbgrader")
    arguments = parser.parse_args(argv)
    print("| assignment | grader | submissions | seconds | per minute |")
    print("|---|---|--:|--:|--:|")
    for name in ASSIGNMENTS:
        rows = [
            ("plain nbgrader", n, plain_nbgrader) for n in arguments.plain.split(",")
        ]
        for workers in (1, 2):
            title = f"`lessons grade`, {workers} worker" + "s" * (workers > 1)
            rows += [(title, n, ours(workers)) for n in arguments.counts.split(",")]
        for title, count, command in rows:
            speed, taken = measure(name, int(count), command)
            line = f"| {name} | {title} | {count} | {taken:.1f} | {speed:.0f} |"
            print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
