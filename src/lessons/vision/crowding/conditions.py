"""What networks are judged on: flankers here and there, and photographs."""

import dataclasses

import numpy as np

from lessons.toolkit.data import pictures
from lessons.vision.crowding import stimuli, theory

KINDS = (
    *("bold", "thin", "bold_dimmed", "odd_dimmed", "thin_brightened"),
    *("shuffled", "flat", "black"),
)
GREY = 0.43  # a plain background, about as bright as the photographs
PLAIN = ("grey", "shuffled")  # backgrounds that are no photograph


@dataclasses.dataclass(frozen=True, kw_only=True)
class Condition:
    """One way to show all test targets.

    Attributes:
        group: what varies: "spacing", "eccentricity", "flankers", "places" or
            "clutter".
        name: within the group.
        configuration: one of `stimuli.CONFIGURATIONS` or `stimuli.ENDS`.
        eccentricity: of the targets.
        spacing: between middles of target and flanker.
        flankers: kind of flankers; "different" are odd digits that differ left and
            right.
        target: whether there is a target.
        picture: the background, or "" for black.
        brightness: factor of the background.
    """

    group: str
    name: str
    configuration: str = "a"
    eccentricity: int = 0
    spacing: int = 0
    flankers: str = "odd"
    target: bool = True
    picture: str = ""
    brightness: float = 1.0


def every(config):
    """All conditions of a configuration that fit on its canvas, a tuple."""
    found = [Condition(group="spacing", name="a")]
    for spacing in config.spacings:
        for configuration in ("xa", "ax", "xax"):
            found.append(
                Condition(
                    group="spacing",
                    name=f"{configuration}_{spacing}",
                    configuration=configuration,
                    spacing=spacing,
                )
            )
    for eccentricity in config.eccentricities:
        for configuration, sides in stimuli.CONFIGURATIONS.items():
            spacing = config.spacing if sides else 0
            if eccentricity + spacing * max(sides, default=0) <= config.reach:
                found.append(
                    Condition(
                        group="eccentricity",
                        name=f"{configuration}_{eccentricity}",
                        configuration=configuration,
                        eccentricity=eccentricity,
                        spacing=spacing,
                    )
                )
    return (*found, *_flankers(config), *_places(config), *_clutter(config))


def _flankers(config):
    """Two flankers of other kinds, as close as may be."""
    shown = {"configuration": "xax", "spacing": min(config.spacings)}
    for kind in (*KINDS, "different"):
        yield Condition(group="flankers", name=kind, flankers=kind, **shown)
    yield Condition(group="flankers", name="alone", target=False, **shown)


def _places(config):
    """A target at an end of three objects, and one whose flanker is far away."""
    least = min(config.spacings)
    for configuration, sides in stimuli.ENDS.items():
        if max(map(abs, sides)) * least <= config.reach:
            yield Condition(
                group="places",
                name=configuration,
                configuration=configuration,
                spacing=least,
            )
    spacing = far_spacing(config)
    if spacing // 2 <= config.reach:
        shown = {"group": "places", "eccentricity": -(spacing // 2), "spacing": spacing}
        yield Condition(name="far_a", **shown)
        yield Condition(name="far_ax", configuration="ax", **shown)


def far_spacing(config):
    """Least even spacing at which no unit of a DCNN sees target and flanker.

    It is that of networks pooled at the end.
    """
    size = config.crop + 2 * config.margin
    plan, _ = theory.geometry(
        size, config.num_layers, "end", config.kernel, config.window
    )
    side, _ = theory.receptive_field(plan)
    free = theory.free_spacing(config.size, config.field, config.crop, side)
    return 2 * int(np.ceil(free / 2))


def _clutter(config):
    for kind, brightness, eccentricity in clutters(config):
        for picture in (*pictures.PHOTOGRAPHS, *PLAIN):
            yield Condition(
                group="clutter",
                name=f"{picture}_{kind}_{eccentricity}",
                eccentricity=eccentricity,
                picture=picture,
                brightness=brightness,
            )


def clutters(config):
    """(kind, brightness, eccentricity) of backgrounds: as they are, and dimmed."""
    dimmed = [("dim", config.dimming, place) for place in config.clutter]
    return [("full", 1.0, place) for place in config.clutter[:1]] + dimmed


def background(picture, field):
    """The picture that targets are put on, float32 of shape (field, field)."""
    if picture == "grey":
        return np.full((field, field), GREY, np.float32)
    if picture == "shuffled":
        pixels = pictures.square("camera", field).ravel()
        return np.random.default_rng(0).permutation(pixels).reshape(field, field)
    return pictures.square(picture, field)


def shown(condition, objects, config, rows=slice(None)):
    """The stimuli of a condition, one for each test target.

    Args:
        condition: a `Condition`.
        objects: `data.Objects`.
        config: a `Config`; its seed says which flanker stands beside which target, the
            same ones in every condition.
        rows: a slice of the targets; all by default.

    Returns:
        float32: canvases (targets, field, field), or their middle rows.
    """
    targets = objects.test_targets[rows]
    if condition.picture:
        picture = background(condition.picture, config.field) * condition.brightness
        return stimuli.on_picture(targets, picture, condition.eccentricity)
    different = condition.flankers == "different"
    pool = objects.test_flankers["odd" if different else condition.flankers]
    rng = np.random.default_rng((config.seed, 1))
    which = rng.integers(len(pool), size=len(objects.test_targets))
    flankers = pool[which[rows]]
    if different:
        flankers = flankers, pool[np.roll(which, 1)[rows]]
    return stimuli.draw(
        targets if condition.target else None,
        flankers,
        condition.configuration,
        condition.eccentricity,
        condition.spacing,
        config.field,
    )
