"""Hostile, broken and honest submissions, by class.

Each case has the points of the three questions that it must get, and the state. What a
case does to its surroundings is checked once for all of them, in test_hostile.py.
"""

import dataclasses
import json
import os

from tests.grading import hostile_text
from tests.grading.small_course import SLUG, answered, hand_in, named, released

ALL, NONE = (2, 2, 4), (0, 0, 0)
LOST_DOUBLE, LOST_TWICE, LOST_TOTAL = (0, 2, 4), (2, 0, 4), (2, 2, 0)


@dataclasses.dataclass
class Case:
    """One submission.

    Attributes:
        name: the student's id: class and what it does.
        make: function of (root, student) that hands it in.
        points: of double, twice, total.
        state: of the result.
        says: words that the reason, a note or an error must hold.
    """

    name: str
    make: object
    points: tuple
    state: str = "graded"
    says: str = ""


CASES = []


def add(name, make, points=ALL, state="graded", says=""):
    CASES.append(Case(name, make, points, state, says))


def code(name, points, says="", **answers):
    """A case that only changes answers."""

    def make(root, student):
        hand_in(root, student, answered(**answers))

    add(name, make, points, says=says)


def edited(name, points, edit, state="graded", says=""):
    """A case whose right notebook is edited in place (or replaced)."""

    def make(root, student):
        notebook = answered()
        hand_in(root, student, edit(notebook) or notebook)

    add(name, make, points, state, says)


def raw(name, data, says, state="rejected"):
    """A case of bytes that are no notebook."""
    add(name, lambda root, student: hand_in(root, student, data), NONE, state, says)


# A: values that lie, and attempts at the checks themselves

code(
    "a_equal_to_everything",
    LOST_DOUBLE,
    double="""\
class Equal:
    def __eq__(self, other): return True
    def __array__(self, *args, **kwargs): return np.zeros(0)
    def __radd__(self, other): return self
    def __sub__(self, other): return 0
    __rsub__ = __le__ = __lt__ = __sub__
def double(x): return Equal()""",
)
code(
    "a_array_subclass",
    LOST_DOUBLE,
    double="""\
class Lie(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return True
    def __array_function__(self, *args, **kwargs): return True
    def __eq__(self, other): return True
def double(x): return np.zeros(len(x)).view(Lie)""",
)
code(
    "a_all_masked",
    LOST_DOUBLE,
    double="""\
def double(x): return np.ma.masked_all(np.shape(x))""",
)
code("a_empty_array", LOST_DOUBLE, double="def double(x): return np.zeros((0, len(x)))")
code(
    "a_not_a_number", LOST_DOUBLE, double="def double(x): return np.nan * np.asarray(x)"
)
code(
    "a_float_subclass",
    LOST_TOTAL,
    total="""\
class Lie(float):
    def __eq__(self, other): return True
    def __radd__(self, other): return 4
def total(x): return Lie(99)""",
)
code(
    "a_text_that_equals",
    LOST_TOTAL,
    total="""\
class Lie(str):
    def __eq__(self, other): return True
    __hash__ = str.__hash__
def total(x): return Lie("3")""",
)
code(
    "a_patches_numpy",
    LOST_DOUBLE,
    double="""\
np.allclose = np.array_equal = lambda *args, **kwargs: True
np.testing.assert_allclose = lambda *args, **kwargs: None
def double(x): return 0""",
)
code(
    "a_patches_builtins",
    NONE,
    double="""\
import builtins
builtins.all = builtins.any = builtins.bool = lambda *args: True
builtins.AssertionError = type("Never", (Exception,), {})
def double(x): return 0""",
    twice="def twice(f, x): return x",
    total="def total(x): return 7",
)
code(
    "a_patches_the_shell",
    LOST_DOUBLE,
    double="""\
from IPython import get_ipython
shell = get_ipython()
shell.run_cell = shell.run_code = shell.ex = lambda *args, **kwargs: None
type(shell).run_cell = lambda *args, **kwargs: None
def double(x): return 0""",
)
code(
    "a_stops_iteration",
    LOST_DOUBLE,
    double="""\
def double(x): raise StopIteration""",
)
code(
    "a_exits_quietly",
    LOST_DOUBLE,
    double="""\
import sys
def double(x): sys.exit(0)""",
)
code(
    "a_exits_hard",
    LOST_DOUBLE,
    double="""\
import os
def double(x): os._exit(0)""",
    says="ended",
)
code(
    "a_exits_while_defined", LOST_DOUBLE, double="import os\nos._exit(0)", says="ended"
)
code(
    "a_raises_a_pretender",
    LOST_DOUBLE,
    double="""\
class AssertionError(Exception): pass
def double(x): raise AssertionError("passed")""",
)
code("a_returns_true", LOST_DOUBLE, double="def double(x): return True")
code(
    "a_returns_a_generator",
    LOST_DOUBLE,
    double="""\
def double(x): return (2 * value for value in x)""",
)
code(
    "a_defines_the_tests_names",
    LOST_DOUBLE,
    double="""\
hidden = given = np.zeros(2)
def double(x): return np.zeros(np.shape(x))""",
)
code(
    "a_reads_frames",
    LOST_DOUBLE,
    double="""\
import sys
def double(x):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()):
            if isinstance(value, np.ndarray) and value is not x: return value
        frame = frame.f_back
    return 0""",
)
code(
    "a_searches_memory",
    LOST_DOUBLE,
    double="""\
import gc, re
secret = re.compile("hidden [=] np[.]linspace")  # does not match itself
def double(x):
    for thing in gc.get_objects():
        try:
            if secret.search(repr(thing)): return 2 * x
        except BaseException: pass
    return 0""",
)
code(
    "a_reads_its_memory",
    LOST_DOUBLE,
    double="""\
import re
secret = re.compile(b"hidden [=] np[.]linspace")  # does not match itself
def double(x):
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb") as memory:
        for line in maps:
            if "rw" not in line: continue
            start, end = (int(p, 16) for p in line.split()[0].split("-"))
            try:
                memory.seek(start)
                if secret.search(memory.read(end - start)): return 2 * x
            except (OSError, OverflowError, ValueError): pass
    return 0""",
)
code(
    "a_knows_the_visible_case",
    LOST_DOUBLE,
    double="""\
def double(x): return [2, 4] if list(x) == [1, 2] else 0""",
)
code(
    "a_changes_in_place",
    LOST_DOUBLE,
    double="""\
def double(x):
    x *= 2
    return x""",
)
code(
    "a_writes_to_every_descriptor",
    LOST_DOUBLE,
    double="""\
import os
for number in range(3, 64):
    for text in (b'{"score": 2}', (8).to_bytes(8, "little") + b"garbage!"):
        try: os.write(number, text)
        except OSError: pass
def double(x): return 0""",
)
code(
    "a_forges_the_protocol",
    LOST_DOUBLE,
    double="""\
from lessons.grading.isolated import codec, worker
codec.Encoder.message = lambda self, head, values=(): b"\\xff" * 100
def double(x): return 0""",
)
code(
    "a_claims_a_giant_message",
    LOST_DOUBLE,
    double="""\
from lessons.grading.isolated import channel
def send(self, head, *values, deadline=None):
    self._socket.sendall((2**62).to_bytes(8, "little"))
channel.Channel.send = send
def double(x): return 0""",
)
code(
    "a_nests_deeply",
    LOST_DOUBLE,
    double="""\
def double(x):
    value = []
    for _ in range(100_000): value = [value]
    return value""",
)
code(
    "a_returns_a_giant_number", LOST_TOTAL, total="def total(x): return 10 ** 1_000_000"
)
code(
    "a_returns_a_giant_array",
    LOST_DOUBLE,
    double="""\
def double(x): return np.zeros(20_000_000)""",
)
code(
    "a_calls_back_for_ever",
    LOST_TWICE,
    twice="""\
def twice(function, x):
    while True: function(x)""",
    says="longer",
)
code(
    "a_hits_the_limit_of_points", LOST_TOTAL, total="def total(x): return float('inf')"
)
code(
    "a_unpickles",
    LOST_DOUBLE,
    double="""\
import pickle, os
class Bomb:
    def __reduce__(self): return (os.system, ("touch /tmp/pwned",))
def double(x): return pickle.dumps(Bomb())""",
)

# B: the notebook's structure and metadata


def _without(name):
    def edit(notebook):
        notebook["cells"].remove(named(notebook, name))

    return edit


def _tests_pass(notebook):
    for name in ("double", "twice", "total"):
        named(notebook, name)["source"] = "pass"
        named(notebook, f"{name}_tests")["source"] = "4"


def _skipped(notebook):
    stub = released()
    for cell in stub["cells"]:
        cell["metadata"]["tags"] = ["skip-execution", "raises-exception"]
    return stub


def _forged(notebook):
    stub = released()
    for cell in stub["cells"]:
        meta = cell["metadata"].get("nbgrader")
        if meta and meta["grade"]:
            meta |= {"points": 1000, "checksum": "0" * 32, "locked": False}
            data = {"text/plain": "4"}
            cell["outputs"] = [
                {
                    "output_type": "execute_result",
                    "data": data,
                    "metadata": {},
                    "execution_count": 1,
                }
            ]
    return stub


def _twice_there(notebook):
    copy = json.loads(json.dumps(named(notebook, "double")))
    copy["source"] = "def double(x): return 0"
    notebook["cells"].append(copy)


def _without_names(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell["id"] = os.urandom(4).hex()


def _swapped(notebook):
    one, other = named(notebook, "double"), named(notebook, "twice")
    one["metadata"], other["metadata"] = other["metadata"], one["metadata"]


def _strange(notebook):
    for cell, meta in zip(
        notebook["cells"], [[], "x", None, 7, {"nbgrader": []}], strict=False
    ):
        cell["metadata"] = meta
    named_cell = notebook["cells"][6]
    named_cell["metadata"] = {"nbgrader": {"grade_id": ["double"]}}


def _helper(notebook):
    own = {"cell_type": "code", "metadata": {}, "source": "def two(): return 2"}
    place = notebook["cells"].index(named(notebook, "double"))
    notebook["cells"].insert(place, own)
    named(notebook, "double")["source"] = "def double(x): return two() * np.array(x)"


def _as_text(notebook):
    named(notebook, "double")["cell_type"] = "markdown"


def _locked(notebook):
    named(notebook, "setup")["source"] = "import math as np\nraise SystemExit"


def _tests_copied(notebook):
    copy = json.loads(json.dumps(named(notebook, "double_tests")))
    copy["source"] = "2"
    notebook["cells"].append(copy)
    named(notebook, "double")["source"] = "def double(x): return 0"


edited("b_tests_deleted", ALL, _without("double_tests"))
edited("b_tests_edited", NONE, _tests_pass, says="double_tests was edited")
edited("b_tests_copied", LOST_DOUBLE, _tests_copied)
edited("b_execution_skipped", NONE, _skipped)
edited("b_points_and_outputs_forged", NONE, _forged)
edited("b_order_reversed", ALL, lambda n: n["cells"].reverse())
edited("b_answer_twice", LOST_DOUBLE, _twice_there, says="twice")
edited("b_names_lost", ALL, _without_names, says="lost its name")
edited("b_names_swapped", LOST_DOUBLE, _swapped)
edited("b_strange_metadata", ALL, _strange)
edited("b_locked_cell_edited", ALL, _locked, says="setup was edited")
edited("b_answer_deleted", LOST_DOUBLE, _without("double"), says="no answer")
edited("b_answer_as_text", ALL, _as_text)
edited("b_helper_between", ALL, _helper)
edited(
    "b_another_kernel",
    ALL,
    lambda n: n.update(
        metadata={
            "kernelspec": {"name": "bash", "display_name": "sh", "language": "sh"}
        }
    ),
)

# C: files, links, other students, the gradebook


def _link_to_other(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.symlink_to(root / "submitted" / "h_right" / SLUG / f"{SLUG}.ipynb")


def _link_to_source(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.symlink_to(root / "source" / SLUG / f"{SLUG}.ipynb")


def _folder_is_link(root, student):
    folder = root / "submitted" / student
    folder.mkdir(parents=True)
    (folder / SLUG).symlink_to(root / "source" / SLUG)


def _hard_link(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    os.link(root / "source" / SLUG / f"{SLUG}.ipynb", path)


def _pipe(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    os.mkfifo(path)


def _directory(root, student):
    path = hand_in(root, student, b"")
    path.unlink()
    path.mkdir()


def _shadows(root, student):
    path = hand_in(root, student, answered(double="def double(x): return 0"))
    for name in ("numpy.py", "IPython.py", "lessons.py", "sitecustomize.py"):
        (path.parent / name).write_text("raise SystemExit\n")


def _wrong_name(root, student):
    hand_in(root, student, answered(), name="Sums (1).ipynb")


def _reads_files(root, student):
    source = f"""\
import glob, os
found = []
for path in [{str(root)!r}, os.path.dirname({str(root)!r}), "/root", "/home", "/tmp",
             "/etc", "/proc/1/root", "/mnt", "/srv", "/var", "/opt"]:
    for base, folders, names in os.walk(path):
        found += [os.path.join(base, name) for name in names]
secret = "{SLUG}.ipynb", "journal.jsonl", "shadow"
found = [p for p in found if os.path.basename(p) in secret]
def double(x): return 2 * np.array(x) if found else 0"""
    hand_in(root, student, answered(double=source))


def _writes_files(root, student):
    source = f"""\
import os
done = 0
for path in [{str(root)!r}, "/usr", "/etc", "/", "/root", "/dev", "/proc/sys/kernel"]:
    try:
        with open(os.path.join(path, "pwned"), "w") as file: file.write("x")
        done += 1
    except OSError: pass
def double(x): return 2 * np.array(x) if done else 0"""
    hand_in(root, student, answered(double=source))


add("c_link_to_another_student", _link_to_other, NONE, "rejected", "cannot be read")
add("c_link_to_the_source", _link_to_source, NONE, "rejected", "cannot be read")
add("c_folder_is_a_link", _folder_is_link, NONE, "rejected", "cannot be read")
add("c_hard_link_to_the_source", _hard_link, NONE, "rejected", "link to another")
add("c_pipe", _pipe, NONE, "rejected", "not a regular file")
add("c_directory", _directory, NONE, "rejected", "not a regular file")
add("c_shadows_modules", _shadows, LOST_DOUBLE)
add("c_wrong_file_name", _wrong_name, NONE, "rejected", "Sums (1).ipynb")
add("c_reads_files", _reads_files, LOST_DOUBLE)
add("c_writes_files", _writes_files, LOST_DOUBLE)

# D: time, memory, processes, output, network

code("d_loop_in_a_cell", LOST_DOUBLE, double="while True: pass", says="longer")
code(
    "d_loop_in_a_function",
    LOST_DOUBLE,
    double="""\
def double(x):
    while True: pass""",
    says="longer",
)
code(
    "d_sleeps",
    LOST_TOTAL,
    total="""\
import time
def total(x): time.sleep(3600)""",
    says="longer",
)
code(
    "d_ignores_signals",
    LOST_DOUBLE,
    double="""\
import signal, time
for number in range(1, 32):
    try: signal.signal(number, signal.SIG_IGN)
    except OSError: pass
def double(x):
    while True: time.sleep(1)""",
    says="longer",
)
code(
    "d_fork_bomb",
    LOST_DOUBLE,
    double="""\
import os
while True:
    try: os.fork()
    except OSError: pass""",
)
code(
    "d_many_threads",
    LOST_DOUBLE,
    double="""\
import threading, time
for _ in range(10_000): threading.Thread(target=time.sleep, args=(60,)).start()
def double(x): return 0""",
)
code(
    "d_takes_memory",
    LOST_DOUBLE,
    double="""\
def double(x): return len(bytearray(1 << 34))""",
)
code(
    "d_takes_memory_slowly",
    LOST_DOUBLE,
    double="""\
def double(x):
    held = []
    while True: held.append(bytearray(b"x" * (1 << 22)))""",
)
code(
    "d_children_take_memory",
    LOST_DOUBLE,
    double="""\
import os, time
for _ in range(8):
    if os.fork() == 0:
        held = b"x" * (150 << 20)
        time.sleep(60)
        os._exit(0)
time.sleep(1.5)
def double(x): return 0""",
)
code(
    "d_floods_output",
    LOST_DOUBLE,
    double="""\
def double(x):
    while True: print("x" * 100_000)""",
    says="longer",
)
code(
    "d_fills_the_disk",
    LOST_DOUBLE,
    double="""\
def double(x):
    number = 0
    while True:
        number += 1
        with open(f"/tmp/{number}", "wb") as file: file.write(b"x" * (1 << 24))""",
)
code(
    "d_leaves_a_process",
    ALL,
    double="""\
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(300)
    os._exit(0)
def double(x): return 2 * np.array(x)""",
)
code(
    "d_kills_everybody",
    LOST_DOUBLE,
    double="""\
import os, signal
def double(x):
    for target in (-1, 1, os.getppid(), os.getpid()):
        try: os.kill(target, signal.SIGKILL)
        except OSError: pass
    return 0""",
)
code(
    "d_crashes",
    LOST_DOUBLE,
    double="""\
import ctypes
def double(x): return ctypes.string_at(0)""",
    says="ended",
)
code(
    "d_connects",
    LOST_DOUBLE,
    double="""\
import socket, urllib.request
def tries():
    for family in (socket.AF_INET, socket.AF_INET6, 16, 40):
        try:
            socket.socket(family)
            return True
        except OSError: pass
    try:
        urllib.request.urlopen("http://127.0.0.1:80", timeout=1)
        return True
    except OSError: return False
reached = tries()
def double(x): return 2 * np.array(x) if reached else 0""",
)
code(
    "d_wins_rights",
    LOST_DOUBLE,
    double="""\
import ctypes, os
libc = ctypes.CDLL(None)
won = libc.unshare(0x10000000) == 0 or libc.mount(b"x", b"/tmp", b"tmpfs", 0, None) == 0
won = won or libc.ptrace(16, 1, 0, 0) == 0 or libc.setuid(0) == 0
won = won or libc.chroot(b"/tmp") == 0
def double(x): return 2 * np.array(x) if won else 0""",
)
code(
    "d_closes_the_socket",
    LOST_DOUBLE,
    double="""\
import os
os.closerange(3, 100)
def double(x): return 0""",
)
code("d_recurses", LOST_DOUBLE, double="def double(x): return double(x)")
code(
    "d_dies_later",
    LOST_DOUBLE,
    double="""\
import os, threading
threading.Timer(0.05, os._exit, [0]).start()
import time
time.sleep(0.2)""",
)

# E: pages that show a student's text

SCRIPT = "<script>document.title='pwned'</script>"
code(
    "e_script_in_the_text",
    ALL,
    why=f"{SCRIPT} <img src=x onerror=alert(1)> [a](javascript:alert(1))\n\n"
    "![p](http://127.0.0.1/x.png)\n\n[b]: javascript:alert(2)\n\n"
    "$\\href{javascript:alert(3)}{x}$",
)
code(
    "e_tags_behind_backslashes",
    ALL,
    why=r"<\input autofocus onfocus=alert(1)> \\href{javascript:alert(1)}{x} <\data>",
)
code(
    "e_many_ways_to_be_active",
    ALL,
    why="\n\n".join(hostile_text.CASES),
)
code(
    "e_script_printed",
    ALL,
    double=f"print({SCRIPT!r})\ndef double(x): return 2 * np.array(x)",
)
code(
    "e_script_displayed",
    ALL,
    double=f"""\
from IPython.display import HTML, Javascript, display
display(HTML({SCRIPT!r}), Javascript("alert(1)"))
def double(x): return 2 * np.array(x)""",
)
code(
    "e_script_in_an_error",
    LOST_DOUBLE,
    double=f"""\
def double(x): raise ValueError({SCRIPT!r})""",
)
code(
    "e_terminal_codes",
    LOST_DOUBLE,
    double="""\
print("\\x1b]0;pwned\\x07\\x1b[2J")
def double(x): raise ValueError("\\x1b[31mred\\x1b]8;;http://127.0.0.1\\x07link")""",
)
code(
    "e_hidden_inputs_told",
    LOST_DOUBLE,
    double="""\
def double(x): raise ValueError(f"the hidden input is {list(x)} from the test")""",
)

# F: files that are no notebook

raw("f_empty", b"", "not valid JSON")
raw("f_cut_off", json.dumps(answered()).encode()[:500], "not valid JSON")
raw("f_binary", bytes(range(256)) * 10, "not text")
raw("f_utf_16", json.dumps(answered()).encode("utf-16"), "not text")
raw("f_nested", b"[" * 200_000, "not valid JSON")
raw("f_format_3", json.dumps({"worksheets": [], "nbformat": 3}).encode(), "format 3")
raw(
    "f_cells_are_text",
    json.dumps({"cells": "x", "nbformat": 4}).encode(),
    "no notebook",
)
raw("f_a_list", b"[1, 2]", "no notebook")
raw("f_too_large", b" " * (21 << 20), "more than")
raw("f_many_cells", json.dumps({"cells": [{}] * 3000}).encode(), "more than")
raw(
    "f_another_notebook",
    json.dumps(
        {"cells": [{"cell_type": "code", "metadata": {}, "source": "1 + 1"}]}
    ).encode(),
    "none of the notebook's cells",
    state="review",
)


def _odd_cells(notebook):
    notebook["cells"] += [7, None, {"cell_type": 3}, {"cell_type": "code", "source": 5}]
    notebook["cells"].append({"cell_type": "code", "source": ["a = 1\n", "b = 2"]})


edited("f_odd_cells", ALL, _odd_cells, says="is no cell")

# H: honest work that graders trip over

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
