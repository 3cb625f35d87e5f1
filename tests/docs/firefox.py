"""A headless Firefox, spoken to in its own protocol, Marionette, without a driver."""

import contextlib
import json
import socket
import subprocess
import time


class Tab:
    """The one tab of a running Firefox.

    Args:
        connection: to its port of Marionette.
    """

    def __init__(self, connection):
        self._file = connection.makefile("rwb")
        self._number = 0
        self._read()  # the greeting
        self.call("WebDriver:NewSession")

    def call(self, command, **parameters):
        """What Firefox answers to a command.

        Raises:
            RuntimeError: it answers with an error.
        """
        self._number += 1
        text = json.dumps([0, self._number, command, parameters]).encode()
        self._file.write(b"%d:%s" % (len(text), text))
        self._file.flush()
        _, _, error, answer = self._read()
        if error:
            raise RuntimeError(error["message"])
        return answer

    def go(self, address):
        """Open a page and wait until it is there."""
        self.call("WebDriver:Navigate", url=address)

    def evaluate(self, expression):
        """Value of an expression of JavaScript."""
        script = f"return ({expression})"
        return self.call("WebDriver:ExecuteScript", script=script, args=[])["value"]

    def _read(self):
        length = b""
        while (byte := self._file.read(1)) != b":":
            if not byte:
                raise RuntimeError("Firefox has gone.")
            length += byte
        return json.loads(self._file.read(int(length)))


@contextlib.contextmanager
def running(program, profile, seconds=60):
    """Start a Firefox of its own with a new profile; yields its `Tab`.

    Args:
        program: path of the program.
        profile: an empty folder.
        seconds: how long its start may take.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = f'user_pref("marionette.port", {port});\n'
    (profile / "user.js").write_text(settings, encoding="utf-8")
    command = [program, "--headless", "--no-remote", "--marionette"]
    process = subprocess.Popen(
        [*command, "--profile", profile],
        env={"HOME": str(profile), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connected(port, seconds) as connection:
            yield Tab(connection)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _connected(port, seconds):
    end = time.monotonic() + seconds
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=seconds)
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
