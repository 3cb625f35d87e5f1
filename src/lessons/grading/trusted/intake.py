"""Reading what a student handed in: never trusted, only cells' texts are kept.

Outputs, tags, kernel names, points and other files of a submission are never used. Of
pictures in written answers the bytes are kept, unopened; see `host`.
"""

import dataclasses
import hashlib
import json
import os
import re
import stat

LARGEST = 20 << 20  # bytes of a notebook
LONGEST_CELL = 500_000  # characters
MOST_CELLS = 2000
LONGEST = 5_000_000  # characters of all cells together
LARGEST_PICTURE, MOST_PICTURES = 8 << 20, 20  # characters of base64; of a notebook
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
_EMBEDDED = re.compile(r"\(data:image/(?:png|jpe?g);base64,([A-Za-z0-9+/=]+)\)")
_KINDS = ("image/png", "image/jpeg")


class RejectedError(Exception):
    """A submission that cannot be graded; the text says why."""


@dataclasses.dataclass(frozen=True)
class Cell:
    """One cell as handed in.

    Attributes:
        kind: "code", "markdown" or another word.
        source: its text.
        name: its grade id, or None.
        number: its cell id, or None.
        pictures: (name, PNG or JPEG file in base64), as the text calls them.
    """

    kind: str
    source: str
    name: str | None
    number: str | None
    pictures: tuple[tuple[str, str], ...] = ()


@dataclasses.dataclass(frozen=True)
class Submission:
    """A notebook as handed in.

    Attributes:
        cells: in order.
        digest: SHA-256 of the file.
        notes: what was left out, in words.
    """

    cells: tuple[Cell, ...]
    digest: str
    notes: tuple[str, ...] = ()


def read(directory, *parts):
    """Read the notebook `directory/PART/.../PART`, following no link below `directory`.

    Raises:
        RejectedError: there is no such file, or it is no notebook.
    """
    data = read_bytes(directory, *parts)
    return parse(data)


def read_bytes(directory, *parts, most=LARGEST):
    """Bytes of a regular file of its own; see `read`."""
    *folders, name = parts
    opened = [os.open(directory, os.O_RDONLY | os.O_DIRECTORY)]
    try:
        for folder in folders:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            opened.append(os.open(folder, flags, dir_fd=opened[-1]))
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        opened.append(os.open(name, flags, dir_fd=opened[-1]))
        found = os.fstat(opened[-1])
        if not stat.S_ISREG(found.st_mode):
            raise RejectedError(f"{name} is not a regular file")
        if found.st_nlink != 1:
            raise RejectedError(f"{name} is a link to another file")
        if found.st_size > most:
            raise RejectedError(
                f"{name} has more than {most >> 20} MB; clear its outputs, which are "
                "not graded, save it and hand it in again"
            )
        with open(opened[-1], "rb", closefd=False) as file:
            return file.read(most + 1)[:most]
    except FileNotFoundError:
        raise RejectedError(f"there is no file {name}") from None
    except OSError as error:
        # ELOOP and ENOTDIR: a link where a file or folder belongs.
        reason = f"{name} cannot be read: {error.strerror}"
        raise RejectedError(reason) from None
    finally:
        for descriptor in opened:
            os.close(descriptor)


def parse(data):
    """A `Submission` from the bytes of a notebook.

    Raises:
        RejectedError: the bytes are no notebook of format 4.
    """
    digest = hashlib.sha256(data).hexdigest()
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise RejectedError("the notebook is not text in UTF-8") from None
    except (ValueError, RecursionError):
        raise RejectedError("the notebook is not valid JSON") from None
    if not isinstance(notebook, dict) or not isinstance(notebook.get("cells"), list):
        old = isinstance(notebook, dict) and "worksheets" in notebook
        reason = "the notebook has format 3; 4 is needed" if old else "no notebook"
        raise RejectedError(reason)
    if len(notebook["cells"]) > MOST_CELLS:
        raise RejectedError(f"the notebook has more than {MOST_CELLS} cells")
    cells, notes, pictures, length = [], [], 0, 0
    for index, raw in enumerate(notebook["cells"]):
        cell = _cell(raw)
        if cell is not None:
            pictures += len(cell.pictures)
            length += len(cell.source)
            if pictures > MOST_PICTURES:
                cell = dataclasses.replace(cell, pictures=())
        if cell is None:
            notes.append(f"cell {index + 1} is no cell: left out")
        elif len(cell.source) > LONGEST_CELL:
            notes.append(
                f"cell {index + 1} has over {LONGEST_CELL} characters: left out"
            )
            cells.append(dataclasses.replace(cell, source=""))
        else:
            cells.append(cell)
    if length > LONGEST:
        raise RejectedError(f"its cells have more than {LONGEST} characters together")
    if pictures > MOST_PICTURES:
        notes.append(f"only {MOST_PICTURES} pictures are shown: see the submission")
    return Submission(tuple(cells), digest, tuple(notes))


def _cell(raw):
    if not isinstance(raw, dict):
        return None
    source = raw.get("source", "")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    kind = raw.get("cell_type")
    if not isinstance(source, str) or not isinstance(kind, str):
        return None
    # Lone surrogates are valid in JSON and in no file.
    source = source.encode("utf-8", "replace").decode().replace("\x00", "")
    pictures = []
    if kind != "code":
        source, pictures = _pictures(source, raw.get("attachments"))
    return Cell(kind, source, _name(raw), _text(raw.get("id")), tuple(pictures))


def _pictures(source, attachments):
    """The text, and the pictures that are attached to it or stand within it."""
    found = []
    if isinstance(attachments, dict):
        for name, kinds in list(attachments.items())[:MOST_PICTURES]:
            data = next(filter(None, map(_get(kinds), _KINDS)), None)
            if isinstance(data, str) and _is_picture(data) and 0 < len(name) <= 200:
                found.append((name, "".join(data.split())))

    def take(match):
        if not _is_picture(match[1]):
            return "(a picture that is too large)"
        found.append((f"picture{len(found) + 1}", match[1]))
        return f"(attachment:{found[-1][0]})"

    return _EMBEDDED.sub(take, source), found


def _get(kinds):
    return kinds.get if isinstance(kinds, dict) else lambda name: None


def _is_picture(data):
    return len(data) <= LARGEST_PICTURE and _BASE64.fullmatch(data) is not None


def _name(raw):
    meta = raw.get("metadata")
    meta = meta.get("nbgrader") if isinstance(meta, dict) else None
    return _text(meta.get("grade_id")) if isinstance(meta, dict) else None


def _text(value):
    return value if isinstance(value, str) and 0 < len(value) <= 256 else None
