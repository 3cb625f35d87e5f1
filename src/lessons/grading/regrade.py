"""One question again, for everybody: the rest keeps what is known of it.

What is known of a submission is kept only where nothing else has changed: the same
answers, the same tests of the other questions. Everybody else is graded in full.
"""

import copy
import dataclasses

from lessons.grading.records import results
from lessons.grading.trusted import plan
from lessons.toolkit.errors import unknown


def full_name(masters, question):
    """The name of a question's cell of tests.

    Args:
        masters: list of `master.Master`.
        question: that name, or the same without "_tests".

    Raises:
        UserError: there is no such question.
    """
    planned = [plan.build(one.skeleton, None)[0] for one in masters]
    names = [name for cells in planned for name in results.tested(cells)]
    for name in (question, f"{question}_tests"):
        if name in names:
            return name
    raise unknown("question", question, [n.removesuffix("_tests") for n in names])


def narrowed(submission, before, question):
    """The submission with nothing to run but one question, or None: run all of it.

    Args:
        submission: a `submissions.Submission`.
        before: what is known of this student, as `results.of_submission` gave it.
        question: name of the question's cell of tests.
    """
    if before["state"] != "graded":
        return None
    notebooks = []
    for notebook in submission.notebooks:
        known = before["notebooks"].get(notebook.master.name)
        if known is None or not _same_but(notebook.planned, known, question):
            return None
        notebooks.append(_only(notebook, question))
    return dataclasses.replace(submission, notebooks=notebooks)


def _same_but(planned, known, question):
    """Whether answers and tests are those of before, but for one question's tests."""
    now, then = dict(results.tested(planned)), dict(known.get("tested") or {})
    for one in (now, then):
        one.pop(question, None)
    same_answers = results.digests(planned) == known["digests"]
    return same_answers and now == then and len(planned) == len(known["cells"])


def _only(notebook, question):
    """The notebook with the steps up to a question's tests, without other tests."""
    places, steps = [], []
    job = notebook.job or {"steps": ()}
    for place, step in zip(notebook.places, job["steps"], strict=False):
        asked = step["kind"] == "tests" and step["name"] == question
        if asked or step["kind"] != "tests":
            places.append(place)
            steps.append(step)
        if asked:
            job = job | {"steps": steps, "pictures": []}
            return dataclasses.replace(notebook, places=places, job=job)
    return dataclasses.replace(notebook, places=[], job=None)


def merged(before, result, question):
    """What was known of a submission, with one question as it is now.

    Args:
        before: the known result.
        result: of the submission that `narrowed` gave.
        question: name of the question's cell of tests.
    """
    made = copy.deepcopy(before)
    for name, notebook in made["notebooks"].items():
        fresh = result["notebooks"][name]
        if question not in fresh["scores"]:
            continue
        notebook["scores"][question] = fresh["scores"][question]
        notebook["tested"] = fresh["tested"]
        for place, cell in enumerate(fresh["cells"]):
            if cell is not None and "score" in cell:
                notebook["cells"][place] = cell
        for key in ("state", "reason"):
            notebook[key] = made[key] = fresh[key]
        about = f"{question}: "
        for notes in (notebook["notes"], made["notes"]):
            notes[:] = [note for note in notes if not note.startswith(about)]
            notes += [note for note in fresh["notes"] if note.startswith(about)]
    scores = [s for n in made["notebooks"].values() for s in n["scores"].values()]
    made["score"] = sum(s["auto"] or 0 for s in scores)
    made["max_score"] = sum(s["points"] for s in scores)
    made["seconds"] = result["seconds"]
    return made
