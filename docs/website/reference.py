"""The reference: one page for each package, made of docstrings."""

import pkgutil

from docs.website import guides
from lessons.toolkit import results

_SHARED = {
    "toolkit": "What several lessons share: data, runs, figures, notebooks.",
    "grading": "Building, checking and grading the exercises.",
    "cli": "The command line.",
}


def pages(root, lessons):
    """Name and text of each page of the reference."""
    folder = root / "src" / "lessons"
    texts = {}
    for name, about in _SHARED.items():
        texts[f"reference/{name}.md"] = _page(
            f"`lessons.{name}`", about, f"lessons.{name}", folder / name
        )
    for lesson in lessons:
        about = f"[The lesson](../lessons/{lesson.slug}.ipynb)."
        texts[f"reference/{lesson.slug}.md"] = _page(
            f"`{lesson.package}`", about, lesson.package, lesson.folder
        )
    names = ["catalog", *_SHARED, *(lesson.slug for lesson in lessons)]
    texts["reference/catalog.md"] = "# `lessons.catalog`\n\n" + _module(
        "lessons.catalog"
    )
    entries = "\n".join(f"reference/{name}" for name in names)
    texts["reference.md"] = (
        "# Reference\n\n"
        "Every public module, class and function, from its docstring.\n\n"
        f"{_overview(lessons)}\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n:hidden:\n\n{entries}\n```\n"
    )
    return texts


def _overview(lessons):
    """A row for each package: what is in it, and after which lesson it is read."""
    rows = [("[The table of contents](reference/catalog.md)", "", "`lessons.catalog`")]
    for name, about in _SHARED.items():
        rows.append((f"[{about}](reference/{name}.md)", "", f"`lessons.{name}`"))
    for lesson in lessons:
        page = f"[{lesson.title}](reference/{lesson.slug}.md)"
        rows.append((page, guides.level(lesson, lessons), f"`{lesson.package}`"))
    return results.table(rows, ("what it holds", "level of its lesson", "package"))


def _page(title, about, package, folder):
    parts = [f"# {title}\n\n{about}\n"]
    for name in modules(package, folder):
        parts.append(f"## `{name.removeprefix(package + '.')}`\n\n{_module(name)}")
    return "\n".join(parts)


def _module(name):
    return f"```{{eval-rst}}\n.. automodule:: {name}\n```\n"


def modules(package, folder):
    """Dotted names of a package's public modules, those of its packages too."""
    for found in pkgutil.iter_modules([str(folder)]):
        if found.name.startswith("_"):
            continue
        name = f"{package}.{found.name}"
        if found.ispkg:
            yield name
            yield from modules(name, folder / found.name)
        else:
            yield name
