"""A practice notebook as a file, for those who work without a running notebook."""

import json
import pathlib
import time

from lessons.grading.trusted import intake
from lessons.practice import material as of_exercise
from lessons.practice.session import Session
from lessons.toolkit.errors import UserError

_POLL = 0.3  # seconds between two looks at the file


def session(path, course=None):
    """A `Session` on the answers of a notebook; it is read anew for every check.

    Args:
        path: what `lessons practice` wrote.
        course: the course's directory; by default that of this checkout.

    Raises:
        UserError: the file cannot be read, or is no practice notebook.
    """
    path = pathlib.Path(path)
    slug = _slug(path)
    material = of_exercise.Material(slug, course)
    ours = {cell.id for cell in material.for_practice().cells}
    ours -= {cell.id for cell in material.notebook.cells}
    return Session(
        material,
        cells=lambda: [cell for cell in _read(path).cells if cell.number not in ours],
    )


def wait_for_change(path):
    """Return when a file has been saved again."""
    before = _stamp(path)
    while _stamp(path) == before:
        time.sleep(_POLL)


def _stamp(path):
    try:
        found = pathlib.Path(path).stat()
    except OSError:  # editors replace files
        return None
    return found.st_mtime_ns, found.st_size


def _read(path):
    try:
        return intake.read(path.parent, path.name)
    except intake.RejectedError as error:
        raise UserError(f"cannot read {path}: {error}.") from None


def _slug(path):
    try:
        metadata = json.loads(path.read_text(encoding="utf-8"))["metadata"]
        return metadata.get(of_exercise.KEY, {})["practice"]
    except OSError as error:
        raise UserError(f"cannot read {path}: {error.strerror}.") from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UserError(
            f"{path} is no practice notebook. Allowed: a file that `lessons practice "
            "LESSON` wrote."
        ) from None
