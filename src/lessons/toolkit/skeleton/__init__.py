"""The beginning of a lesson: files that run at once, and tests that fail.

`write` makes every file that a lesson has, from the templates in this folder. What they
hold is the smallest lesson, two classifiers of digits, to be replaced part by part. The
contract tests fail until the parts are there that a template cannot know: recorded
runs, the stored notebook, right and wrong answers.
"""

import pathlib
import re
import shutil

from lessons import catalog
from lessons.toolkit import files
from lessons.toolkit.errors import UserError, unknown

_TEMPLATES = pathlib.Path(__file__).parent
_IMPORTS = re.compile(r"(?:^from lessons\..*\n){2,}", re.MULTILINE)
_PACKAGE = (
    "__init__",
    "config",
    "paper",
    "variants",
    "theory",
    "model",
    "evaluation",
    "experiment",
    "figures",
)


def write(root, unit, slug):
    """Write the skeleton of a lesson that the catalog names.

    Args:
        root: a checkout.
        unit: key of `catalog.UNITS`.
        slug: the lesson.

    Returns:
        The paths written, relative to `root`.

    Raises:
        UserError: `root` is no checkout, the catalog has no such row, or a file is
            there already; then nothing is written.
    """
    root = pathlib.Path(root)
    if not (root / "src" / "lessons" / "catalog.py").is_file():
        raise UserError(f"{root} is no checkout of the project. Allowed: its folder.")
    if unit not in catalog.UNITS:
        raise unknown("unit", unit, catalog.UNITS)
    planned = [lesson for lesson in catalog.LESSONS if lesson.slug == slug]
    if not planned or planned[0].unit != unit:
        raise UserError(
            f"the catalog has no row {slug!r} in unit {unit!r}. Allowed: add it to "
            "src/lessons/catalog.py first; or one of "
            + ", ".join(row.slug for row in catalog.LESSONS if _is_free(row, unit))
            + "."
        )
    texts = {path: _fill(name, planned[0]) for path, name in _plan(planned[0])}
    taken = [path for path in texts if (root / path).exists()]
    if taken:
        raise UserError(
            f"{taken[0]} is there already. Allowed: a lesson without files."
        )
    unit_file = pathlib.Path("src", "lessons", unit, "__init__.py")
    if not (root / unit_file).exists():
        texts[unit_file] = f'"""{catalog.UNITS[unit]}."""\n'
    return _write_all(root, texts)


def _is_free(row, unit):
    return row.unit == unit and not row.ready


def _plan(lesson):
    """(path, template) of every file, relative to the checkout."""
    package = pathlib.Path("src", "lessons", lesson.unit, lesson.slug)
    for name in _PACKAGE:
        yield package / f"{name}.py", name
    yield package / "results.json", "results"
    yield pathlib.Path(lesson.notebook).with_suffix(".py"), "notebook"
    yield pathlib.Path(lesson.exercise), "exercise"
    tests = pathlib.Path("tests", lesson.unit, lesson.slug)
    for name in ("theory", "model", "experiment"):
        yield tests / f"test_{lesson.slug}_{name}.py", f"test_{name}"


def _fill(name, lesson):
    text = (_TEMPLATES / f"{name}.txt").read_text(encoding="utf-8")
    for word in ("slug", "unit", "title", "paper", "package"):
        text = text.replace(f"@{word}@", getattr(lesson, word))
    # Where the lesson's imports belong among the project's depends on its unit.
    return _IMPORTS.sub(lambda found: "".join(sorted(found[0].splitlines(True))), text)


def _write_all(root, texts):
    """Write all files, or none."""
    made, folders = [], []
    try:
        for path, text in texts.items():
            folder = (root / path).parent
            missing = [f for f in (folder, *folder.parents) if not f.exists()]
            folders += missing[-1:]
            folder.mkdir(parents=True, exist_ok=True)
            made.append(root / path)
            files.write_text(root / path, text)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
        raise UserError(f"{made[-1]} cannot be written: {error.strerror}") from None
    return list(texts)
