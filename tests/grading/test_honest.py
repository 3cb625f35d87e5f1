"""Honest work that graders lose: written answers elsewhere, pictures, odd values."""

import base64
import io
import json
from unittest import mock

import nbformat
import pytest

from lessons.grading import grade
from lessons.grading.records import prose
from lessons.grading.trusted import (
    chance,
    host,
    intake,
    judging,
    plan,
    png,
    syntax,
)
from lessons.grading.trusted.submissions import Options
from tests.grading.small_course import (
    RIGHT,
    SLUG,
    answered,
    hand_in,
    make_course,
    named,
    released,
    source,
)

OPTIONS = Options(timeout=20.0, memory=512 << 20)


def picture(kind="PNG", size=(40, 30)):
    """A file in base64, with something in it that is not pixels."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    file, extra = io.BytesIO(), {}
    if kind == "PNG":
        extra["pnginfo"] = PngInfo()
        extra["pnginfo"].add_text("Comment", "<script>pwn(1)</script>")
    Image.new("RGB", size, (200, 30, 30)).save(file, kind, **extra)
    return base64.b64encode(file.getvalue()).decode()


def own(text, kind="markdown", **more):
    return {"cell_type": kind, "metadata": {}, "source": text, **more}


def below(notebook, name, cell):
    place = notebook["cells"].index(named(notebook, name))
    notebook["cells"].insert(place + 1, cell)
    return notebook


def untouched():
    return answered(why=None)


def without_metadata():
    notebook = answered(why="It follows from the sum.")
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return notebook


def split():
    notebook = answered(why="First half.")
    copy = json.loads(json.dumps(named(notebook, "why")))
    copy["source"] = "Second half."
    return below(notebook, "why", copy)


def attached(kind="PNG"):
    notebook = answered(why="See ![page](attachment:page.png)")
    mime = f"image/{kind.lower()}"
    named(notebook, "why")["attachments"] = {"page.png": {mime: picture(kind)}}
    return notebook


def in_the_text():
    data = f"![page](data:image/png;base64,{picture(size=(900, 700))})"
    return answered(why=f"See {data}")


def only_a_picture():
    notebook = untouched()
    named(notebook, "why")["attachments"] = {"a.png": {"image/png": picture()}}
    return notebook


def no_picture():
    notebook = answered(why="See ![page](attachment:page.png)")
    data = base64.b64encode(b"<svg onload=pwn(1)>").decode()
    named(notebook, "why")["attachments"] = {"page.png": {"image/png": data}}
    return notebook


CASES = {  # notebook, words that the graded notebook shows, number of pictures
    "below": (
        below(untouched(), "why", own("It follows below.")),
        "It follows below",
        0,
    ),
    "heading_edited": (
        below(
            untouched(), "total_tests", own("## Question 4 (1 point)\n\nBecause so.")
        ),
        "Because so",
        0,
    ),
    "comment_cell": (
        below(untouched(), "why", own("# It follows from the sum of it.", "code")),
        "It follows from the sum",
        0,
    ),
    "raw_cell": (below(untouched(), "why", own("It is raw.", "raw")), "It is raw", 0),
    "metadata_lost": (without_metadata(), "It follows from the sum", 0),
    "split": (split(), "Second half", 0),
    "attached_png": (attached(), "See", 1),
    "attached_jpeg": (attached("JPEG"), "See", 1),
    "in_the_text": (in_the_text(), "See", 1),
    "only_a_picture": (only_a_picture(), "", 1),
    "no_picture": (no_picture(), "See", 0),
}


@pytest.fixture(scope="module")
def results(tmp_path_factory, isolating):
    root = make_course(tmp_path_factory.mktemp("honest"))
    for student, (notebook, *_) in CASES.items():
        hand_in(root, student, notebook)
    hand_in(root, "nothing", untouched())
    rows = grade.run(root, SLUG, workers=2, options=OPTIONS)
    return root, {row["student"]: row for row in rows}


def shown(root, student):
    path = root / "autograded" / student / SLUG / f"{SLUG}.ipynb"
    return "\n".join(
        cell.source
        for cell in nbformat.read(path, as_version=4).cells
        if prose.is_neutral(cell.source) or cell.cell_type == "code"
    )


@pytest.mark.parametrize("student", CASES)
def test_a_person_sees_what_was_written(results, student):
    root, rows = results
    _, words, pictures = CASES[student]
    assert rows[student]["book"]["questions"]["why"]["waiting"]
    text = shown(root, student)
    assert words in text
    assert text.count("data:image/png;base64,") == pictures


def test_what_is_untouched_gets_nothing_by_itself(results):
    _, rows = results
    assert not rows["nothing"]["book"]["questions"]["why"]["waiting"]
    assert rows["nothing"]["book"]["score"] == 8


def test_what_cannot_be_shown_is_said(results):
    _, rows = results
    assert (
        "a picture cannot be shown: see the submission" in rows["no_picture"]["notes"]
    )
    assert any("please look" in note for note in rows["below"]["notes"])


def test_pictures_are_made_anew(results):
    root, rows = results
    (data,) = rows["attached_png"]["notebooks"][SLUG]["pictures"]
    assert bytes.fromhex(data).startswith(b"\x89PNG")
    assert b"script" not in bytes.fromhex(data)
    from PIL import Image

    with Image.open(io.BytesIO(bytes.fromhex(data))) as made:
        assert made.size == (40, 30)
        assert made.convert("RGB").getpixel((5, 5)) == (200, 30, 30)


def test_a_picture_is_no_more_than_pixels():
    import numpy as np

    assert png.encode(np.zeros((3, 3), np.uint8)) is None
    assert png.encode(np.zeros((3, 3, 3))) is None
    assert png.encode(np.zeros((5000, 5000, 3), np.uint8)) is None
    assert png.encode(b"\x89PNG\r\n\x1a\n") is None


def test_pictures_are_counted_and_limited():
    cells = [own("x", attachments={"a": {"image/png": "QUJD"}}) for _ in range(30)]
    found = intake.parse(json.dumps({"cells": cells}).encode())
    assert sum(len(cell.pictures) for cell in found.cells) == intake.MOST_PICTURES
    assert any("pictures are shown" in note for note in found.notes)
    for strange in ({"a": 1}, [1], {"a": {"image/png": 7}}, {"a": {"image/svg": "QQ"}}):
        data = json.dumps({"cells": [own("x", attachments=strange)]}).encode()
        (cell,) = intake.parse(data).cells
        assert cell.pictures == ()


def test_too_much_text_is_rejected_with_words():
    cells = [own("x" * 400_000, "code")] * 13
    with pytest.raises(intake.RejectedError, match="characters together"):
        intake.parse(json.dumps({"cells": cells}).encode())


# Reading code from its text


def test_lines_of_ipython_do_not_hide_what_a_cell_defines():
    magics = "%%time\n%matplotlib inline\n!ls\nx = !ls\ny = %who\nf?\n"
    assert syntax.defined(f"{magics}def f():\n    %time z\n") == ["x", "y", "f"]


@pytest.mark.parametrize(
    "source",
    [
        "def f(x):\n    return 2 * np.sum(x)",
        "import numpy as np\nfrom scipy.special import gammaln\nx = np.linalg.norm",
        "class A:\n    def __init__(self):\n        self.x = 1",
        "%matplotlib inline\n%config InlineBackend.figure_format = 'svg'\nimport math",
    ],
)
def test_code_that_only_computes_is_run_once(source):
    assert not chance.possible([source])


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "import random",
        "from numpy import random",
        "np.random.rand()",
        "np.empty(3)[0] > 0",
        "getattr(np, 'ran' + 'dom')",
        "().__class__",
        "eval('1')",
        "id(3) % 2",
        "hash('a')",
        "import time",
        "%time 1",
        "%matplotlib inline\n%time 1",
        "from numpy import *",
        "from . import x",
        "np.lib.format.os.urandom(1)",
        "open('/dev/urandom')",
        "tf.random.normal([1])",
        "import numpy.random as r",
        "not ( python %",
    ],
)
def test_code_that_may_toss_a_coin_is_run_twice(source):
    assert chance.possible(["x = 1", source])


@pytest.mark.parametrize("scores", [(2, 0), (0, 2)])
def test_of_two_runs_the_lower_score_counts(scores):
    first, second = ({"score": score, "error": f"{2 - score}"} for score in scores)
    judging.take_lower(first, second)
    assert first["score"] == 0 and first["error"] == "2"
    assert first["twice"] == "two runs gave 0 and 2 points: the lower counts"
    same = {"score": 2}
    judging.take_lower(same, {"score": 2})
    assert same == {"score": 2}


@pytest.mark.parametrize(
    ("source", "passes"),
    [("def double(x): return 2 * x", 1), ("import os; double = os.urandom", 2)],
)
def test_only_what_may_hang_on_chance_is_judged_in_two_passes(source, passes):
    job = {"steps": [{"kind": "answer", "source": source}]}
    own = host.Host.__new__(host.Host)
    own._job, own._steps, calls = job, job["steps"], []
    results = [{"score": 2, "error": None}], [{"score": 0, "error": "wrong"}]
    own._show_pictures = own._show = lambda *_: None
    own._wall, own._budget = mock.Mock(), mock.Mock()
    own._budget.cut.side_effect = dict

    def one_pass(steps, first=False):
        calls.append(first)
        return [dict(result) for result in results[len(calls) - 1]]

    own._pass = one_pass
    own.run()
    assert calls == [True, False][:passes]
    own._budget.cut.assert_called_once()
    assert own._budget.cut.call_args[0][0]["score"] == (2 if passes == 1 else 0)


def test_nothing_is_worse_than_linear_in_what_is_handed_in():
    import time

    skeleton = source()
    start = time.process_time()
    for text in (
        "### BEGIN HIDDEN TESTS\n" * 20_000,
        "\n".join(["%time x = 1" + " + 1" * 200] * 480),
        "\n" * 400_000,
        "x = 1\n" * 70_000,
        "?\n" * 200_000,
        "(" * 400_000,
    ):
        notebook = released()
        for name in ("double", "double_tests", "setup", "why"):
            named(notebook, name)["source"] = text
        plan.build(skeleton, intake.parse(json.dumps(notebook).encode()))
    assert time.process_time() - start < 20


def test_the_right_answers_of_the_small_course_are_plain():
    assert not chance.possible([RIGHT[name] for name in ("double", "twice", "total")])
