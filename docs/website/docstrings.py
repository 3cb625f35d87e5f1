r"""A Sphinx extension: the house's docstrings as reStructuredText.

They are plain text with equations between dollar signs; reStructuredText would take
$|x|$ for a substitution and a_ for a link. Sections are napoleon's business.
"""

import re

_PIECES = re.compile(
    r"(?P<display>\$\$.+?\$\$)|(?P<inline>\$(?!\s)[^$]+?(?<!\s)\$)|(?P<code>`+[^`]+`+)",
    re.DOTALL,
)
# What would be mark-up: substitutions, emphasis, links, escapes; but not the stars of
# an argument's name, which napoleon knows.
_MARKUP = re.compile(r"[|\\]|(?<!\*)\*(?![\s*])|(?<=, )\*\*(?=\w)|(?<=\w)_(?!\w)")
_EXAMPLE = re.compile(r"^(\s*)Examples?:\s*$")


def setup(app):
    """Work on every docstring before napoleon does."""
    app.connect("autodoc-process-docstring", _process, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _process(app, what, name, thing, options, lines):
    lines[:] = converted("\n".join(lines)).split("\n")


def converted(text):
    """A docstring with its equations, code and examples as reStructuredText."""
    return "\n".join(_examples(_pieces(text).split("\n")))


def _pieces(text):
    parts, end = [], 0
    for match in _PIECES.finditer(text):
        parts.append(_escaped(text[end : match.start()]))
        parts.append(_piece(match, text))
        end = match.end()
    parts.append(_escaped(text[end:]))
    return "".join(parts)


def _piece(match, text):
    whole = match[0]
    if match["code"]:
        return f"``{whole.strip('`')}``" + _joint(text, match.end())
    if match["inline"]:
        latex = " ".join(whole[1:-1].split())
        return rf":math:`{latex}`" + _joint(text, match.end())
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    indent = line if not line.strip() else line[: len(line) - len(line.lstrip())]
    latex = " ".join(whole[2:-2].split())
    after = text[match.end() : match.end() + 1]
    rest = "" if after in ("", "\n") else f"\n\n{indent}"
    return f"\n\n{indent}.. math:: {latex}\n{rest}"


def _joint(text, end):
    """What lets a letter follow a role directly."""
    return (
        r"\ " if end < len(text) and (text[end].isalnum() or text[end] == "-") else ""
    )


def _escaped(text):
    return _MARKUP.sub(lambda match: re.sub("(.)", r"\\\1", match[0]), text)


def _examples(lines):
    """Blocks below "Example:" as code."""
    result, inside, margin = [], False, 0
    for line in lines:
        found = _EXAMPLE.match(line)
        if found:
            inside, margin = True, len(found[1])
            result += [line, f"{found[1]}    .. code-block:: python", ""]
            continue
        if inside and line.strip() and len(line) - len(line.lstrip()) <= margin:
            inside = False
        result.append("    " + line if inside and line.strip() else line)
    return result
