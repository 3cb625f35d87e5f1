"""Configurations: frozen dataclasses whose fields know what they accept.

A lesson's `config.py` subclasses `RunConfig`, declares its fields with `setting`, and
gives `PRESETS`. Every value is checked when the object is made, whichever way it came:
a preset, `dataclasses.replace`, or the command line.
"""

import dataclasses
import math
import types
import typing

from lessons.toolkit.errors import UserError, unknown

PRESET_NAMES = ("smoke", "laptop", "paper")


def setting(default, help, *, choices=None, minimum=None, maximum=None, above=None):
    """A configuration field.

    Args:
        default: its value in a configuration made without arguments.
        help: what it is, with the unit or the paper's section.
        choices: the values allowed, if there are few.
        minimum, maximum: inclusive bounds of a number (of each entry, for a tuple).
        above: an exclusive lower bound.
    """
    metadata = {
        "help": help,
        "choices": choices,
        "minimum": minimum,
        "maximum": maximum,
        "above": above,
    }
    return dataclasses.field(default=default, metadata=metadata)


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunConfig:
    """Settings that a run of every lesson has."""

    preset: str = setting("laptop", "name of the preset this started from")
    seed: int = setting(
        0, "seed of data, weights and noise", minimum=0, maximum=2**32 - 1
    )
    epochs: int = setting(1, "passes over the training set", minimum=1)
    batch_size: int = setting(100, "examples per step", minimum=1)
    device: str = setting("auto", "where to compute", choices=("auto", "cpu", "gpu"))
    precision: str = setting(
        "float32",
        "dtype policy of Keras",
        choices=("float32", "mixed_float16", "mixed_bfloat16"),
    )
    strategy: str = setting(
        "none",
        "several devices: copies of the model that share each batch",
        choices=("none", "mirrored"),
    )
    deterministic: bool = setting(
        False, "the same numbers on every run also on a GPU, at some cost"
    )

    def __post_init__(self):
        for field in dataclasses.fields(self):
            value = _as_typed(field, getattr(self, field.name))
            object.__setattr__(self, field.name, value)
            _check(type(self).__name__, field, value)

    def replace(self, **changes):
        """A copy with some fields changed, checked again."""
        names = [field.name for field in dataclasses.fields(self)]
        for name in changes:
            if name not in names:
                raise unknown("field", name, names)
        return dataclasses.replace(self, **changes)

    def override(self, assignments):
        """A copy changed by text such as `["epochs=3", "hidden=64,64"]`."""
        fields = {field.name: field for field in dataclasses.fields(self)}
        changes = {}
        for assignment in assignments:
            name, separator, text = assignment.partition("=")
            if not separator:
                raise UserError(
                    f"cannot read the setting {assignment!r}. "
                    "Allowed: FIELD=VALUE, such as epochs=3."
                )
            if name not in fields:
                raise unknown("field", name, fields)
            changes[name] = _parse(fields[name], text)
        return self.replace(**changes)

    @classmethod
    def choices(cls, name):
        """The values that a field allows, an empty tuple where they are not listed."""
        for field in dataclasses.fields(cls):
            if field.name == name:
                return tuple(field.metadata.get("choices") or ())
        raise unknown("field", name, [field.name for field in dataclasses.fields(cls)])

    def to_dict(self):
        """The fields as plain values, for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def describe(cls):
        """One (name, type, help) row per field, for `lessons show`."""
        return [
            (field.name, _type_name(field.type), _allowed_text(field))
            for field in dataclasses.fields(cls)
        ]


@dataclasses.dataclass(frozen=True, kw_only=True)
class ImageConfig(RunConfig):
    """Settings of a run on a data set of images, as `lessons.toolkit.data` loads it.

    A lesson declares `source` again with the data sets it takes.
    """

    source: str = setting("digits", "data set")
    data_path: str | None = setting(None, "file of a real data set, if not cached")
    num_train: int | None = setting(
        None, "training images to use; none means the data set's own size", minimum=1
    )


def preset(presets, name):
    """The configuration called `name` in a lesson's `PRESETS`."""
    if name not in presets:
        raise unknown("preset", name, presets)
    return presets[name]


def _as_typed(field, value):
    """A value in the form of its field's type, so that equal settings are one setting.

    A whole number of a float field is a float, and a list of a tuple field is a tuple:
    JSON has lists only, and `config.replace(**json)` reads back what `to_dict` gave.
    """
    if isinstance(value, list) and typing.get_origin(field.type) is tuple:
        return tuple(value)
    if field.type is not float or not _is_instance(value, int):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf


def _type_name(annotation):
    if typing.get_origin(annotation) is tuple:
        return str(annotation)
    return getattr(annotation, "__name__", str(annotation)).replace("NoneType", "none")


def _allowed_text(field):
    meta = field.metadata
    parts = [meta.get("help", "")]
    bounds = _bounds_text(meta)
    if bounds:
        parts.append(f"({bounds})")
    return " ".join(parts)


def _bounds_text(meta):
    if meta.get("choices"):
        return "one of " + ", ".join(map(str, meta["choices"]))
    texts = []
    if meta.get("minimum") is not None:
        texts.append(f"at least {meta['minimum']}")
    if meta.get("above") is not None:
        texts.append(f"above {meta['above']}")
    if meta.get("maximum") is not None:
        texts.append(f"at most {meta['maximum']}")
    return " and ".join(texts)


def _check(owner, field, value):
    """Raise `UserError` unless `value` fits the field's type and bounds."""
    meta = field.metadata
    if not _is_instance(value, field.type):
        raise UserError(
            f"{owner}.{field.name} must be {_type_name(field.type)}, got {value!r}."
        )
    entries = value if isinstance(value, tuple) else (value,)
    for entry in entries:
        if entry is None:
            continue
        if isinstance(entry, float) and not math.isfinite(entry):
            raise UserError(f"{owner}.{field.name} must be finite, got {value!r}.")
        fits = (
            (not meta.get("choices") or entry in meta["choices"])
            and (meta.get("minimum") is None or entry >= meta["minimum"])
            and (meta.get("maximum") is None or entry <= meta["maximum"])
            and (meta.get("above") is None or entry > meta["above"])
        )
        if not fits:
            raise UserError(
                f"{owner}.{field.name} must be {_bounds_text(meta)}, got {value!r}."
            )


def _is_instance(value, annotation):
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return any(
            _is_instance(value, option) for option in typing.get_args(annotation)
        )
    if origin is tuple:
        entry = typing.get_args(annotation)[0]
        return isinstance(value, tuple) and all(_is_instance(v, entry) for v in value)
    if annotation is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, annotation)


def _parse(field, text):
    """Turn the text of `FIELD=VALUE` into the field's type."""
    try:
        return _convert(field.type, text)
    except ValueError:
        raise UserError(
            f"field {field.name!r} must be {_type_name(field.type)}, got {text!r}."
        ) from None


def _convert(annotation, text):
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        options = typing.get_args(annotation)
        if text == "none" and types.NoneType in options:
            return None
        return _convert(next(o for o in options if o is not types.NoneType), text)
    if origin is tuple:
        entry = typing.get_args(annotation)[0]
        return tuple(_convert(entry, part) for part in text.split(",") if part)
    if annotation is bool:
        table = {"true": True, "yes": True, "1": True}
        table |= {"false": False, "no": False, "0": False}
        if text.lower() not in table:
            raise ValueError(text)
        return table[text.lower()]
    return annotation(text)
