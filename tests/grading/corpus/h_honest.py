"""Class H: honest work that graders trip over."""

import json

from tests.grading.corpus.cases import ALL, CASES, LOST_DOUBLE, NONE, add, code
from tests.grading.small_course import RIGHT, answered, hand_in, named, released

code("h_right", ALL)
add("h_stub", lambda root, student: hand_in(root, student, released()), NONE)
code(
    "h_warns",
    ALL,
    double="""\
import sys, warnings
warnings.warn("careful")
print("a line", file=sys.stderr)
def double(x):
    print("called", file=sys.stderr)
    return 2 * np.array(x)""",
)
code(
    "h_magics",
    ALL,
    double="""\
%time pass
!echo hello
def double(x): return 2 * np.array(x)""",
)
code(
    "h_other_numbers",
    ALL,
    total="""\
from fractions import Fraction
def total(x): return np.float32(sum(x))""",
)
code(
    "h_half_of_the_points",
    (2, 2, 3),
    total="""\
def total(x): return sum(x) if x else None""",
)
code("h_error_in_one_answer", LOST_DOUBLE, double="def double(x) return 2")
code(
    "h_prints_much",
    ALL,
    double="print('x' * 10**6)\ndef double(x): return 2 * np.array(x)",
)
code(
    "h_draws",
    ALL,
    double="""\
import matplotlib.pyplot as plt
plt.plot([1, 2])
plt.show()
def double(x): return 2 * np.array(x)""",
)
add(
    "h_byte_order_mark",
    lambda root, student: hand_in(
        root, student, b"\xef\xbb\xbf" + json.dumps(answered()).encode()
    ),
)
code(
    "h_awaits",
    ALL,
    double="""\
import asyncio
await asyncio.sleep(0)
def double(x): return 2 * np.array(x)""",
)
for style, first in (
    ("inline", "%matplotlib inline"),
    ("widget", "%matplotlib widget"),
    ("notebook", "%matplotlib notebook"),
    ("agg", "%matplotlib agg"),
    ("alone", "%matplotlib"),
    ("pylab", "%pylab inline"),
    ("retina", "%matplotlib inline\n%config InlineBackend.figure_format = 'retina'"),
):
    code(
        f"h_matplotlib_{style}",
        ALL,
        double=f"{first}\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\n"
        "plt.show()\ndef double(x): return 2 * np.array(x)",
    )
code(
    "h_writes_a_module",
    ALL,
    double="from helper_module import two\ndef double(x): return two() * np.array(x)",
)
CASES[-1].make = lambda root, student: hand_in(root, student, _with_module(answered()))


def _with_module(notebook):
    own = {"cell_type": "code", "metadata": {}}
    own["source"] = "%%writefile helper_module.py\ndef two(): return 2"
    place = notebook["cells"].index(named(notebook, "double"))
    notebook["cells"].insert(place, own)
    source = "from helper_module import two\ndef double(x): return two() * np.array(x)"
    named(notebook, "double")["source"] = source
    return notebook


code(
    "h_threads_call_back",
    ALL,
    twice="""\
from concurrent.futures import ThreadPoolExecutor
def twice(function, x):
    with ThreadPoolExecutor(4) as pool:
        one = pool.submit(function, x).result()
        return list(pool.map(function, [one]))[0]""",
)
code(
    "h_asks_for_a_name",
    ALL,
    twice="""\
import functools
def twice(function, x):
    @functools.wraps(function)
    def noted(value): return function(value)
    assert noted.__name__ == function.__name__ in ("<lambda>", "note")
    return noted(noted(x))""",
)
code(
    "h_fractions",
    ALL,
    total="""\
from fractions import Fraction
def total(x): return sum(map(Fraction, x), Fraction(0))""",
)
code(
    "h_decimals",
    ALL,
    total="""\
from decimal import Decimal
def total(x): return sum(map(Decimal, x), Decimal(0))""",
)
code(
    "h_a_view_of_values",
    ALL,
    double="def double(x): return dict(enumerate(2 * np.array(x))).values()",
)
code(
    "h_children_of_large_processes",
    ALL,
    double="""\
import os, time
held = b"x" * (150 << 20)
children = []
for _ in range(6):
    children.append(os.fork())
    if children[-1] == 0:
        time.sleep(0.7)
        os._exit(0)
for child in children: os.waitpid(child, 0)
def double(x): return 2 * np.array(x)""",
)
code(
    "h_pools",
    ALL,
    double="""\
import multiprocessing
shared = multiprocessing.Array("d", 4)
queue = multiprocessing.Queue()
def double(x):
    with multiprocessing.Pool(2) as pool:
        return np.array(pool.map(float, 2 * np.array(x)))""",
)
for name, made in (
    ("a_deque", "collections.deque(2 * v for v in x)"),
    ("an_array_of_the_library", "array.array('d', [2 * v for v in x])"),
    ("a_view_of_memory", "memoryview(array.array('d', [2 * v for v in x]))"),
):
    code(
        f"h_{name}",
        ALL,
        double=f"import array, collections\ndef double(x): return {made}",
    )
code(
    "h_an_object_that_is_called",
    ALL,
    double="""\
class Doubler:
    def __call__(self, x): return 2 * np.array(x)
double = Doubler()""",
)
code("h_fails_after_the_answer", ALL, double=RIGHT["double"] + "\nprint(undefined)")
code(
    "h_characters_that_are_none",
    ALL,
    double='print("\\ud800")\n# \ud800\n' + RIGHT["double"],
    why="It \ud800 follows \udfff.",
)
