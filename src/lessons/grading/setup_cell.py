"""What the builder adds to an exercise's first cell: it is the same in all of them."""

from lessons import catalog

NAME = "setup"

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
    """
    packages = {lesson.slug: lesson.package for lesson in catalog.LESSONS}
    parts = ["import os\nimport sys\n", source.strip("\n") + "\n"]
    if slug in packages:
        parts.append(_REFUSE_LESSON.strip("\n").format(package=packages[slug]) + "\n")
    return "\n".join((*parts, _SHOW_WARNINGS.strip("\n")))
