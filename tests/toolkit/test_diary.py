"""Progress is kept in one file that survives anything."""

import json
import threading

import pytest

from lessons.toolkit import diary
from lessons.toolkit.ledger import Ledger


@pytest.fixture(autouse=True)
def own_diary(tmp_path, monkeypatch):
    """A data folder for each test."""
    monkeypatch.setenv("LESSONS_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_reading_to_the_last_table_counts_where_a_person_sits(monkeypatch, capsys):
    claims = Ledger()
    claims.equal("one is one", 1.0, 1.0, tolerance=1e-9)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    claims.table()
    assert diary.lessons_read() == {}
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/notebooks/autoencoders/vae.ipynb")
    claims.table()
    monkeypatch.setenv("JPY_SESSION_NAME", "/home/me/thesis.ipynb")
    claims.table()
    assert list(diary.lessons_read()) == ["vae"]
    diary.tried("vae", "rescale", True)
    assert list(diary.lessons_read()) == ["vae"]


def test_checks_hints_and_solutions_are_counted():
    diary.tried("vae", "iwae_bound", False)
    assert diary.hinted("vae", "iwae_bound", 2) == 1
    assert diary.hinted("vae", "iwae_bound", 2) == 2
    assert diary.hinted("vae", "iwae_bound", 2) == 2
    diary.shown("vae", "iwae_bound")
    diary.tried("vae", "iwae_bound", True)
    entry = diary.of("vae")["iwae_bound"]
    assert (entry["tries"], entry["hints"], entry["shown"]) == (2, 2, True)
    assert entry["passed"]


def test_a_solution_seen_after_passing_is_no_help():
    diary.tried("vae", "rescale", True)
    diary.shown("vae", "rescale")
    assert diary.of("vae")["rescale"]["shown"] is False


def test_a_broken_file_is_set_aside_with_a_sentence(own_diary, capsys):
    diary.tried("vae", "rescale", True)
    for text in ("{", '{"version": 9, "exercises": {}}', "[]", '{"version": 1}'):
        diary.path().write_text(text, encoding="utf-8")
        assert diary.load() == {}
        assert "could not be read and is now" in capsys.readouterr().err
        assert not diary.path().exists()
    assert any(".broken-" in path.name for path in own_diary.iterdir())
    diary.tried("vae", "rescale", True)
    assert diary.of("vae")["rescale"]["tries"] == 1


def test_entries_of_another_form_are_left_out():
    diary.path().parent.mkdir(parents=True)
    kept = {"vae": {"a": {"tries": -1}, "b": {"tries": 2, "more": 1}}}
    text = json.dumps({"version": 1, "exercises": kept})
    diary.path().write_text(text, encoding="utf-8")
    found = diary.load()["vae"]
    assert list(found) == ["b"] and "more" not in found["b"]


def test_two_writers_lose_nothing():
    def work():
        for _ in range(20):
            diary.tried("vae", "rescale", False)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert diary.of("vae")["rescale"]["tries"] == 40
