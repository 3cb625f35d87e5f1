r"""The grid of layers and scales as data: cells, channels and what each of them costs.

Scales are counted from 1, the finest, to S; layers from 0. Nothing here needs Keras:
`networks` builds what a plan says, and tests count the built layers again.
"""

import dataclasses
import functools
import itertools
import math

from lessons.efficiency.msdnet.units import Cell, Unit
from lessons.toolkit.errors import UserError

REDUCTIONS = ("none", "max", "min")
STEMS = ("conv", "imagenet")
POOLS = ("average", "global")
_TUPLES = ("image_shape", "exits", "growth_factors", "bottleneck_factors", "halve_at")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    r"""A network with exits.

    Cells of layers from 1 give $g_s$ = `growth` x `growth_factors[s]` new channels: at
    the finest scale by one path, else by two of $g_s / 2$, one of them strided.

    Attributes:
        image_shape: (side, side, channels).
        num_classes: classes.
        exits: layers after which a classifier reads the coarsest scale, rising.
        num_scales: S.
        channels: of layer 0 at scale 1, before the factor.
        growth: new channels of a layer, before the factor.
        growth_factors, bottleneck_factors: one number for each scale.
        reduction: which scales a layer keeps: all ("none"), fewer from one third of the
            layers to the next, with transitions ("max"), or only what a later
            classifier can need ("min").
        compression: part of the channels that a transition keeps.
        dense: whether maps are concatenated; else they are added.
        halve_at: layers after which a strided unit halves the maps; with one scale.
        stem: "conv", a 3x3 convolution, or "imagenet", 7x7 / 2 and a 3x3 / 2 pool.
        head: channels of a classifier's convolutions; 0 keeps those that it reads.
        pool: "average", two strided convolutions and a 2x2 pool, or "global", which is
            one and a global pool for maps of at most 4x4, else "average", with half the
            channels where its pool leaves several places.
    """

    image_shape: tuple[int, int, int]
    num_classes: int
    exits: tuple[int, ...]
    num_scales: int = 3
    channels: int = 16
    growth: int = 6
    growth_factors: tuple[int, ...] = (1, 2, 4)
    bottleneck_factors: tuple[int, ...] = (1, 2, 4)
    reduction: str = "none"
    compression: float = 0.5
    dense: bool = True
    halve_at: tuple[int, ...] = ()
    stem: str = "conv"
    head: int = 128
    pool: str = "average"

    def __post_init__(self):
        for name in _TUPLES:
            object.__setattr__(self, name, tuple(getattr(self, name)))
        self._check()

    def _check(self):
        scales, exits = self.num_scales, self.exits
        for name in ("num_scales", "channels", "growth"):
            if (given := getattr(self, name)) < 1:
                raise UserError(f"{name} must be at least 1, got {given}.")
        for name in ("growth_factors", "bottleneck_factors"):
            given = getattr(self, name)
            if len(given) < scales or min(given) < 1:
                raise UserError(
                    f"{name} must be a whole number of at least 1 for each of "
                    f"{scales} scales, got {given}."
                )
        if (
            not exits
            or exits[0] < 1
            or any(a >= b for a, b in itertools.pairwise(exits))
        ):
            raise UserError(f"exits must be rising layers from 1, got {exits}.")
        odd = [self.growth * f for f in self.growth_factors[1:scales] if self.dense]
        if any(width % 2 for width in odd):
            raise UserError(
                f"growth must give an even number of channels at scales from 2, got "
                f"growth={self.growth} with growth_factors={self.growth_factors}."
            )
        if not self.dense and scales > 1 and self.channels % 2:
            raise UserError(
                f"channels must be even where maps are added, got {self.channels}."
            )
        if not self.dense and self.reduction != "none":
            raise UserError("reduction must be none where maps are added.")
        if self.halve_at and (scales > 1 or max(self.halve_at) >= exits[-1]):
            raise UserError(
                f"halve_at must name layers before the last exit of a network with one "
                f"scale, got {self.halve_at} with num_scales={scales}."
            )
        height, width = self.image_shape[:2]
        depth = scales - 1 + (2 if self.stem == "imagenet" else 0)
        depth += len(self.halve_at)
        least = 2**depth * (5 if self.pool == "average" else 1)
        if height != width or height % 2**depth or height < least:
            raise UserError(
                f"image_shape must be square with a side of at least {least} that "
                f"{2**depth} divides for these scales and heads, got {height}x{width}."
            )

    @property
    def num_layers(self):
        """L, the layer of the last exit."""
        return self.exits[-1]

    @property
    def interval(self):
        r"""$m = \lceil L / S \rceil$ of the reduction "max"."""
        return math.ceil(self.num_layers / self.num_scales)

    def kept(self, layer):
        """Scales that a layer computes, finest first."""
        scales, last = self.num_scales, self.num_layers
        out = scales
        if self.reduction == "max" and layer:
            out = scales - (layer - 1) // self.interval
        if self.reduction == "min" and layer:
            out = min(scales, last - layer + 1)
        return range(scales - out + 1, scales + 1)

    @functools.cached_property
    def first(self):
        """Units of layer 0 by scale, and the side of the images at scale 1."""
        side = self.image_shape[0]
        size, stride = (7, 2) if self.stem == "imagenet" else (3, 1)
        side //= stride
        widths = self.image_shape[2], self.width(1, self.channels)
        units = [Unit(size, stride, *widths, side)]
        if self.stem == "imagenet":
            side //= 2
        for scale in range(2, self.num_scales + 1):
            widths = (self.width(s, self.channels) for s in (scale - 1, scale))
            units.append(Unit(3, 2, *widths, side >> (scale - 1)))
        return dict(enumerate(units, 1)), side

    def width(self, scale, base):
        """Channels at a scale: a base number times the factor of growth."""
        return base * self.growth_factors[scale - 1]

    @functools.cached_property
    def cells(self):
        """All cells by (layer, scale), layers from 1, in an order of computation."""
        found, side = {}, self.first[1]
        base = self.channels
        for layer in range(1, self.num_layers + 1):
            drops = len(self.kept(layer)) < len(self.kept(layer - 1))
            after = base + (self.growth if self.dense else 0)
            narrow = after
            if self.reduction == "max" and drops:
                narrow = math.floor(self.compression * after)
            for scale in self.kept(layer):
                here = side >> (scale - 1)
                carried = self.width(scale, base)
                total = self.width(scale, after)
                unit = None
                if narrow != after:
                    unit = Unit(1, 1, total, self.width(scale, narrow), here)
                paths = self._paths(layer, scale, base, here)
                channels = unit.outputs if unit else total
                found[layer, scale] = Cell(paths, carried, unit, channels, here)
            base = narrow
            if layer in self.halve_at:
                side //= 2
                base *= 1 if self.dense else 2
        return found

    def _paths(self, layer, scale, base, side):
        """The paths of a cell; the finest kept scale has two where one was dropped."""
        new = self.width(scale, self.growth if self.dense else base)
        reads = [scale]
        if scale > self.kept(layer - 1)[0]:
            reads = [scale - 1, scale]
            new //= 2
        paths = []
        for source in reads:
            inputs = self.width(source, base)
            inner = min(inputs, self.bottleneck_factors[source - 1] * new)
            stride = 2 if source < scale else 1
            first = Unit(1, 1, inputs, inner, side * stride)
            paths.append((source, (first, Unit(3, stride, inner, new, side))))
        return tuple(paths)

    @functools.cached_property
    def halvings(self):
        """The strided units of `halve_at`, by the layer before them."""
        found = {}
        for layer in self.halve_at:
            cell = self.cells[layer, 1]
            outputs = cell.channels * (1 if self.dense else 2)
            found[layer] = Unit(3, 2, cell.channels, outputs, cell.side // 2)
        return found

    def keeps_places(self, layer):
        """Whether the classifier after a layer has two convolutions and a 2x2 pool."""
        side = self.cells[layer, self.num_scales].side
        return self.pool == "average" or side > 4

    def head_units(self, layer):
        """The convolutions of the classifier after a layer."""
        cell = self.cells[layer, self.num_scales]
        width, side = self.head or cell.channels, math.ceil(cell.side / 2)
        keeps = self.keeps_places(layer)
        if self.pool == "global" and side > 6:
            width = max(1, width // 2)
        units = [Unit(3, 2, cell.channels, width, side)]
        if keeps:
            units.append(Unit(3, 2, width, width, math.ceil(side / 2)))
        return units

    def head_total(self, layer, what):
        """Products, operations or parameters of the classifier after a layer."""
        units = self.head_units(layer)
        total = sum(getattr(unit, what) for unit in units)
        last = units[-1]
        average = self.keeps_places(layer)
        read = (last.side // 2) ** 2 if average else 1  # places that the pool leaves
        dense = read * last.outputs * self.num_classes
        if what == "products":
            return total + dense
        total += dense + self.num_classes
        if what == "operations":  # every number that the pool reads
            total += (4 * read if average else last.side**2) * last.outputs
        return total

    def needed(self, layer):
        """Cells that the exit at a layer needs, found by going back from it.

        Returns:
            Set of (layer, scale), layer 0 included.
        """
        todo, found = [(layer, self.num_scales)], set()
        while todo:
            place = todo.pop()
            if place in found:
                continue
            found.add(place)
            at, scale = place
            if at == 0:
                todo += [(0, scale - 1)] if scale > 1 else []
                continue
            todo += [(at - 1, source) for source, _ in self.cells[place].paths]
        return found

    def costs(self, what="operations", lazy=True):
        """What an image costs until each exit, earlier classifiers included.

        Args:
            what: "products" (multiplications of convolutions and dense layers) or
                "operations" (with ReLU, biases and pools, as the released code counts).
            lazy: whether only cells that an exit so far needs are computed, or all.

        Returns:
            List of whole numbers, one for each exit.
        """
        costs = []
        for layer in self.exits:
            if lazy:
                places = self.needed(layer)
            else:
                places = {p for p in self.cells if p[0] <= layer}
                places |= {(0, s) for s in self.first[0]}
            total = sum(self.cost_of(place, what) for place in places)
            total += sum(self.head_total(at, what) for at in self.exits if at <= layer)
            halves = [u for at, u in self.halvings.items() if at < layer]
            total += sum(getattr(unit, what) for unit in halves)
            costs.append(total)
        return costs

    def cost_of(self, place, what="operations"):
        """Products, operations or parameters of the cell at (layer, scale)."""
        layer, scale = place
        if layer:
            return self.cells[place].total(what)
        unit = self.first[0][scale]
        cost = getattr(unit, what)
        if what == "operations" and scale == 1 and self.stem == "imagenet":
            cost += (unit.side // 2) ** 2 * unit.outputs * 9
        return cost

    @property
    def num_parameters(self):
        """Trained numbers of the whole network."""
        total = sum(self.cost_of((0, s), "parameters") for s in self.first[0])
        total += sum(cell.total("parameters") for cell in self.cells.values())
        total += sum(unit.parameters for unit in self.halvings.values())
        return total + sum(self.head_total(at, "parameters") for at in self.exits)
