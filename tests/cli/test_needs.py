"""A run at the paper's scale says first what it needs."""

from lessons import catalog
from lessons.cli import needs


def said(slug, capsys, **changes):
    preset = catalog.find(slug).module("config").PRESETS["paper"]
    needs.announce(preset.replace(**changes))
    return capsys.readouterr().err


def test_work_data_and_device_are_named(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("LESSONS_DATA", str(tmp_path))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    text = said("vae", capsys, device="cpu")
    assert "500 epochs in batches of 1,000; 50,000 examples, so 25,000 steps" in text
    assert "first `lessons data fetch mnist`" in text
    assert "no GPU in use" in text and "first steps have been timed" in text
    assert "data: digits comes with the package" in said("vae", capsys, source="digits")


def test_every_paper_preset_can_be_announced(lesson, capsys):
    presets = lesson.module("config").PRESETS
    for name in presets:
        needs.announce(presets[name])
        text = capsys.readouterr().err
        assert bool(text) == name.startswith("paper")
