r"""Turns the equations of a notebook into MathML, which browsers draw by themselves.

MathML needs neither a script nor a font from outside, so a page with equations stays
one file. The converter refuses what it does not know instead of drawing something
else; `tests/contract` holds every equation of every notebook to that.
"""

import functools
import html
import re

from lessons.toolkit.errors import UserError

# Environments that are numbered in LaTeX; here an equation has a number only when the
# author gives it the paper's with \tag.
_NUMBERED = re.compile(r"\\(begin|end)\{(align|equation|gather|multline)\}")


@functools.cache
def _converter():
    import math_core

    return math_core.LatexToMathML(fancy_error=False)


def convert(latex, display):
    r"""MathML of one equation.

    Args:
        latex: the equation without its dollar signs.
        display: whether it stands on a line of its own.

    Returns:
        A `<math>` element; its `alttext` holds the LaTeX source.

    Raises:
        UserError: the equation uses a command that cannot be converted.

    Example:
        convert(r"\frac{1}{K}", display=False)
    """
    import math_core

    try:
        text = _converter().convert_with_local_state(
            _prepared(latex), displaystyle=display
        )
    except math_core.LatexError as error:
        reason = str(error).partition(": ")[2] or str(error)
        raise UserError(
            f"cannot show the equation {latex.strip()!r}: {reason}"
        ) from None
    # Not as an <annotation>: the element it needs around the equation would keep
    # equation numbers from the right margin.
    spoken = html.escape(" ".join(latex.split()))
    return text.replace("<math", f'<math alttext="{spoken}"', 1)


def _prepared(latex):
    r"""The equation in the converter's dialect: \tag stands in an environment."""
    latex = " ".join(latex.split()).replace("{split}", "{aligned}")
    if r"\tag" not in latex:
        return _NUMBERED.sub(r"\\\1{\2*}", latex)
    if not _NUMBERED.search(latex):
        return rf"\begin{{equation}}{latex}\end{{equation}}"
    return latex
