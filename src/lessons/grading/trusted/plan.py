"""What is run for a submission: the instructor's notebook with the student's answers.

The instructor's notebook is the skeleton. Cells of tests and locked cells always come
from it; of the student's notebook only the sources of answers and of cells between them
are taken. So it does not matter what was deleted, copied, moved, renamed or edited.
"""

import ast
import dataclasses

from lessons.grading import exercise
from lessons.grading.trusted import syntax
from lessons.grading.trusted.syntax import defined, imported

NO_ANSWER = "no answer was found"
ELSEWHERE = "its cell is untouched, but there is text elsewhere: please look"
_SHORTEST_NOTE = 20  # characters of a cell that holds words instead of code


@dataclasses.dataclass
class Planned:
    """One cell of the notebook that is graded.

    Attributes:
        kind: "locked", "answer", "extra", "tests" (code that runs), "written" (marked
            by hand), "text" (shown only), "note" (the student's own text).
        source: what runs or is shown.
        cell: the skeleton's cell; None for a cell of the student's own.
        name: grade id, or None.
        points: of a cell that gives some.
        defines: names the instructor's solution defines.
        missing: whether the student's notebook has no such answer.
        pictures: (name, file in base64) of a text.
    """

    kind: str
    source: str
    cell: object = None
    name: str | None = None
    points: float = 0
    defines: tuple[str, ...] = ()
    missing: bool = False
    pictures: tuple[tuple[str, str], ...] = ()


def build(skeleton, submission, released=None):
    """Put a submission's answers into the skeleton.

    Args:
        skeleton: the instructor's notebook, with solutions and hidden tests.
        submission: an `intake.Submission`, or None for nothing.
        released: texts of the cells as students got them, by grade id.

    Returns:
        (cells, notes): a list of `Planned` and remarks for the instructor.
    """
    own = [_planned(cell) for cell in skeleton.cells]
    cells = submission.cells if submission else ()
    names = {cell.name for cell in own if cell.name}
    taken, notes = _match(own, cells, names, released or {})
    for planned in own:
        if planned.kind not in ("answer", "written"):
            continue
        chosen = [cells[index] for index in taken.get(planned.name, ())]
        planned.missing = not chosen
        planned.source = "\n\n".join(cell.source for cell in chosen)
        planned.pictures = tuple(p for cell in chosen for p in cell.pictures)
    if submission:
        notes = [*submission.notes, *notes, *_edited(own, cells)]
        notes += [f"{p.name}: {NO_ANSWER}" for p in own if p.missing]
    used = {index for indices in taken.values() for index in indices}
    return _with_extras(own, cells, used, names, released or {}), notes


def steps(planned):
    """The cells that run, as the host wants them, and their places in `planned`."""
    kinds = ("locked", "answer", "extra", "tests")
    places = [i for i, cell in enumerate(planned) if cell.kind in kinds]
    return [
        {
            "kind": planned[i].kind,
            "name": planned[i].name,
            "source": planned[i].source,
            "points": planned[i].points,
            "defines": planned[i].defines,
        }
        for i in places
    ], places


def imports(skeleton):
    """Names of modules that the code of a notebook may import, sorted.

    Of `from a import b` both `a` and `a.b`: which of them is a module, importing shows.
    """
    code = [cell.source for cell in skeleton.cells if cell.cell_type == "code"]
    return sorted(n for n in imported(code) if n.partition(".")[0] != "lessons")


def _planned(cell):
    meta = cell.metadata.get("nbgrader", {})
    code = cell.cell_type == "code"
    grade, solution = meta.get("grade", False), meta.get("solution", False)
    if code and solution:
        kind = "answer"
    elif solution or meta.get("task"):
        kind = "written"
    elif code and grade:
        kind = "tests"
    elif code and meta.get("locked"):
        kind = "locked"
    else:
        kind = "text" if not code else "unnamed"
    return Planned(
        kind,
        cell.source,
        cell,
        meta.get("grade_id"),
        float(meta.get("points", 0) or 0) if grade or meta.get("task") else 0,
        tuple(defined(cell.source)) if kind == "answer" else (),
    )


def _match(own, cells, names, released):
    """Which of the student's cells answer what: by name, cell id, or definition.

    Returns:
        (taken, notes): indices of cells by grade id. A function is one cell, the last
        that defines it; others of its name run where they stand, as the student's do. A
        written answer may be several cells.
    """
    by_name, taken, notes = {}, {}, []
    for index, cell in enumerate(cells):
        if cell.name in names:
            by_name.setdefault(cell.name, []).append(index)
    free = [i for i, cell in enumerate(cells) if cell.name not in names]
    for planned in own:
        if planned.kind not in ("answer", "written"):
            continue
        found = by_name.get(planned.name, [])
        if len(found) > 1:
            stub = _stub(planned, released)
            found = [i for i in found if not stub(cells[i].source)] or found[-1:]
        if planned.kind == "written" and found:
            texts = {cells[i].source: i for i in reversed(found)}
            taken[planned.name] = sorted(texts.values())
        elif found:
            wanted = set(planned.defines)
            fitting = [i for i in found if wanted & set(defined(cells[i].source))]
            taken[planned.name] = (fitting or found)[-1:]
            if len(fitting) > 1:
                notes.append(f"{planned.name} stands there twice: the last one counts")
        else:
            _search(planned, cells, free, taken, notes)
    return taken, notes


def _search(planned, cells, free, taken, notes):
    """Find an answer whose cell has lost its name."""
    number = planned.cell.get("id")
    fitting = [i for i in free if number and cells[i].number == number]
    if not fitting and planned.defines:
        wanted = set(planned.defines)
        fitting = [i for i in free if wanted & set(defined(cells[i].source))]
    if fitting:
        taken[planned.name] = fitting[-1:]
        free.remove(fitting[-1])
        notes.append(f"{planned.name} had lost its name: found by what it holds")


def _stub(planned, released):
    """A function that tells whether a text is an answer's cell as it was released."""
    same = _same(released.get(planned.name))
    return lambda text: (
        same(text) or (planned.kind == "answer" and syntax.is_stub(text))
    )


def _same(text):
    """A function that tells whether a text is this one but for spaces."""
    words = None if text is None else text.split()
    return lambda other: words is not None and other.split() == words


def _edited(own, cells):
    """Remarks on cells that were not to be changed; the instructor's are used."""
    handed_in = {cell.name: cell.source for cell in cells if cell.name}
    known = any(planned.name in handed_in for planned in own if planned.name)
    for planned in own:
        if planned.kind == "tests" and known and planned.name not in handed_in:
            yield f"{planned.name} was deleted: the instructor's cell was used"
        if planned.kind in ("locked", "tests") and planned.name in handed_in:
            if _shown(planned.source) != _shown(handed_in[planned.name]):
                yield f"{planned.name} was edited: the instructor's cell was used"


def _shown(source):
    """What students see of a cell, without the spaces that editors change."""
    parts, rest, begin = [], source, exercise.BEGIN_HIDDEN
    while begin in rest:
        before, _, after = rest.partition(begin)
        hidden, end, after = after.partition(exercise.END_HIDDEN)
        parts.append(before)
        rest = after if end else hidden
        begin = begin if end else "\0"  # an end that never comes is not sought again
    parts.append(rest)
    return "\n".join(filter(None, map(str.rstrip, "".join(parts).split("\n"))))


def _with_extras(own, cells, used, names, released):
    """The skeleton's cells, and after each the student's own that followed it.

    Cells of code that the skeleton leaves free ("unnamed") are the student's. Of a
    locked cell that was edited, the imports that were added are run.
    """
    place = {p.name: i for i, p in enumerate(own) if p.name}
    prose = {_words(p.source) for p in own if p.kind == "text"}
    answered = {cells[index].name: index for index in used}
    preceding, following, anchor = {}, {}, -1
    for index, cell in enumerate(cells):
        made = None
        if index not in used and (cell.source.strip() or cell.pictures):
            made = _own_cell(cell, own, place, prose, released)
        if cell.name in names and index < answered.get(cell.name, index):
            preceding.setdefault(place[cell.name], []).extend([made] if made else [])
            continue  # a copy above the answer
        if cell.name in names:
            anchor = max(anchor, place[cell.name])
        if made:
            following.setdefault(anchor, []).append(made)
    found = following.get(-1, [])
    for index, planned in enumerate(own):
        found += preceding.get(index, [])
        if planned.kind != "unnamed":
            found.append(planned)
        found += following.get(index, [])
    return found


def _own_cell(cell, own, place, prose, released):
    """What becomes of a cell that answers nothing by itself; None leaves it out."""
    kind = own[place[cell.name]].kind if cell.name in place else None
    if kind == "locked":
        added = syntax.added_imports(cell.source, own[place[cell.name]].source)
        return Planned("extra", added) if added else None
    if kind == "tests":
        return None
    if kind and _stub(own[place[cell.name]], released)(cell.source):
        return None
    if cell.kind == "code":
        return Planned("extra", cell.source)
    if kind is None and _words(cell.source) in prose and not cell.pictures:
        return None
    return Planned("note", cell.source, pictures=cell.pictures)


def _words(text):
    return " ".join(text.split())


def says_something(planned):
    """Whether a cell of the student's own may be part of a written answer."""
    if planned.kind == "note":
        return True
    if planned.kind != "extra" or len(planned.source.strip()) < _SHORTEST_NOTE:
        return False
    body = syntax.tree(planned.source).body
    texts = (isinstance(getattr(n, "value", None), ast.Constant) for n in body)
    if body:
        return all(isinstance(n, ast.Expr) for n in body) and all(texts)
    return all(line.lstrip()[:1] in ("#", "") for line in planned.source.split("\n"))
