"""Class D: time, processes, output, network."""

from tests.grading.corpus.cases import ALL, LOST_DOUBLE, LOST_TOTAL, code

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
code(
    "d_dies_in_every_later_test",
    LOST_DOUBLE,
    double="""\
import os
from lessons.grading.isolated import worker
real = worker.Worker._do_known
def known(self, head, *names):
    if "twice" in names: os._exit(0)
    return real(self, head, *names)
worker.Worker._do_known = known""",
)
