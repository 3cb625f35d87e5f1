"""The first screen of a lesson's page: the notebook's, with the site's own picture."""

import html

from lessons.toolkit.notebook import opening


def first_screen(notebook, slug, alt):
    """Put the whole cover and a box into the first cell.

    Args:
        notebook: of a lesson, changed in place.
        slug: the lesson.
        alt: what its cover picture shows.
    """
    first, parts = notebook.cells[0], opening.read(notebook)
    picture = (
        f'<img class="lesson-cover" src="../_static/covers/{slug}_whole.png" '
        f'alt="{html.escape(alt)}">'
    )
    box = "\n\n".join(f"**{name}.** {text}" for name, text in parts.box.items())
    first.source = "\n\n".join(
        (
            f"# {parts.title}",
            f"**{parts.promise}**",
            picture,
            f":::{{admonition}} Before you begin\n{box}\n:::",
            opening.ABLE,
            parts.able,
        )
    )
    first.pop("attachments", None)
