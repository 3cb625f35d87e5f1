"""Messages over a socket: a length, then the bytes of `codec`."""

import os
import select
import socket
import time

from lessons.grading.isolated import codec

MOST = codec.MOST_BYTES + codec.MOST_TEXT + 4


class ClosedError(BaseException):
    """The other side is gone, or sent what is no message.

    Not an `Exception`: a test that expects errors of an answer must not catch it.
    """


class LateError(BaseException):
    """The other side did not answer in time; not an `Exception` either."""


class Channel:
    """One end of a stream socket.

    Args:
        connection: a connected `socket.socket`.
        encoder: function that makes a `codec.Encoder` for each message.
        decoder: a `codec.Decoder`.
        drain: a file object or descriptor to empty while waiting, or None.
        take: function that gets the bytes read from `drain`.
    """

    def __init__(self, connection, encoder, decoder, drain=None, take=None):
        self._socket, self._encoder, self._decoder = connection, encoder, decoder
        self._drain, self._take = drain, take

    def send(self, head, *values, deadline=None):
        """Send one message; `deadline` as in `time.monotonic`."""
        data = self._encoder().message(head, values)
        view = memoryview(len(data).to_bytes(8, "little") + data)
        try:
            while view:
                self._wait(deadline, to_write=True)
                view = view[self._socket.send(view, socket.MSG_DONTWAIT) :]
        except BlockingIOError:
            raise ClosedError("the socket is not ready") from None
        except OSError as error:
            raise ClosedError(str(error)) from error

    def receive(self, deadline=None):
        """The next message as (head, values).

        Raises:
            ClosedError, LateError: see there.
        """
        size = int.from_bytes(self._exactly(8, deadline), "little")
        if size > MOST:
            raise ClosedError("the message is too long")
        try:
            return self._decoder.message(self._exactly(size, deadline))
        except codec.CodecError as error:
            raise ClosedError(str(error)) from error

    def _exactly(self, count, deadline):
        data = bytearray()
        while len(data) < count:
            self._wait(deadline)
            try:
                part = self._socket.recv(min(count - len(data), 2**20))
            except OSError as error:
                raise ClosedError(str(error)) from error
            if not part:
                raise ClosedError("the other side has ended")
            data += part
        return bytes(data)

    def _wait(self, deadline, to_write=False):
        """Until the socket is ready; meanwhile what is printed is taken away."""
        poll = select.poll()
        poll.register(self._socket, select.POLLOUT if to_write else select.POLLIN)
        if self._drain is not None:
            poll.register(self._drain, select.POLLIN)
        while True:
            rest = None
            if deadline is not None:
                rest = max(0, deadline - time.monotonic()) * 1000
            ready = dict(poll.poll(rest))
            if not ready:
                raise LateError
            if self._socket.fileno() in ready:
                return
            if not self.drain_now():
                poll.unregister(self._drain)

    def drain_now(self):
        """Take what has been printed so far; False at the end of it."""
        for _ in range(16):  # not for ever: who floods must not hold us here
            if not select.select([self._drain], [], [], 0)[0]:
                break
            part = os.read(self._drain, 65536)
            if not part:
                return False
            self._take(part)
        return True
