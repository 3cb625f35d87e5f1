"""The home page and the syllabus: pictures that make one want to start."""

import html

from lessons.toolkit.notebook.markdown import Renderer

SHOWN_AT_HOME = (
    "ot_gan",
    "vae",
    "lstm",
)  # a moving one, a beautiful one, a strange one

_SECTIONS = (
    ("Start", ("start_here", "syllabus", "results")),
    ("Course", ("exercises", "course_plan", "further", "instructor", "contributing")),
    ("Behind the lessons", ("reference", "facts", "tests", "speed")),
)


def home(root, overviews):
    """The first page: what this is, for whom, how to begin; the table of contents."""
    text = (root / "docs" / "texts" / "home.md").read_text(encoding="utf-8")
    shown = [slug for slug in SHOWN_AT_HOME if slug in overviews]
    pictures = "\n".join(_picture(slug, overviews[slug]) for slug in shown)
    text = text.replace("PICTURES", f'<div class="pictures">\n{pictures}\n</div>')
    return text + "\n" + _contents()


def _picture(slug, card):
    return (
        f'<figure><a href="lessons/{slug}.html">'
        f'<img src="_static/covers/{slug}_whole.png" alt="{html.escape(card.alt)}"></a>'
        f"<figcaption>{html.escape(card.title)}</figcaption></figure>"
    )


def _contents():
    """The hidden table of contents; its order is that of previous and next."""
    from lessons import catalog

    units = []
    for unit, title in catalog.UNITS.items():
        lessons = [lesson for lesson in catalog.ready() if lesson.unit == unit]
        if lessons:
            units.append((title, [f"lessons/{lesson.slug}" for lesson in lessons]))
    start, *others = _SECTIONS
    blocks = []
    for caption, names in (start, *units, *others):
        lines = "\n".join(names)
        blocks.append(f"```{{toctree}}\n:hidden:\n:caption: {caption}\n\n{lines}\n```")
    return "\n\n".join(blocks) + "\n"


def syllabus(catalog, overviews):
    """A card per lesson, in teaching order; planned ones are said to be planned."""
    parts = [
        "# Syllabus",
        f"{len(catalog.LESSONS)} lessons in teaching order; {len(overviews)} are "
        "written, the others are planned. How they fill twelve weeks stands in the "
        "[course plan](course_plan.md).",
    ]
    for unit, title in catalog.UNITS.items():
        rows = [lesson for lesson in catalog.LESSONS if lesson.unit == unit]
        parts.append(f"## {title}")
        shown = [_card(each, overviews) for each in rows if each.slug in overviews]
        if shown:
            parts.append('<div class="cards">\n' + "\n".join(shown) + "\n</div>")
        planned = [each for each in rows if each.slug not in overviews]
        if planned:
            parts.append("Planned:")
            parts.append(
                "\n".join(f"* {each.title} ({each.paper})" for each in planned)
            )
    return "\n\n".join(parts) + "\n"


def _card(lesson, overviews):
    card = overviews[lesson.slug]
    needed = ", ".join(
        f'<a href="lessons/{slug}.html"><code>{slug}</code></a>'
        if slug in overviews
        else f"<code>{slug}</code>"
        for slug in lesson.prerequisites
    )
    promise = Renderer().render(card.promise).strip()
    lines = [
        '<article class="card-lesson">',
        f'<img src="_static/covers/{lesson.slug}.png" loading="lazy" '
        f'alt="{html.escape(card.alt)}">',
        f'<h3><a href="lessons/{lesson.slug}.html">{html.escape(card.title)}</a></h3>',
        promise,
        "<dl>",
        f"<dt>Paper</dt><dd>{html.escape(lesson.paper)}</dd>",
        f"<dt>Before</dt><dd>{needed or 'no other lesson'}</dd>",
        f"<dt>Time</dt><dd>{html.escape(card.time)}</dd>",
        "</dl>",
        "</article>",
    ]
    return "\n".join(lines)
