"""The website, built once for all processes, and a browser to walk it."""

import contextlib
import fcntl
import functools
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# In a closed network Chromium's own connections would be refused many at a time.
FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


@contextlib.contextmanager
def only_one(folder):
    """Processes of one test run come in one after the other."""
    with open(folder / "site.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def shared(tmp_path_factory):
    """A folder that all processes of this test run see."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def site(shared):
    """The folder of the built website."""
    out = shared / "site"
    with only_one(shared):
        if not out.exists():
            command = [sys.executable, "-m", "docs", "--out", out]
            answer = subprocess.run(
                [*command, "--work", shared / "site-work"],
                cwd=ROOT,
                capture_output=True,
                text=True,
            )
            assert answer.returncode == 0, answer.stdout + answer.stderr
    return out


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        """Requests are no news."""


@contextlib.contextmanager
def serving(folder):
    """Serve a folder on this machine; yields its address."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@pytest.fixture(scope="session")
def address(site):
    """Where the website is served."""
    with serving(site) as place:
        yield place


@pytest.fixture(scope="session")
def chromium(shared):
    """Path of a Chromium; Debian's is installed where none is found."""
    with only_one(shared):
        found = _find()
        if found is None and shutil.which("apt-get") and os.geteuid() == 0:
            _install()
            found = _find()
    if found is None:
        pytest.skip("no Chromium here: install one, such as Debian's `chromium`")
    return found


def _find():
    return next(filter(None, map(shutil.which, CHROMIUMS)), None)


def _install():
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium"],
    ):
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, env=environment, capture_output=True, timeout=300)


@pytest.fixture
def browser(chromium):
    """A headless browser."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()
