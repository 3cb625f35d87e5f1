"""What the grader's tests share."""

import functools

import pytest

from tests.grading.doubling import small  # noqa: F401, a fixture


@pytest.fixture(scope="session", autouse=True)
def the_schema_is_asked_for_once():
    """For every new gradebook nbgrader starts a program to ask for a constant."""
    from nbgrader import api

    with pytest.MonkeyPatch.context() as patch:
        once = functools.cache(api.get_alembic_version)
        patch.setattr(api, "get_alembic_version", once)
        yield


@pytest.fixture(scope="session")
def isolating():
    """Leaves out what needs a wall where there is none, and says why."""
    from lessons.grading.trusted import probe

    reason = probe.missing()
    if reason:
        pytest.skip(f"this machine cannot isolate: {reason}")
