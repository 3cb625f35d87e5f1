"""Archives of learning platforms: submissions come in, feedback goes back.

Moodle and Canvas give all submissions of an assignment as one ZIP file, in which the
name of each file or folder begins with whose it is; what is uploaded in return has to
begin the same way. Names from an archive are never used as paths.
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import zipfile
import zlib

from lessons.grading.records import neutral
from lessons.grading.trusted import intake
from lessons.toolkit import files
from lessons.toolkit.errors import UserError

NAME = "collected.json"  # in the assignment's folder of results
FEEDBACK = "feedback.zip"
_MOST_FILES = 50_000
_FORMS = {
    # "Ada Lovelace_4711_assignsubmission_file_/vae.ipynb", or all in one name
    "Moodle": re.compile(
        r"(?:.*/)?(?P<head>(?P<who>[^/]+?)_(?P<number>\d+)_assignsubmission_file"
        r"(?:_/|/|_))(?P<file>.+)"
    ),
    # "lovelaceada_LATE_4711_1234567_vae-1.ipynb"
    "Canvas": re.compile(
        r"(?:.*/)?(?P<head>(?P<who>[^/_]+)_(?:LATE_)?(?P<number>\d+)_(?P<upload>\d+)_)"
        r"(?P<file>[^/]+)"
    ),
}
_DAMAGED = OSError, EOFError, ValueError, zipfile.BadZipFile, zlib.error
_COPY = re.compile(r"(?: ?\(\d+\)|[-_ ]\d+)$")  # what browsers and platforms add


@dataclasses.dataclass(frozen=True)
class Found:
    """A notebook in an archive.

    Attributes:
        form: "Moodle" or "Canvas".
        who: name of the student, as the platform writes it.
        number: the platform's number of the student or of the submission.
        head: how names begin that belong to this submission.
        file: the file's own name.
        order: of two files of one student the later is greater.
        entry: the entry of the archive.
    """

    form: str
    who: str
    number: str
    head: str
    file: str
    order: tuple
    entry: zipfile.ZipInfo


def collect(archive, folder, submitted, assignment, notebooks, students=()):
    """Put the notebooks of an archive where submissions belong.

    Args:
        archive: path of the ZIP file.
        folder: of the assignment's results; `NAME` in it keeps whose names were whose.
        submitted: the course's folder of submissions.
        assignment: its name.
        notebooks: names of the assignment's notebooks, without ".ipynb".
        students: (id, first name, last name, number on the platform) of those known.

    Returns:
        (taken, left): lists of (student, path, "new", "changed" or "the same") and of
        (name in the archive, why it was left out).

    Raises:
        UserError: it is no such archive, or nothing in it was recognised.
    """
    folder.mkdir(parents=True, exist_ok=True)
    known = _known(folder / NAME)
    taken, left = [], []
    with _opened(archive) as opened:
        found, left = _read(opened)
        folders = [path.name for path in submitted.glob("*")]
        ids = _ids(found, known, students, folders)
        for (form, number), own in _by_student(found).items():
            student = ids[form, number]
            chosen, others = _chosen(own, notebooks)
            left += others
            for name, one in chosen.items():
                data = _bytes(opened, one.entry)
                if data is None:
                    left.append((one.entry.filename, "it is too large or damaged"))
                    continue
                path = submitted / student / assignment / f"{name}.ipynb"
                taken.append((student, path, _write(path, data)))
                known[student] = {"form": form, "number": number, "head": one.head}
    files.write_text(folder / NAME, json.dumps(known, indent=1, sort_keys=True) + "\n")
    return sorted(taken), sorted(left)


def give_back(pages, folder):
    """Write an archive of feedback that the platform takes back.

    Args:
        pages: for each student the paths of the pages.
        folder: of the assignment's results; see `collect`.

    Returns:
        The archive's path.
    """
    known, path = _known(folder / NAME), folder / FEEDBACK
    part = path.with_name(f".{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, paths in sorted(pages.items()):
            head = known.get(student, {}).get("head", f"{student}/")
            for page in paths:
                archive.write(page, head + page.name)
    os.replace(part, path)
    return path


def _known(path):
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


@contextlib.contextmanager
def _opened(path):
    try:
        opened = zipfile.ZipFile(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise UserError(
            f"{path} is no ZIP archive: {error}. Allowed: the file that Moodle or "
            "Canvas gives for all submissions of an assignment."
        ) from None
    with opened:
        if len(opened.infolist()) > _MOST_FILES:
            raise UserError(f"{path} has more than {_MOST_FILES} files.")
        yield opened


def _read(opened):
    """(notebooks of students, what else is there and why it is left out)."""
    found, left, files_seen = [], [], 0
    for place, entry in enumerate(opened.infolist()):
        name = entry.filename.replace("\\", "/")
        if entry.is_dir() or "__MACOSX/" in name:
            continue
        files_seen += 1
        matches = {form: one.fullmatch(name) for form, one in _FORMS.items()}
        form = next((form for form, match in matches.items() if match), None)
        if form is None:
            left.append((name, "whose it is cannot be told from its name"))
            continue
        match = matches[form]
        own = pathlib.PurePosixPath(match["file"]).name
        if not own.lower().endswith(".ipynb"):
            left.append((name, "it is no notebook"))
            continue
        upload = int(match.groupdict().get("upload") or 0)
        order = upload, entry.date_time, place
        found.append(
            Found(form, match["who"], match["number"], match["head"], own, order, entry)
        )
    if not found:
        raise UserError(
            f"no submission was recognised among {files_seen} files. Allowed: names "
            "such as NAME_NUMBER_assignsubmission_file_/vae.ipynb (Moodle) or "
            "name_NUMBER_NUMBER_vae.ipynb (Canvas)."
        )
    return found, left


def _by_student(found):
    students = {}
    for one in found:
        students.setdefault((one.form, one.number), []).append(one)
    return students


def _ids(found, known, students, folders):
    """Ids by form and number: those of the gradebook, of before, or made of the name.

    A name on the platform is a student's own choice. So it is taken for a student of
    the gradebook only where no two numbers claim the same one.
    """
    before = {(k.get("form"), k.get("number")): who for who, k in known.items()}
    claims = {}
    for key, (one, *_) in _by_student(found).items():
        for student in _same_person(one, students):
            if student in known and before.get(key) != student:
                continue  # that student has another number
            claims.setdefault(student, set()).add(key)
    named = {}
    for student, keys in claims.items():
        for key in keys if len(keys) == 1 else ():
            named[key] = None if key in named else student
    made, used = {}, {*known, *folders, *(student for student, *_ in students)}
    for key, (one, *_) in _by_student(found).items():
        made[key] = before.get(key) or named.get(key) or _new_id(one, used)
        used.add(made[key])
    return made


def _same_person(one, students):
    """Ids of the gradebook's students that a submission may belong to."""
    word = _letters(one.who)
    for student, first, last, number in students:
        if one.form == "Canvas" and number:
            same = number == one.number
        else:
            names = (first or "", last or "")
            both = {_letters("".join(names)), _letters("".join(names[::-1]))}
            same = word in both
        if same:
            yield student


def _letters(text):
    return "".join(filter(str.isalnum, text.casefold()))


def _new_id(one, used):
    name = neutral.fit_id(one.who)
    return name if name and name not in used else f"{name}-{one.number}".lstrip("-")


def _chosen(own, notebooks):
    """(by notebook the latest file of a student, the others with why)."""
    chosen, left = {}, []
    for one in sorted(own, key=lambda one: one.order):
        stem = one.file[: -len(".ipynb")]
        while stem not in notebooks and _COPY.search(stem):
            stem = _COPY.sub("", stem)
        if stem not in notebooks and len(own) == len(notebooks) == 1:
            stem = notebooks[0]
        if stem not in notebooks:
            left.append((one.entry.filename, f"it is not {' or '.join(notebooks)}"))
            continue
        if stem in chosen:
            left.append((chosen[stem].entry.filename, "a later one was handed in"))
        chosen[stem] = one
    return chosen, left


def _bytes(opened, entry):
    """What an entry holds, or None if that is too much or cannot be read."""
    try:
        with opened.open(entry) as file:
            data = file.read(intake.LARGEST + 1)
    except (*_DAMAGED, RuntimeError, NotImplementedError):  # the last two: encrypted
        return None
    return data if len(data) <= intake.LARGEST else None


def _write(path, data):
    """Write a file that is not there yet; what became of it, in a word."""
    with contextlib.suppress(OSError):
        if path.read_bytes() == data:
            return "the same"
    word = "changed" if path.exists() else "new"
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(path, data)
    # The time of another file is not this one's.
    path.with_name("timestamp.txt").unlink(missing_ok=True)
    return word
