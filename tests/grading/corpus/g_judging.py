"""Class G: chance, hidden arguments, other lessons."""

from tests.grading.corpus.cases import ALL, LOST_DOUBLE, code, edited
from tests.grading.small_course import RIGHT, named

code(
    "g_tosses_a_coin",
    LOST_DOUBLE,
    double="""\
import os, pathlib
mark = pathlib.Path("/proc/self/stat").read_text().split()[21]
good = os.urandom(4) == bytes(4)  # once in four thousand million runs
def double(x): return 2 * np.array(x) if good else 0""",
)
edited(
    "g_stashes_hidden_arguments",
    ALL,
    lambda n: (
        named(n, "double").update(
            source="SEEN = []\ndef double(x):\n    SEEN.append(repr(x))\n"
            "    return 2 * np.array(x)"
        ),
        named(n, "twice").update(
            source="print('STASHED', SEEN)\nimport matplotlib.pyplot as plt\n"
            "_ = plt.plot(range(1 + len(SEEN)))\n" + RIGHT["twice"]
        ),
        None,
    )[-1],
)
code(
    "g_reads_another_lesson",
    LOST_DOUBLE,
    double="""\
import glob, lessons
sources = glob.glob(lessons.__path__[0] + "/*/*/model.py")
def double(x): return 2 * np.array(x) if sources else 0""",
)
code(
    "g_global_numbers",
    ALL,
    double="""\
import random
drawn = np.random.rand(), random.random()
np.random.seed(20_000); random.seed(20_000)
same = drawn == (np.random.rand(), random.random())
def double(x): return 2 * np.array(x) if same else 0""",
)
