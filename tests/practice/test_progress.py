"""Progress is kept in one file that survives anything."""

import json
import threading

from lessons.practice import progress


def test_checks_hints_and_solutions_are_counted():
    progress.tried("vae", "iwae_bound", False)
    assert progress.hinted("vae", "iwae_bound", 2) == 1
    assert progress.hinted("vae", "iwae_bound", 2) == 2
    assert progress.hinted("vae", "iwae_bound", 2) == 2
    progress.shown("vae", "iwae_bound")
    progress.tried("vae", "iwae_bound", True)
    entry = progress.of("vae")["iwae_bound"]
    assert (entry["tries"], entry["hints"], entry["shown"]) == (2, 2, True)
    assert entry["passed"]


def test_a_solution_seen_after_passing_is_no_help():
    progress.tried("vae", "rescale", True)
    progress.shown("vae", "rescale")
    assert progress.of("vae")["rescale"]["shown"] is False


def test_a_broken_file_is_set_aside_with_a_sentence(own_progress, capsys):
    progress.tried("vae", "rescale", True)
    for text in ("{", '{"version": 9, "exercises": {}}', "[]", '{"version": 1}'):
        progress.path().write_text(text, encoding="utf-8")
        assert progress.load() == {}
        assert "could not be read and is now" in capsys.readouterr().err
        assert not progress.path().exists()
    assert any(".broken-" in path.name for path in own_progress.iterdir())
    progress.tried("vae", "rescale", True)
    assert progress.of("vae")["rescale"]["tries"] == 1


def test_entries_of_another_form_are_left_out():
    progress.path().parent.mkdir(parents=True)
    kept = {"vae": {"a": {"tries": -1}, "b": {"tries": 2, "more": 1}}}
    text = json.dumps({"version": 1, "exercises": kept})
    progress.path().write_text(text, encoding="utf-8")
    found = progress.load()["vae"]
    assert list(found) == ["b"] and "more" not in found["b"]


def test_two_writers_lose_nothing():
    def work():
        for _ in range(20):
            progress.tried("vae", "rescale", False)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.of("vae")["rescale"]["tries"] == 40
