"""Pages of text that the repository has already, and lists of the lessons' pages."""

from docs.website import notebooks
from lessons.toolkit import front_page

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
    """What the papers report beside what was measured here, and where the runs are."""
    page = front_page.results_page(
        lessons, lambda lesson: f"lessons/{lesson.slug}.ipynb", "{.by-row}\n"
    )
    return (
        f"{page}\nThe runs, with seeds and commits, stand on each lesson's "
        "[facts](facts.md) page.\n"
    )
