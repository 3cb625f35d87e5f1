"""Answers that are the same, or nearly, but for comments, spaces and names.

A reason for a person to look, no proof: a short answer has few forms, so only longer
ones are compared, and those that are like a model answer are left out. Nothing leaves
the machine.
"""

import ast
import builtins
import collections
import dataclasses
import re

SHORTEST = 150  # characters, after everything that does not matter is gone
_LONGEST = 20_000  # characters of an answer that are looked at
_NEAR = 0.8  # share of common pieces from which answers are nearly the same
_PIECE = 5  # words of a piece
_MOST_PAIRS = 60
_WORD = re.compile(r"\w+|[^\w\s]")
_OWN_NAME = re.compile(r"v\d+")
_WITH_DOCSTRING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Module)


@dataclasses.dataclass(frozen=True)
class Pair:
    """Two answers that are nearly the same.

    Attributes:
        share: of their pieces that are common, from 0 to 1.
        question: grade id.
        students: the two ids.
        sources: the two answers, as handed in.
    """

    share: float
    question: str
    students: tuple[str, str]
    sources: tuple[str, str]


def groups(rows, models=None):
    """Students who handed in the same answer.

    Args:
        rows: results of all submissions.
        models: lists of model answers by question, which are left out.

    Returns:
        List of (question, students), each with two or more students.
    """
    found = collections.defaultdict(list)
    for name, student, _, essence, _ in _own(rows, models or {}):
        found[name, essence].append(student)
    return [(name, who) for (name, _), who in found.items() if len(who) > 1]


def pairs(rows, models=None):
    """The pairs of students with nearly the same answer, most alike first.

    Args:
        rows: results of all submissions.
        models: lists of model answers by question, which are left out.

    Returns:
        List of `Pair`.
    """
    by_question, found = collections.defaultdict(list), []
    for name, student, source, _, pieces in _own(rows, models or {}):
        by_question[name].append((student, source, pieces))
    for name, answers in by_question.items():
        for one, other in _candidates(answers):
            share = _share(one[2], other[2])
            if share >= _NEAR:
                students, sources = (one[0], other[0]), (one[1], other[1])
                found.append(Pair(share, name, students, sources))
    found.sort(key=lambda pair: (-pair.share, pair.question, pair.students))
    return found[:_MOST_PAIRS]


def _candidates(answers):
    """The pairs that can be near: of each answer's rarest pieces they share one.

    Two sets with a common share of at least t differ in less than 1 - t of the larger
    one, so that one of so many of its rarest pieces, and one more, is in both.
    """
    counts = collections.Counter(p for *_, pieces in answers for p in pieces)
    seen = collections.defaultdict(list)
    for number, (*_, pieces) in enumerate(answers):
        rarest = sorted(pieces, key=lambda piece: (counts[piece], piece))
        near = set()
        for piece in rarest[: int((1 - _NEAR) * len(pieces)) + 1]:
            near.update(seen[piece])
            seen[piece].append(number)
        yield from ((answers[other], answers[number]) for other in sorted(near))


def models(course, assignment, masters):
    """Model answers by question: the instructor's, the stub, the course's right ones.

    Args:
        course: the course's directory, a path.
        assignment: its name.
        masters: list of `master.Master`.
    """
    found = collections.defaultdict(list)
    for one in masters:
        for cells in (one.skeleton.cells, one.graded.cells):
            for cell in cells:
                name = cell.metadata.get("nbgrader", {}).get("grade_id")
                found[name].append(cell.source)
    for path in sorted((course / "answers" / assignment).glob("right_*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef):
                found[node.name].append(ast.get_source_segment(text, node))
    return dict(found)


def normal_form(source):
    """A piece of code without comments, docstrings and its own choice of names.

    Returns:
        Text; the words themselves where the source is no Python.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return " ".join(source.split())
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, _WITH_DOCSTRING) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
        if isinstance(node, ast.arg):
            node.arg = _renamed(names, node.arg)
        elif isinstance(node, ast.Name) and not hasattr(builtins, node.id):
            node.id = _renamed(names, node.id)
    try:
        return ast.unparse(tree)
    except (RecursionError, ValueError):
        return None


def _own(rows, models):
    """(question, student, source, normal form, pieces) of what is compared."""
    known = {
        name: [_pieces(normal_form(source)) for source in sources]
        for name, sources in models.items()
    }
    for row in rows:
        for notebook in row["notebooks"].values():
            for name, source in notebook["written"].items():
                essence = normal_form(source[:_LONGEST])
                if not essence or len(essence) < SHORTEST:
                    continue
                pieces = _pieces(essence)
                if all(_share(pieces, one) < _NEAR for one in known.get(name, ())):
                    yield name, row["student"], source, essence, pieces


def _pieces(essence):
    """All runs of a few words; whatever name a variable has, it is one word."""
    words = [_OWN_NAME.sub("v", word) for word in _WORD.findall(essence or "")]
    places = range(len(words) - _PIECE + 1)
    return {" ".join(words[place : place + _PIECE]) for place in places}


def _share(one, other):
    return len(one & other) / max(len(one | other), 1)


def _renamed(names, name):
    return names.setdefault(name, f"v{len(names)}")
