"""What the builder adds to an exercise's first cell: it is the same in all of them."""

import inspect
import re

from lessons import catalog
from lessons.grading.watched import watched

NAME = "setup"
UNSAID = "unsaid"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
_LAST_COMMENT = re.compile(r"(.*?)((?:^#[^\n]*\n)*)", re.DOTALL | re.MULTILINE)
_WATCH = "# All calls are watched from here on: what is given must stay as it is."
_REFUSE_LESSON = '''
LESSON = "{package}"


class RefuseLesson:
    """An import hook: here you write what the lesson's package contains."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if f"{{name}}.".startswith(f"{{LESSON}}."):
            raise ModuleNotFoundError(
                f"{{name}} cannot be imported in its own exercise."
            )


sys.meta_path.insert(0, RefuseLesson)
'''

_SHOW_WARNINGS = """
# Warnings are shown as ordinary output: they are worth reading, and a cell that writes
# to standard error would get no points. Errors still stop a cell.
os.dup2(1, 2)
sys.stderr = sys.stdout
"""


def complete(source, slug):
    """The whole first cell.

    Args:
        source: what the exercise's text has in it, its imports.
        slug: the exercise's name. A lesson of that name cannot be imported in the
            notebook; an exercise that belongs to no lesson refuses nothing.

    Returns:
        Its text. It defines `watched`, which `watch` uses.
    """
    packages = {lesson.slug: lesson.package for lesson in catalog.LESSONS}
    parts = ["import os\nimport sys\n", source.strip("\n") + "\n"]
    if slug in packages:
        parts.append(_REFUSE_LESSON.strip("\n").format(package=packages[slug]) + "\n")
    parts.append(inspect.getsource(watched))
    return "\n".join((*parts, _SHOW_WARNINGS.strip("\n")))


def watch(source, name, axes):
    """A cell of tests that watches all calls of the function it tests.

    Args:
        source: the cell, with hidden tests.
        name: the function.
        axes: of its result, see `watched`; UNSAID where nothing is to be held of it (a
            cell that ends with a number gives that many points, so nothing may follow).

    Returns:
        The cell's text. The function is watched from its first line on; at the end of
        the visible and of the hidden tests stands what holds the results.
    """
    held = "" if axes is UNSAID else f"\n\n{name}.held()"
    visible, begin, rest = source.partition(BEGIN_HIDDEN)
    hidden, end, after = rest.partition(END_HIDDEN)
    visible, comment = _LAST_COMMENT.fullmatch(visible).groups()
    given = "" if axes in (None, UNSAID) else f", axes={axes!r}"
    first = f"{_WATCH}\n{name} = watched({name}{given})\n\n\n"
    visible = first + visible.strip("\n") + held + "\n\n\n" + comment
    return visible + begin + hidden.rstrip("\n") + held + "\n" + end + after
