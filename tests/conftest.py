"""What all tests share: the lessons that a test runs over, and `--lesson`.

A test with an argument `lesson` runs once for every lesson that is written. With
`--lesson vae` only that lesson's tests are left: those in its folder, and those that
run over lessons.
"""

import importlib
import pathlib
import signal
import sys

import pytest

from lessons import catalog
from lessons.toolkit.errors import UserError

TESTS = pathlib.Path(__file__).parent


def pytest_addoption(parser):
    parser.addoption("--lesson", metavar="SLUG", help="only the tests of this lesson")


def pytest_configure(config):
    # A job started in the background inherits that Ctrl-C is ignored, and would pass
    # it on to the processes whose answer to Ctrl-C is tested.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    slug = config.getoption("--lesson")
    try:
        config.chosen_lesson = catalog.find(slug) if slug else None
    except UserError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_generate_tests(metafunc):
    if "lesson" in metafunc.fixturenames:
        lessons = catalog.ready()
        slugs = [lesson.slug for lesson in lessons]
        metafunc.parametrize("lesson", lessons, ids=slugs, scope="session")


def belongs(item, chosen):
    """Whether a collected test is about the chosen lesson."""
    parameters = item.callspec.params if hasattr(item, "callspec") else {}
    if "lesson" in parameters:
        return parameters["lesson"] == chosen
    if "slug" in parameters:  # the exercises' tests
        return parameters["slug"] == chosen.slug
    if item.path == TESTS.parent / chosen.notebook:
        return True
    return TESTS / chosen.unit / chosen.slug in item.path.parents


def pytest_collection_modifyitems(config, items):
    chosen = config.chosen_lesson
    if chosen is None:
        return
    kept = [item for item in items if belongs(item, chosen)]
    left_out = [item for item in items if not belongs(item, chosen)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = kept


@pytest.fixture(scope="session")
def on_two_devices():
    """A function: the words a script prints that runs on two logical processors."""
    from tests.two_devices import TwoDevices

    process = TwoDevices()
    yield process
    process.close()


@pytest.fixture
def bootstrap(monkeypatch):
    """The module `scripts/bootstrap.py`, freshly imported."""
    monkeypatch.syspath_prepend(TESTS.parent / "scripts")
    for name in ("bootstrap", "watched_pip", "pip_settings"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return importlib.import_module("bootstrap")
