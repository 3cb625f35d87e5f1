"""Pages of text that the repository has already, and lists of the lessons' pages."""

import re

from docs.website import notebooks
from lessons import catalog, further
from lessons.grading import exercise
from lessons.toolkit import front_page, results
from lessons.toolkit.errors import UserError

_TIME = re.compile(r"Time:\s+(.+?)\.", re.DOTALL)

_PICTURE = re.compile(r"!\[([^\]]*)\]\((\w+\.png)\)")  # in the guide's own folder
_GUIDES = {
    "course_plan.md": "course/syllabus.md",
    "instructor.md": "course/instructor.md",
    "contributing.md": "CONTRIBUTING.md",
    "speed.md": "benchmarks/results.md",
}


def _text(path):
    """A guide's text; pictures beside it are found where `pictures` tells."""
    text = path.read_text(encoding="utf-8")
    shown = _PICTURE.sub(r'<img src="_static/pictures/\2" alt="\1">', text)
    return notebooks.relinked(shown, 0)


def pictures(root):
    """Paths of the pictures that the guides show."""
    for path in _GUIDES.values():
        for _, name in _PICTURE.findall((root / path).read_text(encoding="utf-8")):
            yield (root / path).with_name(name)


def pages(root, lessons):
    """Name and text of each page."""
    texts = {name: _text(root / path) for name, path in _GUIDES.items()}
    # "Syllabus" is the page with the cards.
    texts["course_plan.md"] = texts["course_plan.md"].replace(
        "# Syllabus\n", "# Course plan\n", 1
    )
    return texts | {
        "results.md": _results(lessons),
        "exercises.md": _exercises(root, lessons),
        "further.md": _further(lessons),
        "facts.md": _list(
            "Facts",
            "For each lesson: its settings at three scales, the paper's numbers beside "
            "ours, the claims that its notebook verifies, the runs that were recorded.",
            "facts",
            lessons,
        ),
        "tests.md": _list(
            "Tests",
            "For each lesson: what its tests prove, and how.",
            "tests",
            lessons,
        ),
    }


def _exercises(root, lessons):
    """What each exercise asks for, what it is worth and how long it takes."""
    rows = []
    for each in lessons:
        text = exercise.read(root / "course" / "exercises" / f"{each.slug}.py")
        questions = exercise.questions(text)
        time = _TIME.search(text.cells[0].source)
        if time is None:
            raise UserError(f"the exercise of {each.slug} does not say its time.")
        names = ", ".join(f"`{q.name}`" for q in questions if not q.written)
        rows.append(
            (
                f"[{each.title}](exercises/{each.slug}.ipynb)",
                str(sum(question.points for question in questions)),
                " ".join(time[1].split()),
                level(each, lessons),
                names,
            )
        )
    heads = ("exercise", "points", "time", "level", "functions to write")
    return _list(
        "Exercises",
        "Each exercise asks for a few functions that are judged by tests, and for an "
        "answer in words. The pages show what students get; solutions and hidden tests "
        "stay with the instructor.\n\n" + results.table(rows, heads),
        "exercises",
        lessons,
        hidden=True,
    )


def level(lesson, lessons):
    """Where a lesson stands: an introduction, or what it builds on, with links."""
    names = _linked(lesson.prerequisites, lessons)
    return f"after {names}" if names else "first: needs no other lesson"


def _linked(slugs, lessons):
    """Names of lessons; those that are written lead to their page."""
    written = {each.slug for each in lessons}
    return ", ".join(
        f"[`{slug}`](lessons/{slug}.ipynb)" if slug in written else f"`{slug}`"
        for slug in slugs
    )


def _further(lessons):
    """Papers without a lesson, by the unit of the last lesson that leads to each."""
    parts = [
        "# Further papers",
        f"{len(further.PAPERS)} papers that have no lesson. Each stands under the unit "
        "in which you are ready for it.",
    ]
    for unit, title in catalog.UNITS.items():
        papers = [
            paper
            for paper in further.PAPERS
            if catalog.row(paper.lessons[-1]).unit == unit
        ]
        if papers:
            parts.append(f"## After {title.lower()}")
        for paper in papers:
            parts += [
                f"### {paper.title}",
                f"{paper.source} · after {_linked(paper.lessons, lessons)}",
                f"**You know:** {paper.known}",
                f"**It adds:** {paper.new}",
            ]
    return "\n\n".join(parts) + "\n"


def _list(title, text, folder, lessons, hidden=False):
    names = "\n".join(f"{each.title} <{folder}/{each.slug}>" for each in lessons)
    options = "\n:hidden:" if hidden else ""
    pages = f"```{{toctree}}\n:maxdepth: 1{options}\n\n{names}\n```\n"
    return f"# {title}\n\n{text}\n\n{pages}"


def _results(lessons):
    """What the papers report beside what was measured here, and where the runs are."""
    page = front_page.results_page(
        lessons, lambda lesson: f"lessons/{lesson.slug}.ipynb", "{.by-row}\n"
    )
    return (
        f"{page}\nThe runs, with seeds and commits, stand on each lesson's "
        "[facts](facts.md) page.\n"
    )
