"""All pages of the website as files that Sphinx reads; the catalog is their order."""

import shutil

from docs.website import cards, guides, lesson_pages, notebooks, reference
from lessons import catalog
from lessons.grading import course
from lessons.toolkit.notebook import overview


def assemble(root, pages):
    """Write every page below `pages`.

    Files that have not changed keep their time, so that Sphinx reads only what has.

    Args:
        root: the checkout.
        pages: folder to fill; what is in it and not written now is removed.

    Raises:
        UserError: a stored notebook or an exercise is missing or unsound.
    """
    lessons = catalog.ready()
    overviews = {lesson.slug: overview.of(lesson) for lesson in lessons}
    texts = {
        "index.md": cards.home(root, overviews),
        "syllabus.md": cards.syllabus(catalog, overviews),
        "start_here.ipynb": notebooks.start_here(root),
        **guides.pages(root, lessons),
        **reference.pages(root, lessons),
    }
    static = pages.parent / "static"
    shutil.rmtree(static, ignore_errors=True)
    for lesson in lessons:
        _, released = course.build(root / "course", lesson.slug)
        alt = overviews[lesson.slug].alt
        texts |= lesson_pages.pages(root, lesson, released, alt)
        for folder, path in (
            ("notebooks", root / lesson.notebook),
            ("exercises", released),
        ):
            _write(static / folder / f"{lesson.slug}.ipynb", path.read_bytes())
    written = {pages / name for name in texts}
    for name, text in texts.items():
        _write(pages / name, text.encode("utf-8"))
    _remove_others(pages, written)
    _pictures(static / "covers", overviews)
    for path in guides.pictures(root):
        _write(static / "pictures" / path.name, path.read_bytes())


def _write(path, content):
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _remove_others(folder, kept):
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path not in kept:
            path.unlink()


def _pictures(folder, overviews):
    """Covers: small and still for the cards, as they are for the home page."""
    for slug, card in overviews.items():
        _write(folder / f"{slug}.png", card.thumbnail())
        _write(folder / f"{slug}_whole.png", card.picture)
