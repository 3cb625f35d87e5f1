"""What became of a submission: one plain dictionary, the same in journal and report."""

import functools
import hashlib
import json

from lessons.grading import sentences
from lessons.grading.records import neutral
from lessons.grading.trusted import plan

NO_RESPONSE = "No response."
STATES = {
    "graded": "graded",
    "review": "a person must look at it",
    "rejected": "could not be graded",
    "error": "the grader failed; nothing is known of the submission",
}


def of_submission(submission, outcomes):
    """The result of one submission.

    Args:
        submission: a `submissions.Submission`.
        outcomes: for each notebook what `Slot.grade` gave, or None if nothing ran.

    Returns:
        {"student", "state", "reason", "score", "max_score", "waiting" (points that a
        person gives), "seconds", "memory", "memory_held_by" (what held its limit),
        "notes", "notebooks"}; each notebook has
        "scores" (by grade id "auto", "points", "error", "sentence", "trouble", "kind";
        "auto" is None where a person marks, "sentence" a sentence of the failed test),
        "comments", "written" (answers as handed in), "digests" (of what each question's
        points are given for, by grade id), "tested" (of what they were tested with) and
        "cells", the host's results.
    """
    notebooks, states, notes, reasons = {}, [], [], []
    for notebook, outcome in zip(submission.notebooks, outcomes, strict=True):
        name = notebook.master.name
        made = _of_notebook(notebook, outcome)
        notebooks[name] = made
        states.append(made["state"])
        notes += made["notes"]
        reasons += [made["reason"]] if made["reason"] else []
    worst = max(states, key=list(STATES).index)
    scores = [s for n in notebooks.values() for s in n["scores"].values()]
    return {
        "student": submission.student,
        "state": worst,
        "reason": "; ".join(reasons) or None,
        "score": sum(s["auto"] or 0 for s in scores),
        "max_score": sum(s["points"] for s in scores),
        "waiting": sum(s["points"] for s in scores if s["auto"] is None),
        "seconds": round(sum(o["seconds"] for o in outcomes if o), 3),
        "memory": max((o["memory"] for o in outcomes if o), default=0),
        "memory_held_by": next((o["tier"] for o in outcomes if o), None),
        "notes": notes,
        "notebooks": notebooks,
    }


def _of_notebook(notebook, outcome):
    cells = [None] * len(notebook.planned)
    for place, step in zip(
        notebook.places, (outcome or {}).get("steps", ()), strict=False
    ):
        cells[place] = step
    reason, state = notebook.reason, "graded"
    if reason:
        state = "rejected" if notebook.known else "review"
    problem = (outcome or {}).get("problem")
    notes = list(notebook.notes)
    pictures = list((outcome or {}).get("pictures", ()))
    if None in pictures:
        notes.append("a picture cannot be shown: see the submission")
    if problem:
        notes.append(problem)
    scores, comments, written, failed = {}, {}, {}, None
    elsewhere = any(map(plan.says_something, notebook.planned))
    for cell, result in zip(notebook.planned, cells, strict=True):
        if cell.kind in ("answer", "written"):
            written[cell.name] = cell.source
            if cell.missing or _is_untouched(cell, notebook.master):
                if cell.kind == "written" and elsewhere:
                    notes.append(f"{cell.name}: {plan.ELSEWHERE}")
                else:
                    comments[cell.name] = NO_RESPONSE
        if result and result.get("broken"):
            state, reason = "error", result["broken"]
        if result and result.get("trouble"):
            notes.append(f"{cell.name or 'a cell'}: {result['trouble']}")
        if result and result.get("twice"):
            notes.append(f"{cell.name}: {result['twice']}")
        if cell.kind == "answer":
            failed = (result or {}).get("error")
        if cell.points:
            scores[cell.name] = score = _score(cell, result, notebook, comments)
            if failed and cell.kind == "tests" and score["error"]:
                score["error"] += f" (its cell fails: {failed[:200]})"
                failed = None
    return {
        "state": state,
        "reason": reason,
        "notes": notes,
        "scores": scores,
        "comments": comments
        if reason is None
        else dict.fromkeys(written, neutral.words(reason)),
        "written": written,
        "digests": digests(notebook.planned),
        "tested": tested(notebook.planned),
        "pictures": pictures,
        "cells": cells,
    }


def digests(planned):
    """Of each question with points, a digest of what a person would mark.

    For a written question that is its own text and pictures, and text that the student
    has put elsewhere; for tests the answers before them and
    the student's own cells. What was handed in elsewhere changes nothing.

    Args:
        planned: list of `plan.Planned`.

    Returns:
        Dictionary from grade ids to SHA-256 in hexadecimal digits.
    """
    found, answers = {}, []
    own = [cell.source for cell in planned if cell.kind == "extra"]
    said = [part for c in planned if plan.says_something(c) for part in _parts(c)]
    for cell in planned:
        if cell.kind == "answer":
            answers.append(cell.source)
        if cell.kind == "tests":
            found[cell.name] = digest([*answers, "", *own])
            answers = []
        elif cell.points:
            found[cell.name] = digest([*_parts(cell), *said])
    return found


def tested(planned):
    """Of each question that tests decide, a digest of the instructor's cells for it.

    Args:
        planned: list of `plan.Planned`.
    """
    found, locked = {}, []
    for cell in planned:
        locked += [cell.source] if cell.kind == "locked" else []
        if cell.kind == "tests":
            found[cell.name] = digest([*locked, "", cell.source, str(cell.points)])
    return found


def _parts(cell):
    return [cell.source, *(data for _, data in cell.pictures)]


def digest(texts):
    """SHA-256 of a list of texts, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


@functools.lru_cache(256)
def _sentences(source):
    try:
        return sentences.of(source)
    except SyntaxError:
        return []


def _is_untouched(cell, master):
    stored = master.by_name.get(cell.name)
    same = stored is not None and stored.source == cell.source
    return same and not cell.pictures


def _score(cell, result, notebook, comments):
    score = {"points": cell.points, "error": None, "trouble": None, "auto": 0}
    score["sentence"] = ""
    score["kind"] = "tests" if cell.kind == "tests" else "written"
    if cell.kind == "tests":
        if result:
            score |= {"auto": result["score"], "error": result["error"]}
            score["trouble"] = result["trouble"]
            if score["error"]:
                score["sentence"] = sentences.found(
                    score["error"], _sentences(cell.source)
                )
        elif notebook.reason is None:
            score["error"] = "the test was not reached"
        return score
    if notebook.known and notebook.reason is None and cell.name not in comments:
        score["auto"] = None
    elif not notebook.known:
        score["auto"] = None
    return score
