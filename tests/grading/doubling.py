"""A course with one exercise, `doubling`, and its answers."""

import pathlib
import shutil
import textwrap

import pytest

CONFIG = pathlib.Path(__file__).parents[2] / "course" / "nbgrader_config.py"
SOURCE = textwrap.dedent(
    """
    # %% [markdown]
    # # Doubling

    # %% nbgrader={"grade_id": "setup", "locked": true}
    import math

    # %% [markdown]
    # ## Question 1: `double` (2 points)

    # %% nbgrader={"grade_id": "double", "solution": true}
    def double(x):
        ### BEGIN SOLUTION
        secret_sum = x + x
        return secret_sum
        ### END SOLUTION

    # %% nbgrader={"grade_id": "double_tests", "grade": true, "points": 2}
    assert double(1) == 2, "one and one are two"
    ### BEGIN HIDDEN TESTS
    assert double(21) == 42, "a hidden sentence about doubling"
    ### END HIDDEN TESTS

    # %% [markdown]
    # ## Question 2: why? (1 point)

    # %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}
    # ### BEGIN SOLUTION
    # Because the marking guide says so.
    # ### END SOLUTION
    """  # noqa: E501
).lstrip()
RIGHT = '"""Right."""\n\n\ndef double(x):\n    return {}\n'
WRONG = '"""Wrong."""\n\n# loses: double\n\n\ndef double(x):\n    return {}\n'


@pytest.fixture
def small(tmp_path):
    """A course with one exercise, `doubling`, and its answers."""
    root = tmp_path / "course"
    (root / "exercises").mkdir(parents=True)
    (root / "exercises" / "doubling.py").write_text(SOURCE)
    folder = root / "answers" / "doubling"
    folder.mkdir(parents=True)
    (folder / "right_1.py").write_text(RIGHT.format("2 * x"))
    (folder / "right_2.py").write_text(RIGHT.format("x + x"))
    (folder / "wrong_square.py").write_text(WRONG.format("x * x"))
    shutil.copy(CONFIG, root)
    return root
