"""What is run for a submission: the instructor's notebook with the student's answers.

The instructor's notebook is the skeleton. Cells of tests and locked cells always come
from it; of the student's notebook only the sources of answers and of cells between them
are taken. So it does not matter what was deleted, copied, moved, renamed or edited.
"""

import ast
import dataclasses
import re

from lessons.grading import exercise

NO_ANSWER = "no answer was found"
_HIDDEN = re.compile(
    f"{exercise.BEGIN_HIDDEN}.*?{exercise.END_HIDDEN}", re.DOTALL | re.IGNORECASE
)


@dataclasses.dataclass
class Planned:
    """One cell of the notebook that is graded.

    Attributes:
        kind: "locked", "answer", "extra", "tests" (code that runs), "written" (marked
            by hand), "text" (shown only).
        source: what runs or is shown.
        cell: the skeleton's cell; None for a cell of the student's own.
        name: grade id, or None.
        points: of a cell that gives some.
        defines: names the instructor's solution defines.
        missing: whether the student's notebook has no such answer.
    """

    kind: str
    source: str
    cell: object = None
    name: str | None = None
    points: float = 0
    defines: tuple[str, ...] = ()
    missing: bool = False


def build(skeleton, submission):
    """Put a submission's answers into the skeleton.

    Args:
        skeleton: the instructor's notebook, with solutions and hidden tests.
        submission: an `intake.Submission`, or None for nothing.

    Returns:
        (cells, notes): a list of `Planned` and remarks for the instructor.
    """
    own = [_planned(cell) for cell in skeleton.cells]
    cells = submission.cells if submission else ()
    names = {cell.name for cell in own if cell.name}
    taken, notes = _match(own, cells, names)
    for planned in own:
        if planned.kind not in ("answer", "written"):
            continue
        index = taken.get(planned.name)
        planned.missing = index is None
        planned.source = "" if index is None else cells[index].source
    if submission:
        notes = [*submission.notes, *notes, *_edited(own, cells)]
        notes += [f"{p.name}: {NO_ANSWER}" for p in own if p.missing]
    return _with_extras(own, cells, set(taken.values()), names), notes


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


def imported(sources):
    """Names of modules that pieces of code may import, a set; see `imports`."""
    found = set()
    for source in sources:
        for node in ast.walk(_tree(source)):
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module)
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


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


def _match(own, cells, names):
    """Which of the student's cells answers what: by name, cell id, or definition."""
    taken, notes = {}, []
    for index, cell in enumerate(cells):
        if cell.name in names:
            if cell.name in taken:
                notes.append(f"{cell.name} stands there twice: the last one counts")
            taken[cell.name] = index
    free = [i for i, cell in enumerate(cells) if cell.name not in names]
    for planned in own:
        if planned.kind not in ("answer", "written") or planned.name in taken:
            continue
        number = planned.cell.get("id")
        fitting = [i for i in free if number and cells[i].number == number]
        if not fitting and planned.defines:
            wanted = set(planned.defines)
            fitting = [i for i in free if wanted & set(defined(cells[i].source))]
        if fitting:
            taken[planned.name] = fitting[-1]
            free.remove(fitting[-1])
            notes.append(f"{planned.name} had lost its name: found by what it holds")
    return taken, notes


def _edited(own, cells):
    """Remarks on cells that were not to be changed; the instructor's are used."""
    handed_in = {cell.name: cell.source for cell in cells if cell.name}
    for planned in own:
        if planned.kind in ("locked", "tests") and planned.name in handed_in:
            if _shown(planned.source) != _shown(handed_in[planned.name]):
                yield f"{planned.name} was edited: the instructor's cell was used"


def _shown(source):
    """What students see of a cell, without the spaces that editors change."""
    return "\n".join(filter(None, map(str.rstrip, _HIDDEN.sub("", source).split("\n"))))


def _with_extras(own, cells, used, names):
    """The skeleton's cells, and after each the student's own that followed it.

    Cells of code that the skeleton leaves free ("unnamed") are the student's.
    """
    place = {p.name: i for i, p in enumerate(own) if p.name}
    following, anchor = {}, -1
    for index, cell in enumerate(cells):
        if cell.name in names:
            anchor = max(anchor, place[cell.name])
        elif index not in used and cell.kind == "code" and cell.source.strip():
            following.setdefault(anchor, []).append(Planned("extra", cell.source))
    found = following.get(-1, [])
    for index, planned in enumerate(own):
        if planned.kind != "unnamed":
            found.append(planned)
        found += following.get(index, [])
    return found


def defined(source):
    """Names that a piece of code defines at its top level, in order."""
    names = []
    for node in _tree(source).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            names.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found = ast.walk(target)
                names += [leaf.id for leaf in found if isinstance(leaf, ast.Name)]
    return list(dict.fromkeys(names))


def _tree(source):
    """The syntax tree; empty where the text is not Python."""
    try:
        return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        from IPython.core.inputtransformer2 import TransformerManager

        try:
            return ast.parse(TransformerManager().transform_cell(source))
        except Exception:
            return ast.Module(body=[], type_ignores=[])
