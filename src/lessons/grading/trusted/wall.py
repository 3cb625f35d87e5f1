"""The way of a test host to the process of the answers: made, watched, made again."""

import contextlib
import json
import signal
import socket
import time

from lessons.grading.isolated.channel import Channel, ClosedError, LateError
from lessons.grading.trusted.proxies import Answer

LONGEST = 1 << 16  # bytes of text kept of each cell
MOST_RESTARTS = 6
LEFT_OUT = "left out: there was too much trouble before"
_GONE, _HEAVY = "the process of the answer ended", "stopped: it took more memory"
ENDED = _GONE, _HEAVY  # how the reasons begin for which a process is gone


class Gone(BaseException):
    """The worker is dead or late; not an `Exception`, so that no test can catch it."""


class Wall:
    """What stands between the tests of one submission and its answers.

    Args:
        supervisor: the supervisor's socket, on which workers are asked for.
        job: see `host.Host`.

    Attributes:
        answer: an `Answer`, through which requests go.
        text: what was printed since it was last emptied, cut at `LONGEST` bytes.
        restarts: how many workers were made in place of others.
        left: how many may still be made.
    """

    def __init__(self, supervisor, job):
        self._supervisor, self._job = supervisor, job
        self._channel = self._deadline = None
        self.answer = Answer(
            lambda: self._channel, lambda: self._deadline, job.get("classes", ())
        )
        self.text, self.restarts, self.left = bytearray(), 0, MOST_RESTARTS
        self._done = []  # sources that ran behind the wall
        self._armed = False
        signal.signal(signal.SIGALRM, self._late)

    @property
    def is_open(self):
        """Whether there is a worker."""
        return self._channel is not None

    def begin(self):
        """A new worker, in which nothing has run."""
        self._done, self._channel = [], None
        try:
            self._new_worker()
        except Gone:
            self._channel = None

    def leave(self):
        """Use this worker no longer."""
        self._channel = None

    def run(self, source):
        """Run a cell behind the wall: (head, values) of the answer."""
        with self.within("cell"):
            head, values = self.answer.ask("cell", source)
        self._done.append(source)
        return head, values

    @contextlib.contextmanager
    def within(self, kind):
        """Limit the time; a worker that ends or is late becomes `Gone`."""
        if self._channel is None:
            raise Gone(LEFT_OUT)
        seconds = self._job["limits"][kind]
        self._deadline = time.monotonic() + seconds
        # Decoding, call-backs and the test itself are within the limit too.
        signal.setitimer(signal.ITIMER_REAL, seconds + 0.3, 0.3)
        self._armed = True
        try:
            yield
        except LateError:
            raise Gone(f"stopped: it took longer than {seconds:g} seconds") from None
        except ClosedError as error:
            raise Gone(f"{_GONE}: {error}") from None
        finally:
            self._armed = False
            signal.setitimer(signal.ITIMER_REAL, 0)
        if self._channel is not None:
            with contextlib.suppress(ClosedError):
                self._channel.drain_now()

    def _late(self, *_):
        """The alarm: whatever goes on in this process has taken too long."""
        if self._armed:
            raise LateError

    def cause(self, text):
        """Why the process of the answer ended, if the supervisor knows more."""
        if not text.startswith(_GONE):
            return text
        self.tell({"ended": True})
        if self._supervisor.recv(1) != b"m":
            return text
        most = self._job.get("total_memory", 0) >> 20
        return f"{_HEAVY} than the limit of {most} MB"

    def revive(self):
        """A new worker, in which all that worked before is run again."""
        if self._channel is None:
            return
        self._channel = None
        if self.left == 0:
            return
        self.restarts += 1
        self.left -= 1
        done, self._done, text = self._done, [], self.text
        with contextlib.suppress(Gone):
            self._new_worker()
            for source in done:
                self.run(source)
        self.text = text  # what cells print again was taken before

    def _new_worker(self):
        self.tell({"worker": "please"})
        _, descriptors, *_ = socket.recv_fds(self._supervisor, 1, 2)
        if len(descriptors) < 2:
            self._channel = None
            return
        connection, output = socket.socket(fileno=descriptors[0]), descriptors[1]
        self._channel = Channel(
            connection, self.answer.encoder, self.answer.decoder(), output, self._take
        )
        self.text = bytearray()
        with self.within("start"):
            head, _ = self._channel.receive(self._deadline)
            if "ready" not in head:
                raise SystemExit  # the supervisor has read why from the probe

    def _take(self, part):
        """Keep the beginning of what is printed."""
        self.text += part[: max(0, LONGEST - len(self.text))]

    def tell(self, message):
        """Send the supervisor a message."""
        data = json.dumps(message).encode()
        self._supervisor.sendall(len(data).to_bytes(8, "little") + data)
