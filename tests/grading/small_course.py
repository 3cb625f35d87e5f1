"""A small course in nbgrader's layout, and notebooks that students might hand in."""

import copy
import functools
import json
import pathlib
import re
import tempfile

SLUG = "sums"
SOURCE = '''\
# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1 (2 points)

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    """Twice an array."""
    ### BEGIN SOLUTION
    return 2 * np.asarray(x)
    ### END SOLUTION

# %% nbgrader={"grade_id": "double_tests", "grade": true, "points": 2}
given = np.array([1.0, 2.0])
assert np.allclose(double(given), [2, 4]), "every element is to be doubled"
### BEGIN HIDDEN TESTS
hidden = np.linspace(-3, 3, 7)
assert np.allclose(double(hidden), hidden + hidden), "also where it is negative"
assert np.array_equal(hidden, np.linspace(-3, 3, 7)), "the array must not be changed"
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2 (2 points)

# %% nbgrader={"grade_id": "twice", "solution": true}
def twice(function, x):
    """Apply a function two times."""
    ### BEGIN SOLUTION
    return function(function(x))
    ### END SOLUTION

# %% nbgrader={"grade_id": "twice_tests", "grade": true, "points": 2}
assert twice(lambda x: x + 1, 3) == 5, "the function must be called two times"
### BEGIN HIDDEN TESTS
calls = []
def note(x):
    calls.append(x)
    return 3 * x
assert twice(note, 2.0) == 18.0, "each call gets what the last one gave"
assert calls == [2.0, 6.0], "exactly two calls"
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3 (4 points)

# %% nbgrader={"grade_id": "total", "solution": true}
def total(x):
    """Sum of a list."""
    ### BEGIN SOLUTION
    return float(sum(x))
    ### END SOLUTION

# %% nbgrader={"grade_id": "total_tests", "grade": true, "points": 4}
assert total([1, 2]) == 3, "one and two are three"
### BEGIN HIDDEN TESTS
def points():
    found = 1
    for values in ([0.5] * 4, [], [-1, 1, 5]):
        found += total(values) == sum(values)
    return found
points()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4 (1 point)

# %% [markdown] nbgrader={"grade_id": "why", "points": 1, MANUAL}
# Why?
# ### BEGIN SOLUTION
# Because.
# ### END SOLUTION
'''
SOURCE = SOURCE.replace("MANUAL", '"grade": true, "solution": true')
RIGHT = {
    "double": "def double(x):\n    return np.asarray(x) + x",
    "twice": "def twice(function, x):\n    return function(function(x))",
    "total": "def total(x):\n    return float(np.sum(x))",
    "why": "It follows.",
}


def source():
    """The instructor's notebook, a copy for whoever asks."""
    return copy.deepcopy(_source())


@functools.cache
def _source():
    from lessons.grading import exercise

    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, f"{SLUG}.py")
        path.write_text(SOURCE)
        return exercise.read(path)


def make_course(root):
    """Write the course's source; students hand in below `root / "submitted"`."""
    from lessons.grading import exercise

    exercise.write(source(), root / "source" / SLUG / f"{SLUG}.ipynb")
    (root / "nbgrader_config.py").write_text("c = get_config()\n")
    return root


def released():
    """The students' notebook as plain JSON, with stubs and without hidden tests."""
    from lessons.grading import exercise

    notebook = json.loads(json.dumps(source()))
    for cell in notebook["cells"]:
        stub = "raise NotImplementedError()"
        if cell["cell_type"] == "markdown":
            stub = "YOUR ANSWER HERE"
        for begin, end, new in (
            (exercise.BEGIN_SOLUTION, exercise.END_SOLUTION, stub),
            (exercise.BEGIN_HIDDEN, exercise.END_HIDDEN, ""),
        ):
            hidden = re.compile(f"{begin}.*?{end}", re.DOTALL)
            cell["source"] = hidden.sub(new, cell["source"])
    return notebook


def named(notebook, name):
    """The cell with a grade id."""
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            return cell
    raise KeyError(name)


def answered(**changes):
    """The right notebook, with some answers changed; None leaves the stub."""
    notebook = released()
    for name, source in (RIGHT | changes).items():
        if source is not None:
            named(notebook, name)["source"] = source
    return notebook


def hand_in(root, student, notebook, name=f"{SLUG}.ipynb"):
    """Put a notebook (or bytes) where the collector would put it."""
    folder = pathlib.Path(root, "submitted", student, SLUG)
    folder.mkdir(parents=True, exist_ok=True)
    if not isinstance(notebook, bytes):
        notebook = json.dumps(notebook).encode()
    (folder / name).write_bytes(notebook)
    return folder / name


def scores(result):
    """Points of the three questions that tests decide."""
    found = result["notebooks"][SLUG]["scores"]
    return tuple(
        found[f"{name}_tests"]["auto"] for name in ("double", "twice", "total")
    )


def fill(root, count=12):
    """Students of four kinds hand in; returns the points each must get."""
    make_course(root)
    expected = {}
    for number in range(count):
        student = f"student{number:02d}"
        notebook, points = [
            (answered(), (2, 2, 4)),
            (answered(double="def double(x): return x"), (0, 2, 4)),
            (released(), (0, 0, 0)),
            (answered(total="def total(x): return sum(x) if x else None"), (2, 2, 3)),
        ][number % 4]
        hand_in(root, student, notebook)
        expected[student] = points
    return expected


def book(root):
    from nbgrader.api import Gradebook

    return Gradebook(f"sqlite:///{root / 'gradebook.db'}")


def in_book(root):
    """Points of everybody, read from the gradebook."""
    with book(root) as opened:
        return {
            one.student.id: tuple(
                opened.find_grade(
                    f"{name}_tests", SLUG, SLUG, one.student.id
                ).auto_score
                for name in ("double", "twice", "total")
            )
            for one in opened.assignment_submissions(SLUG)
        }
