"""The website is built, and walked in a real browser that may ask for nothing else."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest

from lessons import catalog

pytestmark = pytest.mark.slow

# One page of each kind: axe-core takes seconds for each.
KINDS = (
    "index.html",
    "syllabus.html",
    "results.html",
    "start_here.html",
    "lessons/amsgrad.html",
    "exercises/amsgrad.html",
    "facts/amsgrad.html",
    "tests/amsgrad.html",
    "reference/catalog.html",
    "instructor.html",
)
STILL = (
    "*, ::before, ::after { transition: none !important; animation: none !important }"
)
# The page is the same in the dark: what may change are its colours.
ALL = {"resultTypes": ["violations"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
RULES = {"light": ALL, "dark": ALL | {"runOnly": COLOURS}}
PHONE = {"width": 390, "height": 844}


class Page(HTMLParser):
    """Addresses, anchors and pictures of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.pictures = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.anchors |= {attrs.get("id"), attrs.get("name")} - {None}
        if tag == "img":
            self.pictures.append(attrs)
        for name in ("href", "src"):
            if attrs.get(name):
                self.links.append(attrs[name])


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, parsed."""
    return {
        path.relative_to(site).as_posix(): Page(path.read_text(encoding="utf-8"))
        for path in sorted(site.rglob("*.html"))
        if "_static" not in path.parts
    }


def test_every_lesson_has_its_pages(pages):
    for lesson in catalog.ready():
        for folder in ("lessons", "exercises", "facts", "tests", "reference"):
            assert f"{folder}/{lesson.slug}.html" in pages


def test_every_internal_link_leads_to_a_page_and_a_place(site, pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (site / name).parent / unquote(parts.path)
            if not parts.path:
                target = site / name
            target = target.resolve()
            if target.is_dir():
                target /= "index.html"
            if not target.is_file():
                broken.append(f"{name}: {link}")
                continue
            other = pages.get(target.relative_to(site.resolve()).as_posix())
            if parts.fragment and other and parts.fragment not in other.anchors:
                broken.append(f"{name}: {link} (no such place)")
    assert not broken


def test_every_picture_is_described(pages):
    without = [
        f"{name}: {picture.get('src', '')[:60]}"
        for name, page in pages.items()
        for picture in page.pictures
        if len(picture.get("alt", "").split()) < 4
    ]
    assert not without
    assert sum(len(page.pictures) for page in pages.values()) > 20


def test_solutions_and_hidden_tests_are_on_no_page(site):
    for lesson in catalog.ready():
        text = (site / "exercises" / f"{lesson.slug}.html").read_text(encoding="utf-8")
        assert "BEGIN SOLUTION" not in text
        assert "BEGIN HIDDEN TESTS" not in text
        assert "YOUR CODE HERE" in text


def test_previous_and_next_follow_the_syllabus(site):
    slugs = [lesson.slug for lesson in catalog.ready()]
    for slug, following in zip(slugs, slugs[1:], strict=False):
        text = (site / "lessons" / f"{slug}.html").read_text(encoding="utf-8")
        (link,) = re.findall(r'class="right-next"\s+href="([^"]+)"', text)
        assert link == f"{following}.html"


def test_pages_ask_for_nothing_else_and_say_nothing_on_the_console(
    browser, address, pages
):
    """And each shows its equations, and fits on a phone."""
    context = browser.new_context(viewport=PHONE)
    tab = context.new_page()
    found = []
    tab.on("console", lambda m: m.type == "error" and found.append(m.text))
    tab.on("pageerror", lambda error: found.append(str(error)))
    tab.on("requestfailed", lambda request: found.extend(_failure(request)))
    tab.on("request", lambda r: found.append(r.url) if _outside(r.url, address) else 0)
    for name in pages:
        tab.goto(address + name)
        width = tab.evaluate("document.documentElement.scrollWidth")
        if width > PHONE["width"]:
            found.append(f"{name} is {width} pixels wide")
        if name.startswith("lessons/"):
            found += [f"{name}: {problem}" for problem in _equations(tab)]
            found += [f"{name}: {problem}" for problem in _pictures(tab)]
    assert not found


def _failure(request):
    """What failed, unless the walk went on before it came."""
    if request.failure != "net::ERR_ABORTED":
        yield f"{request.url}: {request.failure}"


def _outside(url, address):
    return not url.startswith((address, "data:", "blob:"))


def _equations(tab):
    """What is wrong with the mathematics of a page."""
    drawn = tab.evaluate(
        "[...document.querySelectorAll('math')].map(m => m.getBoundingClientRect())"
        ".filter(box => box.width > 2 && box.height > 5).length"
    )
    if drawn < 10:
        yield f"{drawn} equations are drawn"
    tab.wait_for_function("document.fonts.status == 'loaded'")
    if not tab.evaluate("document.fonts.check('16px \"STIX Two Math\"')"):
        yield "the font of the equations is missing"
    prose = tab.evaluate(
        "[...document.querySelectorAll('article p, article li, article td')]"
        ".filter(e => !e.closest('pre')).map(e => {const c = e.cloneNode(true);"
        "c.querySelectorAll('math, code').forEach(m => m.remove());"
        "return c.textContent}).join('\\n')"
    )
    yield from re.findall(r"\$\$.*|\\(?:frac|begin|sum|mathrm)\b.*", prose)


def _pictures(tab):
    """Pictures that did not come."""
    tab.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    tab.wait_for_function(
        "[...document.querySelectorAll('article img')].every(i => i.complete)"
    )
    yield from tab.evaluate(
        "[...document.querySelectorAll('article img')]"
        ".filter(i => !i.naturalWidth).map(i => i.src)"
    )


def test_search_finds_elbo(browser, address):
    tab = browser.new_page()
    tab.goto(address + "search.html?q=ELBO")
    # Results come in one after the other: the page is there when this one is.
    tab.wait_for_selector('#search-results li a[href*="lessons/vae.html"]')


def test_a_lesson_searches_and_shows_icons_without_the_whole_index(browser, address):
    tab, loaded = browser.new_page(), []
    tab.on("request", lambda request: loaded.append(request.url))
    tab.goto(address + "lessons/vae.html")
    tab.wait_for_selector("svg[data-icon=magnifying-glass]", state="attached")
    assert not [url for url in loaded if "searchindex" in url]
    tab.keyboard.press("Control+k")
    tab.wait_for_selector("#pst-search-dialog input[name=q]:focus")
    tab.keyboard.type("ELBO")
    tab.keyboard.press("Enter")
    tab.wait_for_selector('#search-results li a[href*="lessons/vae.html"]')


@pytest.mark.parametrize("scheme", [*RULES])
def test_axe_finds_no_serious_violation(browser, address, scheme):
    from axe_playwright_python.sync_playwright import Axe

    # Without motion, and once the page's own scheme is set: colours in mid-transition
    # are nobody's.
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    tab = context.new_page()
    found = []
    for name in KINDS:
        tab.goto(address + name)
        tab.wait_for_function(f"document.documentElement.dataset.theme == '{scheme}'")
        tab.add_style_tag(content=STILL)
        answer = Axe().run(tab, options=RULES[scheme]).response
        assert answer["passes"], f"{name}: axe checked nothing"
        for violation in answer["violations"]:
            if violation["impact"] in ("serious", "critical"):
                nodes = [node["html"][:120] for node in violation["nodes"][:3]]
                found.append((name, violation["id"], nodes))
    assert not found


def test_animations_come_to_the_page_as_animations(site):
    moving = [p for p in (site / "_images").glob("*.png") if b"acTL" in p.read_bytes()]
    assert moving
