"""How `make test` shares its tests: one pool, whole files, the long ones first.

This is a plugin of pytest and pytest-xdist (`-p schedule`, with this folder on
PYTHONPATH). The tests of a file share what they set up, so one process runs all of
them; those that run over the lessons or over the exercises are shared out lesson by
lesson. Notebooks and the other long files come first, so that the processes end at
about the same time.
"""

import costs
from xdist.scheduler import LoadScopeScheduling

from lessons import catalog

SLUGS = {lesson.slug for lesson in catalog.LESSONS}
# What takes longest, first; everything else follows in the order of collecting.
FIRST = (
    "notebooks/",
    "tests/docs/",
    "tests/grading/",
    "tests/course/",
    "tests/contract/",
)
_BY_LESSON = ("tests/course/", "tests/contract/")


def group_of(node):
    """The tests that one process runs together with this one, as a name.

    Args:
        node: the test as pytest names it.
    """
    path = node.partition("::")[0]
    if path.startswith(_BY_LESSON):
        return f"{path} {costs.lesson_of(node, SLUGS)}"
    return path


def rank_of(node):
    """Place in the order of work: a smaller number comes earlier."""
    for rank, beginning in enumerate(FIRST):
        if node.startswith(beginning):
            return rank
    return len(FIRST)


class Groups(LoadScopeScheduling):
    """Gives each process whole groups."""

    def _split_scope(self, nodeid):
        return group_of(nodeid)


def pytest_collection_modifyitems(items):
    """Put the long files first; the order of the tests within a group stays."""
    items.sort(key=lambda item: rank_of(item.nodeid))


def pytest_xdist_make_scheduler(config, log):
    """Share whole groups, in the order of the collection."""
    config.option.loadscopereorder = False
    return Groups(config, log)
