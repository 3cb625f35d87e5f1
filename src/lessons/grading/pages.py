"""nbgrader's pages, for marking and for feedback, without another machine's help.

`configure` belongs into a course's nbgrader_config.py. Equations then become MathML,
which browsers draw by themselves, instead of asking a public address for a script;
hidden tests stay out of feedback, and text sources out of what students get.
"""

import functools
import pathlib

from lessons.toolkit.errors import UserError

TEMPLATES = pathlib.Path(__file__).parent / "templates"
# What feedback pages may load: nothing. Their own style stands in them.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


# nbgrader copies every file beside a notebook to students: no text source may pass, nor
# what a killed run has left.
_KEPT_BACK = [".ipynb_checkpoints", "*.py", "*.pyc", "__pycache__", "feedback", ".*"]


def configure(config):
    """Set up nbgrader's pages, and what it must not copy to students or into feedback.

    Args:
        config: the configuration, as `get_config()` gives it.
    """
    from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
    from nbgrader.preprocessors import GetGrades
    from nbgrader.server_extensions.formgrader import handlers

    from lessons.grading.feedback import HideTests

    config.CourseDirectory.ignore = list(_KEPT_BACK)
    config.HTMLExporter.filters = {"markdown2html": markdown2html}
    config.HTMLExporter.extra_template_basedirs = [
        str(TEMPLATES),
        handlers.template_path,
    ]
    steps = [GetGrades, HideTests, CSSHTMLHeaderPreprocessor]
    config.GenerateFeedback.preprocessors = steps
    config.GenerateFeedback.exporter_class = "lessons.grading.pages.Feedback"


def markdown2html(source):
    """A cell's Markdown as HTML, equations as MathML.

    A student's cells are HTML already (`records.prose`) and pass unchanged. An
    equation that cannot be converted is shown as its source.
    """
    return _renderer()().render(source)


@functools.cache
def _renderer():
    from lessons.toolkit.notebook import markdown, mathml

    class Renderer(markdown.Renderer):
        """Never fails: these pages are made while somebody waits for them."""

        def block_math(self, body):
            return self._shown(body, True)

        def inline_math(self, body):
            return self._shown(body, False)

        def _shown(self, body, display):
            try:
                return mathml.convert(body, display)
            except UserError:
                return f"<code>{self.escape_html(body)}</code>"

    return Renderer


def __getattr__(name):
    """`Feedback`, made when it is asked for: nbconvert takes a second to import."""
    if name != "Feedback":
        raise AttributeError(name)
    return _feedback_exporter()


@functools.cache
def _feedback_exporter():
    from nbconvert import HTMLExporter

    class Feedback(HTMLExporter):
        """Pages that load nothing and run nothing, whatever is in them."""

        def from_notebook_node(self, nb, resources=None, **kwargs):
            """The page, with a policy in its head and without scripts."""
            html, resources = super().from_notebook_node(nb, resources, **kwargs)
            return without_scripts(html), resources

    return Feedback


def without_scripts(html):
    """A page without the scripts of nbconvert's template, and with a strict policy."""
    parts, rest = [], html
    while "<script" in rest:
        before, _, rest = rest.partition("<script")
        parts.append(before)
        _, end, after = rest.partition("</script>")
        rest = after if end else ""
    text = "".join([*parts, rest])
    head = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    return text.replace("<head>", f"<head>\n{head}", 1)
