"""Before the first submission: does the assignment itself go through as it must?

The instructor's own solution has to get all points of each question that tests decide,
and the released stub none, on the same way that submissions take. A wrong solution, a
test that needs the same process, or one that an empty answer passes is found here and
not on students' pages.
"""

import hashlib
import json

from lessons.grading.records import results
from lessons.grading.trusted import intake, plan, submissions
from lessons.toolkit import files
from lessons.toolkit.errors import UserError

NAME = "rehearsed.json"


def needed(folder, masters):
    """Whether these notebooks have not been rehearsed yet; `folder` keeps what has."""
    path = folder / NAME
    try:
        return json.loads(path.read_text(encoding="utf-8")) != _key(masters)
    except (OSError, ValueError):
        return True


def rehearse(folder, masters, runner, options):
    """Send the solution and the stub through, once for each version of the notebooks.

    Raises:
        UserError: a question's solution does not get its points, or its stub gets some.
    """
    made = {
        "the solution": _submission(masters, options, "skeleton"),
        "the stub": _submission(masters, options, "graded"),
    }
    problems = []
    for submission, outcomes in runner.run(list(made.values())):
        found = results.of_submission(submission, outcomes)
        problems += _problems(submission, found, masters)
    if problems:
        raise UserError(
            "the assignment does not pass its own rehearsal, so nothing was graded: "
            + "; ".join(sorted(problems))
        )
    files.write_text(folder / NAME, json.dumps(_key(masters)) + "\n")


def _key(masters):
    told = [submissions.VERSION, *(master.digest for master in masters)]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def _submission(masters, options, which):
    """What a student would hand in who has the solution, or nothing but the release."""
    notebooks = []
    for master in masters:
        cells = tuple(
            intake.Cell(
                cell.cell_type,
                cell.source,
                (cell.metadata.get("nbgrader") or {}).get("grade_id"),
                None,
            )
            for cell in getattr(master, which).cells
        )
        handed_in = intake.Submission(cells, "")
        notebooks.append(submissions.planned_notebook(master, handed_in, options))
    return submissions.Submission(which, f"{which}:{_key(masters)}", notebooks, None)


def _problems(submission, found, masters):
    for master in masters:
        solved = _solved(master)
        for name, score in found["notebooks"][master.name]["scores"].items():
            if score["kind"] != "tests" or name not in solved:
                continue
            points, error = score["auto"] or 0, score["error"] or "no error"
            if submission.student == "skeleton" and points != score["points"]:
                yield (
                    f"{name}: the instructor's own solution gets {points:g} of "
                    f"{score['points']:g} points ({error[:300]})"
                )
            if submission.student == "graded" and points:
                yield f"{name}: the untouched release gets {points:g} points"
        if found["state"] == "error":
            yield f"{master.name}: {found['reason']}"


def _solved(master):
    """Names of the cells of tests whose question has a solution."""
    names, written = set(), False
    stubs = {name: cell.source for name, cell in master.by_name.items()}
    planned, _ = plan.build(master.skeleton, None)
    for cell in planned:
        if cell.kind == "answer":
            source = cell.cell.source
            written = written or source.strip() != stubs.get(cell.name, "").strip()
        elif cell.kind == "tests":
            names |= {cell.name} if written else set()
            written = False
    return names
