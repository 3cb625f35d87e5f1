"""Marking by hand in nbgrader's own pages, with a real server and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from lessons import cli
from lessons.grading import grade
from lessons.grading.trusted.submissions import Options
from tests.docs.conftest import browser, chromium, shared  # noqa: F401, fixtures
from tests.grading import hostile_text
from tests.grading.small_course import SLUG, answered, book, hand_in, make_course

pytestmark = pytest.mark.usefixtures("isolating")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def marking(tmp_path):
    """(course, address) of a graded course that is open for marking."""
    make_course(tmp_path)
    (tmp_path / "nbgrader_config.py").write_text(
        "from lessons.grading import pages\nc = get_config()\npages.configure(c)\n"
    )
    hostile = "\n\n".join(["$x^2$", *hostile_text.CASES])
    hand_in(tmp_path, "ada", answered(why=hostile))
    grade.run(tmp_path, SLUG, options=Options(timeout=20))
    port = free_port()
    command = ["mark", SLUG, "--course", str(tmp_path), "--no-browser"]
    server = subprocess.Popen(
        [sys.executable, "-m", "lessons", *command, "--port", str(port)],
        env=os.environ | {"JUPYTER_TOKEN": "secret"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/login", server)
        yield tmp_path, f"http://127.0.0.1:{port}"
    finally:
        server.send_signal(2)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def wait_for(address, server):
    end = time.monotonic() + 90
    while time.monotonic() < end and server.poll() is None:
        try:
            return urllib.request.urlopen(address, timeout=5).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise AssertionError("the server did not start")


def test_a_person_marks_what_a_student_wrote(marking, browser):  # noqa: F811
    root, address = marking
    fired = []
    context = browser.new_context()
    context.expose_function("pwn", lambda *_: fired.append("script"))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.on("dialog", lambda dialog: (fired.append("dialog"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((address, "data:"))
            else fired.append(request.url)
        ),
    )
    page.goto(f"{address}/formgrader/gradebook/{SLUG}?token=secret")
    page.locator(f"a[href$='/gradebook/{SLUG}/{SLUG}']").click()
    page.locator("a[href*='/formgrader/submissions/']").first.click()
    page.locator("input#why.needs_manual_grade").wait_for()  # its script is ready
    assert page.locator("math").count() >= 1
    page.locator("input#why").fill("0.5")
    page.locator("input#why").press("Tab")
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with book(root) as opened:
            found = opened.find_grade("why", SLUG, SLUG, "ada")
            if found.manual_score == 0.5:
                break
        time.sleep(0.2)
    assert found.manual_score == 0.5 and not found.needs_manual_grade
    assert fired == []
    context.close()


def test_nothing_to_mark_is_said(tmp_path, capsys):
    make_course(tmp_path)
    assert cli.main(["mark", SLUG, "--course", str(tmp_path)]) == 2
    assert "has been graded yet" in capsys.readouterr().err
    made = tmp_path / "autograded" / "ada" / SLUG / f"{SLUG}.ipynb"
    made.parent.mkdir(parents=True)
    made.touch()
    assert cli.main(["mark", "sum", "--course", str(tmp_path)]) == 2
    assert "Did you mean 'sums'?" in capsys.readouterr().err
