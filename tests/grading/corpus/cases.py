"""What a case of the corpus is, and the ways to make one.

Each case has the points of the three questions that it must get, and the state. What a
case does to its surroundings is checked once for all of them, in test_hostile.py.
"""

import dataclasses

from tests.grading.small_course import answered, hand_in

ALL, NONE = (2, 2, 4), (0, 0, 0)
LOST_DOUBLE, LOST_TWICE, LOST_TOTAL = (0, 2, 4), (2, 0, 4), (2, 2, 0)


@dataclasses.dataclass
class Case:
    """One submission.

    Attributes:
        name: the student's id: class and what it does.
        make: function of (root, student) that hands it in.
        points: of double, twice, total.
        state: of the result.
        says: words that the reason, a note or an error must hold.
    """

    name: str
    make: object
    points: tuple
    state: str = "graded"
    says: str = ""


CASES = []


def add(name, make, points=ALL, state="graded", says=""):
    CASES.append(Case(name, make, points, state, says))


def code(name, points, says="", **answers):
    """A case that only changes answers."""

    def make(root, student):
        hand_in(root, student, answered(**answers))

    add(name, make, points, says=says)


def edited(name, points, edit, state="graded", says=""):
    """A case whose right notebook is edited in place (or replaced)."""

    def make(root, student):
        notebook = answered()
        hand_in(root, student, edit(notebook) or notebook)

    add(name, make, points, state, says)


def raw(name, data, says, state="rejected"):
    """A case of bytes that are no notebook."""
    add(name, lambda root, student: hand_in(root, student, data), NONE, state, says)
