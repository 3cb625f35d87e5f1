"""The page is one file: nothing outside it, equations drawn, figures described."""

import html.parser

import nbformat
import pytest

from lessons.toolkit.errors import UserError
from lessons.toolkit.notebook import mathml
from lessons.toolkit.notebook.page import outside_requests, page


class Elements(html.parser.HTMLParser):
    """Every element of a document as (tag, attributes)."""

    def __init__(self, document):
        super().__init__()
        self.all = []
        self.feed(document)

    def handle_starttag(self, tag, attrs):
        self.all.append((tag, dict(attrs)))

    def of(self, tag):
        return [attributes for name, attributes in self.all if name == tag]


@pytest.fixture
def document(sample, pretend_executed):
    return page(pretend_executed(sample.path))


def notebook_of(*cells):
    return nbformat.v4.new_notebook(cells=list(cells))


def prose(text):
    return page(notebook_of(nbformat.v4.new_markdown_cell(text)))


def displayed(data):
    output = nbformat.v4.new_output("display_data", data=data)
    return page(notebook_of(nbformat.v4.new_code_cell("show()", outputs=[output])))


def test_the_page_fetches_nothing(document):
    elements = Elements(document)
    assert not elements.of("script")
    addresses = [
        value
        for tag, attributes in elements.all
        for name, value in attributes.items()
        if name in ("src", "href") and tag != "a"
    ]
    assert len(addresses) == 6  # four figures, the cover before them, an empty icon
    assert all(address.startswith("data:") for address in addresses)
    assert "url(" not in document and "@import" not in document
    (policy,) = [a["content"] for a in elements.of("meta") if "http-equiv" in a]
    assert policy.startswith("default-src 'none'")


def test_every_figure_carries_its_own_alt_text(document):
    texts = [attributes["alt"] for attributes in Elements(document).of("img")]
    assert texts.pop(0) == "The picture that stands for this lesson"
    assert len(texts) == 4
    assert set(texts) == {
        "A small grey square that stands for a chart of the bound against samples."
    }


def test_equations_become_mathml(document):
    elements = Elements(document)
    displays = [attributes.get("display") for attributes in elements.of("math")]
    assert displays.count("block") == 1 and len(displays) == 3
    assert "$" not in document
    # Two aligned rows of one relation each: a table of two rows.
    assert len(elements.of("mtr")) == 2


def test_a_dollar_sign_in_code_stays():
    assert "price = $5" in prose("Write `price = $5` or `$6`.")


def test_the_contents_link_to_headings_with_distinct_anchors():
    elements = Elements(prose("# T\n## Same\n## Same\n### The $x^2$ term"))
    anchors = [a["id"] for tag, a in elements.all if tag in ("h2", "h3")]
    assert len(set(anchors)) == 3
    links = [a["href"] for a in elements.of("a")][1:]  # after the skip link
    assert links == [f"#{anchor}" for anchor in anchors]


def test_title_and_alt_text_are_escaped():
    data = {"image/png": "AAAA", "text/plain": 'a "quoted" <b> & more'}
    output = nbformat.v4.new_output("display_data", data=data)
    cell = nbformat.v4.new_code_cell("show()", outputs=[output])
    text = page(notebook_of(nbformat.v4.new_markdown_cell("# A & B < C"), cell))
    assert "<title>A &amp; B &lt; C</title>" in text
    assert Elements(text).of("img")[0]["alt"] == 'a "quoted" <b> & more'


def test_printed_text_is_escaped_and_terminal_colours_become_markup():
    text = "\x1b[31mred\x1b[0m <script>"
    output = nbformat.v4.new_output("stream", name="stdout", text=text)
    cell = nbformat.v4.new_code_cell("x", outputs=[output])
    shown = page(notebook_of(cell))
    assert "&lt;script&gt;" in shown and "\x1b" not in shown


def test_code_is_highlighted():
    shown = page(notebook_of(nbformat.v4.new_code_cell("import math")))
    assert '<span class="kn">import</span>' in shown


def test_attached_pictures_are_inside():
    cell = nbformat.v4.new_markdown_cell("![Some cover](attachment:cover.png)")
    cell["attachments"] = {"cover.png": {"image/png": "iVBORw=="}}
    document = page(notebook_of(cell))
    assert '<img src="data:image/png;base64,iVBORw==" alt="Some cover"' in document
    del cell["attachments"]
    assert "<img" not in page(notebook_of(cell))


def test_shown_source_is_rendered_as_code():
    data = {"text/plain": "x", "text/markdown": "```python\nimport math\n```"}
    assert '<span class="kn">import</span>' in displayed(data)


def test_a_widget_becomes_a_note():
    data = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"}
    shown = displayed(data)
    assert "make lab" in shown and "IntSlider" not in shown


def test_links_to_files_of_the_checkout_become_text_and_others_stay():
    shown = prose("[here](../x.ipynb) and [paper](https://arxiv.org/abs/1312.6114)")
    links = [a["href"] for a in Elements(shown).of("a")]
    assert links[1:] == ["https://arxiv.org/abs/1312.6114"]


def test_an_output_that_loads_a_script_is_refused():
    with pytest.raises(UserError, match="would load <script src="):
        displayed({"text/html": '<script src="https://example.org/x.js"></script>'})


@pytest.mark.parametrize(
    "text",
    [
        '<link rel="stylesheet" href="https://example.org/x.css">',
        '<img src="//example.org/x.png">',
        '<img srcset="x.png 2x">',
        '<p style="background: url(http://example.org/x.png)">',
        "<style>@import 'x.css';</style>",
        "<style>p { background: url('x.png') }</style>",
        '<iframe src="x.html"></iframe>',
        '<video poster="x.png"></video>',
    ],
)
def test_each_way_to_load_something_is_found(text):
    assert len(outside_requests(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        '<a href="https://example.org">x</a>',
        '<img src="data:image/png;base64,AAAA">',
        "<style>p { background: url(data:image/png;base64,AAAA) }</style>",
        '<svg><use href="#mark"></use></svg>',
        "<code>url(x.png)</code>",
    ],
)
def test_links_and_embedded_data_are_no_requests(text):
    assert outside_requests(text) == []


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathbb{E}_{q_\phi}\!\left[\log\frac{p(x,z)}{q(z\mid x)}\right]",
        r"\begin{cases} x & \text{if } x>0 \\ 0 & \text{otherwise} \end{cases}",
        r"\begin{pmatrix} 1 & .5 \\ .3 & -.8 \end{pmatrix}",
        r"\operatorname*{arg\,max}_{\theta} \lVert x - y \rVert_2^2",
        r"\begin{split} a &= b \\ &= c \end{split}",
        r"\boldsymbol{\mu}^\top \mathbf{W} \odot \hat{x} \triangleq \underbrace{a}_{b}",
    ],
)
def test_the_vocabulary_of_the_lessons_is_converted(latex):
    text = mathml.convert(latex, display=True)
    assert text.startswith("<math alttext=") and "merror" not in text


def test_only_a_tag_numbers_an_equation():
    assert "(10)" in mathml.convert(r"x = y \tag{10}", display=True)
    aligned = r"\begin{align} a &= b \\ c &= d \end{align}"
    assert "(1)" not in mathml.convert(aligned, display=True)


@pytest.mark.parametrize("latex", [r"\unheardof{x}", r"\left( x", "a & b"])
def test_what_cannot_be_drawn_is_refused_by_name(latex):
    with pytest.raises(UserError, match="cannot show the equation"):
        mathml.convert(latex, display=True)
