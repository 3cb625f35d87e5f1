"""The generated parts of the README, and the page of all results, as Markdown."""

from lessons import catalog
from lessons.toolkit import headlines
from lessons.toolkit.results import table

COLUMNS = ("measured", "paper", "here", "runs", "what does not reproduce")
_INTRODUCTION = (
    "What the papers report beside what these lessons measure on a laptop, from "
    "recorded runs: mean and standard deviation over seeds, with as many digits as the "
    "deviation allows. Each table shows one quantity; rows with a value of the paper's "
    "come first."
)


def lessons_table(lessons, root):
    """One row for every lesson that is written.

    Args:
        lessons: rows of the catalog.
        root: the checkout; links lead to what exists there.
    """
    rows = []
    for lesson in lessons:
        if not lesson.ready:
            continue
        effect = lesson.module("paper").EFFECT
        rows.append(
            (
                f"{_link(lesson.title, lesson.notebook, root)}<br>{lesson.paper}",
                effect.paper,
                headlines.effect_here(lesson),
                f"**{effect.reproduces}**: {effect.reason}",
                _practice(lesson, root),
            )
        )
    return table(rows, ("lesson and paper", "there", "here", "reproduces", "exercise"))


def _practice(lesson, root):
    """The command that writes a lesson's exercise; its text source has the answers."""
    written = (root / lesson.exercise).is_file()
    return f"`lessons practice {lesson.slug}`" if written else "—"


def _link(text, path, root):
    return f"[{text}]({path})" if (root / path).is_file() else text


def planned(lessons):
    """One line for every unit with lessons that are not written yet, if any."""
    lines = []
    for unit, name in catalog.UNITS.items():
        titles = [x.title for x in lessons if x.unit == unit and not x.ready]
        if titles:
            lines.append(f"* {name}: {'; '.join(titles)}.")
    return "Planned:\n\n" + "\n".join(lines) if lines else ""


def results_page(lessons, link, prefix=""):
    """All headlines, a section for each lesson that is written.

    Args:
        lessons: rows of the catalog.
        link: function from a lesson to the address of its notebook.
        prefix: a line that goes before each table, such as the website's class.
    """
    parts = ["# Results", _INTRODUCTION, prefix + _summary(lessons, link)]
    for lesson in lessons:
        if lesson.ready:
            parts.append(f"## [{lesson.title}]({link(lesson)})")
            parts.append(effect(lesson))
            parts += result_tables(lesson, prefix)
    return "\n\n".join(parts) + "\n"


def _summary(lessons, link):
    """One row per written lesson: whether the paper's main effect is there."""
    rows = []
    for lesson in lessons:
        if lesson.ready:
            stated = lesson.module("paper").EFFECT
            title = f"[{lesson.title}]({link(lesson)})"
            rows.append((title, f"**{stated.reproduces}**", stated.reason))
    return table(rows, ("lesson", "reproduces", "why"))


def effect(lesson):
    """The main effect of a lesson as a paragraph."""
    stated = lesson.module("paper").EFFECT
    return (
        f"{lesson.paper}. In the paper: {stated.paper}. Here: "
        f"{headlines.effect_here(lesson)}. Reproduces: **{stated.reproduces}** "
        f"({stated.reason})."
    )


def result_tables(lesson, prefix=""):
    """The recorded results of a lesson: a title and a table for every quantity.

    Args:
        lesson: a row of the catalog.
        prefix: a line that goes before each table, such as the website's class.

    Returns:
        Paragraphs of Markdown.
    """
    parts = []
    for title, rows in headlines.grouped(lesson.module("paper").HEADLINES):
        cells = [
            (row.label, row.paper, *headlines.here(lesson, row), row.note or "—")
            for row in rows
        ]
        parts += [f"**{title}**"] if title else []
        parts.append(prefix + table(cells, COLUMNS))
    return parts
