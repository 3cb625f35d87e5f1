"""Pages of text that the repository has already, and lists of the lessons' pages."""

from docs.website import notebooks
from lessons.toolkit import results

_GUIDES = {
    "course_plan.md": "course/syllabus.md",
    "instructor.md": "course/instructor.md",
    "contributing.md": "CONTRIBUTING.md",
    "speed.md": "benchmarks/results.md",
}


def pages(root, lessons):
    """Name and text of each page."""
    texts = {
        name: notebooks.relinked((root / path).read_text(encoding="utf-8"), 0)
        for name, path in _GUIDES.items()
    }
    # "Syllabus" is the page with the cards.
    texts["course_plan.md"] = texts["course_plan.md"].replace(
        "# Syllabus\n", "# Course plan\n", 1
    )
    return texts | {
        "results.md": _results(lessons),
        "exercises.md": _list(
            "Exercises",
            "Each exercise asks for a few functions that are judged by tests, and for "
            "an answer in words. The pages show what students get; solutions and "
            "hidden tests stay with the instructor.",
            "exercises",
            lessons,
        ),
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


def _list(title, text, folder, lessons):
    names = "\n".join(f"{each.title} <{folder}/{each.slug}>" for each in lessons)
    return f"# {title}\n\n{text}\n\n```{{toctree}}\n:maxdepth: 1\n\n{names}\n```\n"


def _results(lessons):
    """What the papers report beside what was measured here."""
    parts = [
        "# Results",
        "What the papers report beside what these lessons measure on a laptop, from "
        "recorded runs: mean and standard deviation over seeds, with the preset. The "
        "last column says what does not reproduce at this size. The runs, with seeds "
        "and commits, stand on each lesson's [facts](facts.md) page.",
    ]
    for lesson in lessons:
        rows = results.headline_rows(lesson)
        parts.append(f"## [{lesson.title}](lessons/{lesson.slug}.ipynb)")
        table = results.table(rows, results.HEADLINE_COLUMNS)
        parts.append("{.by-row}\n" + table)
    return "\n\n".join(parts) + "\n"
