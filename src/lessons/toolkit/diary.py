"""What a learner has done, in one small file that survives anything.

The file lies in the user's data folder (`LESSONS_DATA`), is written to the side and
renamed, and is changed under a lock, since several notebooks may be open. One that
cannot be read is set aside under another name, which is said.
"""

import contextlib
import datetime
import json
import os
import pathlib
import sys

from lessons import catalog
from lessons.toolkit import files
from lessons.toolkit.data import cache
from lessons.toolkit.errors import UserError

NAME = "progress.json"
VERSION = 1
_COUNTS = ("tries", "hints")
_NOTEBOOK = "JPY_SESSION_NAME"  # its path, as Jupyter's server gives it to kernels


def path():
    """The file."""
    return cache.folder() / NAME


def load():
    """All that is kept of exercises.

    {slug: {question: {"tries": number, "hints": number, "passed": day, "shown": bool}}}
    "passed" is the day of the first answer that passed or None, "shown" whether the
    model answer was seen before that. A broken file is set aside with a sentence.
    """
    return _load()["exercises"]


def lessons_read():
    """Days on which lessons were first read to the end, by slug."""
    return _load()["read"]


def _load():
    where = path()
    try:
        text = where.read_text(encoding="utf-8")
    except FileNotFoundError:
        return _nothing()
    except (OSError, UnicodeDecodeError):
        return _set_aside(where)
    try:
        kept = json.loads(text)
        if kept["version"] != VERSION:
            return _set_aside(where)
        read = {s: d for s, d in kept.get("read", {}).items() if isinstance(d, str)}
        return {"exercises": _sound(kept["exercises"]), "read": read}
    except (ValueError, KeyError, TypeError, AttributeError):
        return _set_aside(where)


def _nothing():
    return {"exercises": {}, "read": {}}


def of(slug):
    """What is kept of one exercise, by question."""
    return load().get(slug, {})


def tried(slug, question, passed):
    """Count a checked answer."""
    with _changing(slug, question) as entry:
        entry["tries"] += 1
        if passed and not entry["passed"]:
            entry["passed"] = datetime.date.today().isoformat()


def hinted(slug, question, most):
    """Count a hint; returns its number, at most `most`."""
    with _changing(slug, question) as entry:
        entry["hints"] = min(entry["hints"] + 1, most)
        return entry["hints"]


def shown(slug, question):
    """Keep that the model answer was seen before an answer passed."""
    with _changing(slug, question) as entry:
        entry["shown"] = entry["shown"] or not entry["passed"]


def reached_the_end():
    """Keep that the notebook which a person has open was read to its last table.

    Jupyter's server tells a kernel whose notebook it runs; where nobody sits before
    it, in tests and in stored notebooks, there is no such word and nothing is kept.
    """
    slug = pathlib.Path(os.environ.get(_NOTEBOOK, "")).stem
    if slug not in {lesson.slug for lesson in catalog.ready()}:
        return
    with contextlib.suppress(OSError, UserError), _changing_all() as kept:
        kept["read"].setdefault(slug, datetime.date.today().isoformat())


def _entry():
    return {"tries": 0, "hints": 0, "passed": None, "shown": False}


def _sound(kept):
    """Entries of the right form; anything else in them is left out."""
    found = {}
    for slug, questions in kept.items():
        for name, entry in questions.items():
            whole = _entry() | {k: v for k, v in entry.items() if k in _entry()}
            if all(type(whole[key]) is int and whole[key] >= 0 for key in _COUNTS):
                found.setdefault(slug, {})[name] = whole
    return found


@contextlib.contextmanager
def _changing(slug, question):
    """Change the entry of a question."""
    with _changing_all() as kept:
        yield kept["exercises"].setdefault(slug, {}).setdefault(question, _entry())


@contextlib.contextmanager
def _changing_all():
    """Read, change, write, with no other process between."""
    where = path()
    where.parent.mkdir(parents=True, exist_ok=True)
    with _locked(where.with_suffix(".lock")):
        kept = _load()
        yield kept
        text = json.dumps({"version": VERSION, **kept}, indent=1)
        files.write_text(where, text + "\n")


@contextlib.contextmanager
def _locked(path):
    try:
        import fcntl
    except ImportError:  # not on this system: the last writer wins
        yield
        return
    with open(path, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _set_aside(where):
    """Give a file that cannot be read another name; begin anew."""
    now = datetime.datetime.now().strftime("%Y%m%d-%H%M%S")
    other = pathlib.Path(f"{where}.broken-{now}")
    with contextlib.suppress(OSError):
        where.rename(other)
        print(f"{where} could not be read and is now {other.name}", file=sys.stderr)
    return _nothing()
