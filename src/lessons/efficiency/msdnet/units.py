"""The parts of a plan: what is computed at one layer and scale, and its costs."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Unit:
    """A convolution without bias, batch normalisation and ReLU.

    Attributes:
        size: side of the kernel.
        stride: 1 or 2.
        inputs, outputs: channels.
        side: height and width of the output.
    """

    size: int
    stride: int
    inputs: int
    outputs: int
    side: int

    @property
    def products(self):
        """Multiplications for an image, $H W k^2 c_{in} c_{out}$."""
        return self.side**2 * self.size**2 * self.inputs * self.outputs

    @property
    def operations(self):
        """Multiplications, and one operation for each input of the ReLU."""
        return self.products + self.side**2 * self.outputs

    @property
    def parameters(self):
        """Trained numbers: the kernel, scale and shift of batch normalisation."""
        return self.size**2 * self.inputs * self.outputs + 2 * self.outputs


@dataclasses.dataclass(frozen=True)
class Cell:
    """What computes the maps of one layer at one scale.

    Attributes:
        paths: pairs (scale that is read, two or one units in a row); their outputs are
            concatenated with the maps of the layer before (or added to them).
        carried: channels of the layer before at this scale that are kept.
        transition: a unit after it, or None.
        channels: of the result.
        side: height and width of the result.
    """

    paths: tuple[tuple[int, tuple[Unit, ...]], ...]
    carried: int
    transition: Unit | None
    channels: int
    side: int

    @property
    def units(self):
        """All units, the transition last."""
        units = [unit for _, row in self.paths for unit in row]
        return units + ([self.transition] if self.transition else [])

    def total(self, what):
        """The sum of an attribute of the units: products, operations, parameters."""
        return sum(getattr(unit, what) for unit in self.units)
