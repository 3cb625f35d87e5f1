"""Class A: values that lie, and attempts at the checks themselves."""

from tests.grading.corpus.cases import LOST_DOUBLE, LOST_TOTAL, LOST_TWICE, NONE, code

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
