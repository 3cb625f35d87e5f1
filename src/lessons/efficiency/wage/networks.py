"""Architectures as the paper writes them, such as "32C5-MP2-64C5-MP2-512FC".

`32C5` is a convolution with 32 channels and kernels of 5x5, "same" padding (`96C11/4`
moves by 4); `MP2` takes the maximum of 2x2 (`MP3/2` of 3x3 in steps of 2); `512FC` is a
dense layer. A last dense layer with a unit for each class follows.
"""

import dataclasses
import math
import re

from lessons.toolkit.errors import UserError

# Published architectures (section 4); AlexNet is the one with a single tower.
PUBLISHED = {
    "lenet": "32C5-MP2-64C5-MP2-512FC",
    "vgg7": "128C3-128C3-MP2-256C3-256C3-MP2-512C3-512C3-MP2-1024FC",
    "alexnet": "96C11/4-MP3/2-256C5-MP3/2-384C3-384C3-256C3-MP3/2-4096FC-4096FC",
}
_FORMS = {
    "conv": re.compile(r"(?P<units>\d+)C(?P<size>\d+)(/(?P<stride>\d+))?"),
    "pool": re.compile(r"MP(?P<size>\d+)(/(?P<stride>\d+))?"),
    "dense": re.compile(r"(?P<units>\d+)FC"),
}


@dataclasses.dataclass(frozen=True)
class Part:
    """One layer: of `kind` "conv", "pool" or "dense"; sizes that it lacks are 0."""

    kind: str
    units: int = 0
    size: int = 0
    stride: int = 1


@dataclasses.dataclass(frozen=True)
class Cost:
    """What a layer with weights holds and computes for one image.

    Attributes:
        fan_in: inputs of a unit.
        weights: how many there are; no layer has a bias.
        products: multiplications of an image going forward.
    """

    fan_in: int
    weights: int
    products: int


def parse(text):
    """The layers of an architecture before the last one, as `Part`s.

    Raises:
        UserError: a part of the text is none of the three forms.
    """
    return [_part(word) for word in text.split("-")]


def _part(word):
    for kind, form in _FORMS.items():
        if found := form.fullmatch(word):
            sizes = {k: int(v) for k, v in found.groupdict().items() if v}
            if min(sizes.values()) < 1:
                break
            if kind == "pool":
                sizes.setdefault("stride", sizes["size"])
            return Part(kind, **sizes)
    raise UserError(
        f"cannot read the layer {word!r}. Allowed: 32C5, 96C11/4, MP2, MP3/2 and "
        "512FC, joined by '-', with sizes of at least 1."
    )


def costs(text, image_shape, num_classes):
    """What each layer with weights holds and computes, the last one included.

    Args:
        text: an architecture.
        image_shape: (height, width, channels).
        num_classes: units of the last layer.

    Returns:
        List of `Cost`s.
    """
    height, width, channels = image_shape
    found = []
    for part in [*parse(text), Part("dense", num_classes)]:
        if part.kind == "pool":
            height = (height - part.size) // part.stride + 1
            width = (width - part.size) // part.stride + 1
            if min(height, width) < 1:
                raise UserError(f"images of {image_shape} are too small for {text!r}.")
            continue
        if part.kind == "dense":
            fan_in, places = height * width * channels, 1
            height = width = 1
        else:
            fan_in = part.size**2 * channels
            height, width = (math.ceil(n / part.stride) for n in (height, width))
            places = height * width
        channels = part.units
        weights = fan_in * part.units
        found.append(Cost(fan_in, weights, weights * places))
    return found
