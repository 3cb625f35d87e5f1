"""Multiplications of an example until each exit.

Dense layers are counted, additions and activations are not.
"""

import typing

import numpy as np


class Sizes(typing.NamedTuple):
    """What decides the cost; see `model.VariableDepth` for the names."""

    num_features: int
    num_classes: int
    units: int
    num_layers: int
    slice_units: int

    @classmethod
    def of(cls, model):
        """The sizes of a built model."""
        return cls(*(model.arguments[name] for name in cls._fields))

    @property
    def hidden(self):
        """Multiplications of each layer, shape (L,)."""
        rest = [self.units**2] * (self.num_layers - 1)
        return np.array([self.num_features * self.units, *rest])

    @property
    def seen(self):
        """How many units classifier and gate of each layer see, shape (L,)."""
        part = self.slice_units or self.units
        return np.array([part] * (self.num_layers - 1) + [self.units])

    @property
    def heads(self):
        """Multiplications of each classifier, shape (L,)."""
        return self.seen * self.num_classes

    @property
    def gates(self):
        """Multiplications of each gate, shape (L,); the last layer has none."""
        return np.append(self.seen[:-1], 0)

    @property
    def plain(self):
        """Multiplications of the network with the last classifier only."""
        return int(self.hidden.sum() + self.heads[-1])

    @property
    def num_parameters(self):
        """Trained numbers of the network with all classifiers and gates."""
        biases = self.num_layers * (self.units + self.num_classes + 1) - 1
        return int((self.hidden + self.heads + self.gates).sum() + biases)


def until_exits(sizes, rule="gates"):
    """Multiplications until each exit, shape (L,).

    Args:
        sizes: `Sizes`.
        rule: "gates": a gate at every layer so far and one classifier, that of the
            exit; "confidence": no gates, but a classifier at every layer so far;
            "mixture": both; "fixed": the exit's classifier alone.
    """
    costs = np.cumsum(sizes.hidden)
    if rule in ("gates", "mixture"):
        costs = costs + np.cumsum(sizes.gates)
    if rule in ("confidence", "mixture"):
        return costs + np.cumsum(sizes.heads)
    return costs + sizes.heads
