"""Class D: memory and disk of every kind."""

from tests.grading.corpus.cases import ALL, LOST_DOUBLE, LOST_TWICE, code, edited
from tests.grading.small_course import RIGHT, named

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
MEMORY = "more memory than the limit"
HOLD = """\
def double(x):
    hold()
    time.sleep(1)
    return 2 * np.array(x)"""
for name, hold in (
    (
        "shared_anonymous",
        "held.append(mmap.mmap(-1, 900 << 20)); held[0].write(b'x' * (900 << 20))",
    ),
    (
        "memfd",
        """
    for number in range(16):
        held.append(os.memfd_create(str(number)))
        for _ in range(50): os.write(held[-1], b"x" * (1 << 20))""",
    ),
    (
        "mapped_zeros",
        """
    file = os.open("/dev/zero", os.O_RDWR)
    held.append(mmap.mmap(file, 900 << 20))
    held[0].write(b"x" * (900 << 20))""",
    ),
    (
        "system_v",
        """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.shmat.restype = ctypes.c_void_p
    for _ in range(16):
        number = libc.shmget(0, 60 << 20, 0o1600)
        if number < 0: raise OSError("no segment")
        ctypes.memset(libc.shmat(number, None, 0), 1, 60 << 20)""",
    ),
    (
        "inodes",
        """
    for number in range(200_000): open(f"/tmp/{number}", "w").close()""",
    ),
    (
        "socket_buffers",
        """
    for _ in range(100):
        one, two = socket.socketpair()
        one.setblocking(False)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 30)
        held.append((one, two))
        try:
            while True: one.send(b"x" * 65536)
        except BlockingIOError: pass""",
    ),
):
    code(
        f"d_holds_{name}",
        LOST_DOUBLE,
        double="import ctypes, mmap, os, socket, time\nheld = []\n"
        f"def hold():\n    {hold.strip()}\n{HOLD}",
    )
code(
    "d_many_sockets",
    LOST_DOUBLE,
    double="""\
import os, socket, time
def fill():
    held = []
    for _ in range(110):
        one, two = socket.socketpair()
        one.setblocking(False)
        held.append((one, two))
        try:
            while True: one.send(b"x" * 65536)
        except BlockingIOError: pass
    time.sleep(30)
for _ in range(20):
    if os.fork() == 0:
        fill()
        os._exit(0)
time.sleep(3)
def double(x): return 2 * np.array(x)""",
    says=MEMORY,
)
code(
    "d_files_and_memory",
    LOST_DOUBLE,
    double="""\
import time
for number in range(4):
    with open(f"/dev/shm/{number}", "wb") as file: file.write(b"x" * (60 << 20))
held = b"x" * (300 << 20)
time.sleep(0.5)
def double(x): return 2 * np.array(x)""",
)
code(
    "d_takes_the_tests_memory",
    LOST_TWICE,
    twice="""\
def twice(function, x):
    for size in (20_000, 200_000):
        function(np.zeros(size * 1000))
    return function(function(x))""",
)
code(
    "d_sets_of_one_hash",
    LOST_DOUBLE,
    double="""\
def double(x): return {k * (2**61 - 1) * 2**70 for k in range(60_000)}""",
)
code(
    "d_pictures_without_end",
    ALL,
    double="""\
from lessons.grading.isolated import shell
shell.figures = lambda: ([np.zeros((1000, 1000, 4), np.uint8)] * 15,)
def double(x): return 2 * np.array(x)""",
)
code(
    "d_pictures_that_are_none",
    ALL,
    double="""\
from lessons.grading.isolated import shell
shell.figures = lambda: ([b"\\x89PNG" + b"A" * (30 << 20), 7, np.zeros(3)],)
def double(x): return 2 * np.array(x)""",
)
edited(
    "d_much_text_in_cells",
    ALL,
    lambda n: n["cells"].extend(
        {"cell_type": "code", "metadata": {}, "source": "print('x' * 60_000)"}
        for _ in range(100)
    ),
)
code("d_empty_lines", ALL, why="\n" * 400_000 + "It follows.")
code(
    "d_many_magics",
    ALL,
    double="\n".join(["%time x = 1" + " + 1" * 100] * 6) + "\n" + RIGHT["double"],
)
edited(
    "d_many_hidden_marks",
    ALL,
    lambda n: named(n, "double_tests").update(
        source="### BEGIN HIDDEN TESTS\n" * 20_000
    ),
    says="double_tests was edited",
)
code(
    "d_one_block_many_times",
    LOST_DOUBLE,
    double="""\
import json
from lessons.grading.isolated import encoder
real = encoder.Encoder.message
def message(self, head, values=()):
    if "value" not in head: return real(self, head, values)
    block, parts = b"x" * (60 << 20), [["list", [["bytes", 0]] * 100_000]] * 2
    text = json.dumps([head, parts, [len(block)]]).encode()
    return len(text).to_bytes(4, "little") + text + block
encoder.Encoder.message = message
def double(x): return 0""",
)
