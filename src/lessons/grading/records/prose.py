r"""A student's written answer as HTML that is neutral by construction.

nbgrader's pages put the Markdown of a cell into HTML as it is, and scripts on them look
for formulas in what they find. So nothing of a student's is handed to them as Markdown.
Here the text is read by a grammar of our own, and what is written is one line made of

* tags from a short fixed list, without attributes of the student's,
* letters, digits, spaces, dots and commas,
* all other characters as numbers, such as `&#60;`,

in a `<div>` that MathJax leaves alone. `is_neutral` checks just that. What the grammar
does not know, such as links, images of other places and HTML, is shown as typed.

The grammar: paragraphs, headings, lists, quotations, tables, code, bold, italic, and
equations, which become MathML. Every step takes time linear in the text.
"""

import base64
import re

from lessons.grading.records import equations, neutral

LONGEST = 100_000  # characters that are shown
MOST_EQUATIONS = 500
MOST_COLUMNS = 20
DEEPEST = 4  # quotations in quotations, emphasis in emphasis
OPEN, CLOSE = '<div class="tex2jax_ignore mathjax_ignore">', "</div>"
CUT = "[The rest is left out: the answer is too long to be shown.]"

_ACTIVE = re.compile(r"[^\w .,]|_")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`]*$")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t](.*)$")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(\S.*)$")
_QUOTE = re.compile(r" {0,3}> ?")
_RULE = re.compile(r" {0,3}([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_ENVIRONMENTS = "equation|align|aligned|gather|gathered|split|multline|cases|array"
_TOKEN = re.compile(
    rf"\\begin\{{(?:{_ENVIRONMENTS}|[bpvV]?matrix)\*?\}}"
    r"|\\{1,2}[([]|\\[!-/:-@\[-`{-~]|`+|\$\$?|\*\*?|__?"
    r"|!\[[^\[\]\n]{0,200}\]\(attachment:[^()\n]{1,200}\)|<br ?/?>"
)
_CLOSING = {r"\(": r"\)", r"\[": r"\]", r"\\(": r"\\)", r"\\[": r"\\]"}
_MATH = "|".join(sorted(equations.ELEMENTS))
_TAGS = (
    r"/?(?:p|h4|ul|ol|li|blockquote|table|tr|td|th|pre|code|strong|em"
    rf"|{_MATH})|br|hr|(?:{_MATH})"
    rf'(?: (?:(?:{"|".join(sorted(equations.ATTRIBUTES))})="[a-z0-9.%+-]{{1,20}}"'
    r'|style="text-align: (?:left|right)"))+'
    r'|img alt="(?:[\w .,]|&#\d+;)*" src="data:image/png;base64,[A-Za-z0-9+/=]+"'
)
_NEUTRAL = re.compile(
    rf"{re.escape(OPEN)}(?:<(?:{_TAGS})>|[^\W_]|[ .,]|&#\d{{1,7}};)*{CLOSE}"
)


def markdown(text, pictures=None):
    """The answer as one line of HTML, ready to be the source of a Markdown cell.

    Args:
        text: the student's Markdown.
        pictures: PNG files, as bytes, by the name they have in the text as attachments;
            those which the text does not show are added at its end.
    """
    writer = _Writer(pictures or {})
    shown = neutral.plain(text[:LONGEST]).expandtabs(4)
    body = writer.blocks(shown.split("\n"))
    if len(text) > LONGEST:
        body += f"<p>{escape(CUT)}</p>"
    for name in writer.unseen():
        body += f"<p>{writer.picture(name, name)}</p>"
    return f"{OPEN}{body}{CLOSE}"


def escape(text):
    """Text with all but letters, digits, spaces, dots and commas as numbers."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", text)


def is_neutral(source):
    """Whether a text is what `markdown` may give: nothing else in it can be active."""
    return _NEUTRAL.fullmatch(source) is not None


class _Writer:
    """Turns lines into HTML.

    Args:
        pictures: PNG files by name.
    """

    def __init__(self, pictures):
        self._pictures, self._shown = pictures, set()
        self._equations = 0

    def unseen(self):
        """Names of the pictures that the text has not shown."""
        return [name for name in self._pictures if name not in self._shown]

    def picture(self, alt, name):
        """An image of our own data."""
        self._shown.add(name)
        data = base64.b64encode(self._pictures[name]).decode()
        return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}">'

    # Blocks

    def blocks(self, lines, depth=0):
        """HTML of some lines."""
        parts, place = [], 0
        while place < len(lines):
            taken = 0
            for read in (self._code, self._quote, self._list, self._table):
                html, taken = read(lines, place, depth)
                if taken:
                    break
            else:
                html, taken = self._text(lines, place, depth)
            parts.append(html)
            place += taken
        return "".join(parts)

    def _code(self, lines, place, depth):
        """Lines between fences, or indented ones after an empty line."""
        fence, end = _FENCE.match(lines[place]), place + 1
        if fence:
            while end < len(lines) and not lines[end].lstrip().startswith(fence[1]):
                end += 1
            return _pre(lines[place + 1 : end]), min(end + 1, len(lines)) - place
        if _is_code(lines[place]) and (place == 0 or not lines[place - 1].strip()):
            while end < len(lines) and _is_code(lines[end]):
                end += 1
            return _pre([line[4:] for line in lines[place:end]]), end - place
        return "", 0

    def _quote(self, lines, place, depth):
        end = place
        while end < len(lines) and depth < DEEPEST and _QUOTE.match(lines[end]):
            end += 1
        if end == place:
            return "", 0
        inner = [_QUOTE.sub("", line, count=1) for line in lines[place:end]]
        body = self.blocks(inner, depth + 1)
        return f"<blockquote>{body}</blockquote>", end - place

    def _list(self, lines, place, depth):
        """Items, by how far they are indented; lines between belong to the item."""
        if _RULE.match(lines[place]):
            return "", 0
        parts, levels, end = [], [], place
        while end < len(lines) and (item := _ITEM.match(lines[end])):
            indent, mark, words = len(item[1]), item[2], [item[3]]
            end += 1
            while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
                words.append(lines[end].strip())
                end += 1
            while levels and indent < levels[-1][0]:
                parts.append(f"</li></{levels.pop()[1]}>")
            if levels and (indent < levels[-1][0] + 2 or len(levels) > DEEPEST):
                parts.append("</li>")
            else:
                levels.append((indent, "ol" if mark[0].isdigit() else "ul"))
                parts.append(f"<{levels[-1][1]}>")
            parts.append(f"<li>{self.inline(chr(10).join(words))}")
            follows = end + 1 < len(lines) and not lines[end].strip()
            end += bool(follows and _ITEM.match(lines[end + 1]))
        parts += [f"</li></{tag}>" for _, tag in reversed(levels)]
        return "".join(parts), end - place

    def _table(self, lines, place, depth):
        """Rows of cells between bars; the second line rules off the first."""
        below = lines[place + 1] if place + 1 < len(lines) else ""
        ruled = {"|", "-"} <= set(below) <= set(" |:-")
        if "|" not in lines[place] or not ruled:
            return "", 0
        rows, end = [], place
        while end < len(lines) and "|" in lines[end]:
            tag = "th" if end == place else "td"
            cells = lines[end].strip().strip("|").split("|", MOST_COLUMNS)
            cells = [f"<{tag}>{self.inline(cell.strip())}</{tag}>" for cell in cells]
            if end != place + 1:
                rows.append(f"<tr>{''.join(cells)}</tr>")
            end += 1
        return f"<table>{''.join(rows)}</table>", end - place

    def _text(self, lines, place, depth):
        """A heading, a rule, or a paragraph."""
        heading = _HEADING.match(lines[place])
        if heading:
            return f"<h4>{self.inline(heading[2].strip(' #'))}</h4>", 1
        if _RULE.match(lines[place]):
            return "<hr>", 1
        if not lines[place].strip():
            return "", 1
        end = place + 1
        while end < len(lines) and lines[end].strip() and not _begins(lines[end]):
            end += 1
        return f"<p>{self.inline(chr(10).join(lines[place:end]))}</p>", end - place

    # Within a block

    def inline(self, text, depth=0):
        """HTML of the text of one block."""
        parts, start, place, lost = [], 0, 0, set()
        while found := _TOKEN.search(text, place):
            html, end = self._token(text, found, depth, lost)
            if html is None:
                place = end
                continue
            parts += [_words(text[start : found.start()]), html]
            start = place = end
        return "".join([*parts, _words(text[start:])])

    def _token(self, text, found, depth, lost):
        """(HTML, end) of what begins here; (None, where to go on) if it is text."""
        token, after = found[0], found.end()
        if token.startswith("!["):
            alt, _, name = token[2:-1].partition("](attachment:")
            known = name in self._pictures and name not in self._shown
            return (self.picture(alt, name) if known else None), after
        if token.startswith("<br"):
            return "<br>", after
        if token.startswith(r"\begin"):
            close = rf"\end{token[6:]}"
        elif token[0] == "\\" and token not in _CLOSING:
            return escape(token[1:]), after
        else:
            close = _CLOSING.get(token, token)
        end = -1 if (close in lost or len(close) > 40) else text.find(close, after)
        while token[0] == "$" and end > 0 and text[end - 1] == "\\":
            end = text.find(close, end + 1)
        if end < 0:
            lost.add(close)  # once sought in vain, never sought again
            return None, after
        inner, past = text[after:end], end + len(close)
        if token[0] == "`":
            return f"<code>{_words(inner)}</code>", past
        if token[0] in "*_":
            return self._emphasis(text, found.start(), inner, past, token, depth)
        if not inner.strip():
            return None, after
        if token.startswith(r"\begin"):
            return self._equation(text[found.start() : past], True), past
        return self._equation(inner, token[-1] in "[" or token == "$$"), past

    def _equation(self, latex, display):
        self._equations += 1
        if self._equations > MOST_EQUATIONS:
            return f"<code>{_words(latex)}</code>"
        made = equations.convert(" ".join(latex.split()), display, escape)
        return made

    def _emphasis(self, text, start, inner, past, mark, depth):
        """Bold or italic, where the marks hug words as they do in Markdown."""
        before, behind = text[start - 1 : start], text[past : past + 1]
        hugs = inner.strip() == inner != "" and depth < DEEPEST
        if mark[0] == "_":
            hugs = hugs and not (before.isalnum() or behind.isalnum())
        if not hugs:
            return None, start + len(mark)
        tag = "strong" if len(mark) == 2 else "em"
        return f"<{tag}>{self.inline(inner, depth + 1)}</{tag}>", past


def _is_code(line):
    return line.startswith("    ") and line.strip() != ""


def _pre(lines):
    return f"<pre><code>{'&#10;'.join(map(escape, lines))}</code></pre>"


def _begins(line):
    """Whether a line ends the paragraph above it."""
    patterns = (_FENCE, _HEADING, _ITEM, _QUOTE, _RULE)
    return any(pattern.match(line) for pattern in patterns)


def _words(text):
    """Text of a paragraph: two spaces at the end of a line break it."""
    lines = text.split("\n")
    for number, line in enumerate(lines[:-1]):
        broken = line.endswith("  ") or line.endswith("\\")
        text = line.removesuffix("\\").rstrip()
        lines[number] = escape(text) + ("<br>" if broken else " ")
    lines[-1] = escape(lines[-1])
    return "".join(lines)
