"""Configurations check every value, whichever way it comes."""

import dataclasses
import json

import pytest

from lessons.toolkit.config import RunConfig, preset, setting
from lessons.toolkit.errors import UserError


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config(RunConfig):
    rate: float = setting(0.5, "step size", above=0, maximum=1)
    hidden: tuple[int, ...] = setting((8, 4), "units per layer", minimum=1)
    kind: str = setting("dense", "kind of layers", choices=("dense", "conv"))
    limit: int | None = setting(None, "images to use, or none", minimum=1)
    path: str | None = setting(None, "a file")


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("epochs=3", "epochs", 3),
        ("rate=1e-3", "rate", 0.001),
        ("rate=1", "rate", 1.0),
        ("hidden=64,32", "hidden", (64, 32)),
        ("hidden=64,", "hidden", (64,)),
        ("hidden=", "hidden", ()),
        ("kind=conv", "kind", "conv"),
        ("limit=5", "limit", 5),
        ("limit=none", "limit", None),
        ("path=a=b", "path", "a=b"),  # only the first = separates
        ("deterministic=TRUE", "deterministic", True),
        ("deterministic=no", "deterministic", False),
    ],
)
def test_text_becomes_the_type_of_its_field(text, field, value):
    result = getattr(Config().override([text]), field)
    assert result == value
    assert type(result) is type(value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"epochs": 0}, "Config.epochs must be at least 1, got 0"),
        ({"epochs": 2.0}, "Config.epochs must be int, got 2.0"),
        ({"epochs": True}, "Config.epochs must be int, got True"),
        ({"rate": 0.0}, "Config.rate must be above 0 and at most 1, got 0.0"),
        ({"rate": 1.5}, "Config.rate must be above 0 and at most 1, got 1.5"),
        ({"rate": float("nan")}, "Config.rate must be finite, got nan"),
        ({"rate": float("-inf")}, "Config.rate must be finite, got -inf"),
        ({"rate": 10**400}, "Config.rate must be finite, got inf"),
        ({"rate": False}, "Config.rate must be float, got False"),
        ({"rate": "fast"}, "Config.rate must be float, got 'fast'"),
        ({"hidden": (8, 0)}, r"Config.hidden must be at least 1, got \(8, 0\)"),
        ({"hidden": {8}}, r"Config.hidden must be tuple\[int, ...\], got \{8\}"),
        ({"hidden": [8, 0.5]}, r"Config.hidden must be tuple\[int, ...\], got \(8, 0"),
        ({"hidden": (8, "x")}, r"Config.hidden must be tuple\[int, ...\]"),
        ({"kind": "cubic"}, "Config.kind must be one of dense, conv, got 'cubic'"),
        ({"limit": 0}, "Config.limit must be at least 1, got 0"),
        ({"seed": -1}, "Config.seed must be at least 0"),
        ({"seed": 2**32}, "Config.seed must be .*at most 4294967295"),
    ],
)
def test_an_impossible_value_is_refused_by_every_way_in(changes, message):
    with pytest.raises(UserError, match=message):
        Config(**changes)
    with pytest.raises(UserError, match=message):
        Config().replace(**changes)
    with pytest.raises(UserError, match=message):
        dataclasses.replace(Config(), **changes)


def test_a_whole_number_for_a_float_field_is_a_float():
    assert Config(rate=1) == Config(rate=1.0)
    assert type(Config(rate=1).rate) is float


def test_a_configuration_reads_back_what_it_wrote_as_json():
    config = Config(hidden=(64,), rate=0.25, limit=3)
    again = Config().replace(**json.loads(json.dumps(config.to_dict())))
    assert again == config
    assert again.hidden == (64,)


def test_none_passes_the_bounds_of_an_optional_number():
    assert Config(limit=None).limit is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("epochs", "cannot read the setting 'epochs'. Allowed: FIELD=VALUE"),
        ("epoch=3", "unknown field 'epoch'. Did you mean 'epochs'"),
        ("=3", "unknown field ''"),
        ("epochs=2.5", "field 'epochs' must be int, got '2.5'"),
        ("hidden=none", r"field 'hidden' must be tuple\[int, ...\], got 'none'"),
        ("deterministic=2", "field 'deterministic' must be bool, got '2'"),
    ],
)
def test_text_that_cannot_be_read_is_refused(text, message):
    with pytest.raises(UserError, match=message):
        Config().override([text])


def test_the_last_of_several_settings_counts():
    assert Config().override(["epochs=2", "epochs=5"]).epochs == 5


def test_replace_refuses_unknown_fields_and_leaves_the_original():
    config = Config()
    assert config.replace(epochs=7).epochs == 7
    assert config.epochs == 1
    with pytest.raises(UserError, match="unknown field 'epoch'"):
        config.replace(epoch=7)


def test_a_configuration_survives_the_way_through_a_dictionary():
    config = Config(hidden=(3,), limit=2)
    assert Config(**config.to_dict()) == config


def test_describe_has_a_row_per_field_with_what_is_allowed():
    rows = {name: (kind, text) for name, kind, text in Config.describe()}
    assert list(rows) == [field.name for field in dataclasses.fields(Config)]
    assert rows["rate"] == ("float", "step size (above 0 and at most 1)")
    assert rows["hidden"] == ("tuple[int, ...]", "units per layer (at least 1)")
    assert rows["limit"][0] == "int | None"
    assert rows["path"] == ("str | None", "a file")


def test_preset_finds_by_name_or_says_which_there_are():
    presets = {"smoke": Config(preset="smoke")}
    assert preset(presets, "smoke").preset == "smoke"
    with pytest.raises(UserError, match="unknown preset 'x'. Allowed: smoke"):
        preset(presets, "x")
