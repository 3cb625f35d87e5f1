"""Four pages for each lesson: notebook, exercise, facts, tests."""

import ast
import dataclasses
import re

from docs.website import notebooks, opening
from lessons import further
from lessons.toolkit import front_page, results
from lessons.toolkit.config import PRESET_NAMES, RunConfig
from lessons.toolkit.notebook import source

_COMMON = ("preset", "device", "precision", "strategy", "deterministic")


def pages(root, lesson, released, alt):
    """Name and text of every page of one lesson.

    Args:
        root: the checkout.
        lesson: a row of the catalog.
        released: path of the students' version of its exercise.
        alt: what its cover picture shows.
    """
    slug = lesson.slug
    notebook = notebooks.read(root / lesson.notebook)
    claims = _claims(notebook)
    opening.first_screen(notebook, slug, alt)
    return {
        f"lessons/{slug}.ipynb": notebooks.page(notebook, 1, _links(lesson)),
        f"exercises/{slug}.ipynb": _exercise(lesson, released),
        f"facts/{slug}.md": _facts(lesson, claims),
        f"tests/{slug}.md": _tests(root, lesson),
    }


def _links(lesson):
    slug = lesson.slug
    return (
        "\n{.lesson-links}\n"
        f"{lesson.paper} · [Package](../reference/{slug}.md) · "
        f"[Exercise](../exercises/{slug}.ipynb) · [Tests](../tests/{slug}.md) · "
        f"[Facts](../facts/{slug}.md) · "
        f'<a href="../_static/notebooks/{slug}.ipynb" download>Notebook</a>\n'
    )


def _exercise(lesson, released):
    """The students' version, as it is released: without solutions."""
    slug = lesson.slug
    links = (
        "\n{.lesson-links}\n"
        f"[The lesson](../lessons/{slug}.ipynb) · "
        f'<a href="../_static/exercises/{slug}.ipynb" download>'
        "The notebook to hand in</a>\n"
    )
    return notebooks.page(notebooks.read(released), 1, links)


def _claims(notebook):
    """What the last cell of a notebook prints: the claims it has verified."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    return source.printed(code[-1])


def _facts(lesson, claims):
    config = lesson.module("config")
    runs = results.load(lesson.folder / "results.json")
    parts = [
        f"# Facts: {lesson.title}",
        "{.lesson-links}\n"
        f"{lesson.paper} · [The lesson](../lessons/{lesson.slug}.ipynb)",
        "## Settings",
        "What `lessons run --preset NAME` sets; every field can be changed with "
        f"`--set FIELD=VALUE`. `lessons show {lesson.slug}` prints the same.",
        _presets(config.PRESETS),
        "## The paper and this lesson",
        front_page.effect(lesson),
        *front_page.result_tables(lesson, "{.by-row}\n"),
        "## Claims verified in the notebook",
        f"```text\n{claims}\n```",
        "## Recorded runs",
        _runs(runs),
    ]
    papers = further.after(lesson.slug)
    if papers:
        parts += ["## Papers that this lesson prepares for", _papers(papers)]
    return "\n\n".join(parts) + "\n"


def _papers(papers):
    """What to read next; the whole list is a page of its own."""
    rows = "\n".join(f"* {paper.title} ({paper.source})" for paper in papers)
    return f"{rows}\n\nWhat each adds stands in [Further papers](../further.md)."


def _presets(presets):
    """The three presets of every lesson side by side."""
    chosen = [presets[name] for name in PRESET_NAMES]
    rows = []
    for field in dataclasses.fields(chosen[0]):
        if field.name in _COMMON:
            continue
        values = [_value(getattr(preset, field.name)) for preset in chosen]
        rows.append((f"`{field.name}`", field.metadata["help"], *values))
    own = {field.name for field in dataclasses.fields(RunConfig)}
    rows.sort(key=lambda row: row[0].strip("`") in own)  # the lesson's own first
    return results.table(rows, ("field", "meaning", *PRESET_NAMES))


def _value(value):
    if isinstance(value, tuple):
        return ", ".join(map(_value, value)) or "none"
    return f"{value:,}" if isinstance(value, int) and value > 9999 else str(value)


def _runs(runs):
    groups = {}
    for run in runs:
        groups.setdefault(run["preset"], []).append(run)
    rows = []
    for preset, same in groups.items():
        seconds = sorted(run["seconds"] for run in same)
        commits = sorted({run["commit"] for run in same})
        rows.append(
            (
                preset,
                str(len(same)),
                ", ".join(map(str, sorted({run["seed"] for run in same}))),
                f"{seconds[0]:.0f}–{seconds[-1]:.0f}",
                ", ".join(f"`{commit}`" for commit in commits),
            )
        )
    return results.table(rows, ("preset", "runs", "seeds", "seconds", "commits"))


def _tests(root, lesson):
    """What the tests of a lesson state, as sentences, and their source."""
    folder = root / "tests" / lesson.unit / lesson.slug
    files = sorted(folder.glob("test_*.py"))
    parts = [
        f"# Tests: {lesson.title}",
        "{.lesson-links}\n"
        f"[The lesson](../lessons/{lesson.slug}.ipynb) · run them with "
        f"`make test LESSON={lesson.slug}`",
        "The name of a test is the claim it proves.",
    ]
    for path in files:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        heading = path.stem.removeprefix("test_").replace("_", " ")
        parts.append(f"## {heading.capitalize()}")
        about = ast.get_docstring(tree)
        if about:
            parts.append(re.sub(r"([*_$<])", r"\\\1", about.splitlines()[0]))
        parts.append("\n".join(f"* {claim}" for claim in claimed(tree)))
    for path in files:
        parts.append(f"## `{path.name}`")
        parts.append(f"````python\n{path.read_text(encoding='utf-8')}````")
    return "\n\n".join(parts) + "\n"


def claimed(tree):
    """The names of the tests of a file as sentences."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            words = node.name.removeprefix("test_").replace("_", " ")
            yield words[0].upper() + words[1:] + "."
