"""The regularisers as losses of Keras, for models of one's own too."""

import keras
import numpy as np
from keras import ops

from lessons.foundations.stimulated_learning import theory
from lessons.toolkit import labels as class_labels
from lessons.toolkit.errors import UserError, unknown


def check_positive(**numbers):
    """Raise `UserError` unless each number is finite and above 0."""
    for name, number in numbers.items():
        if not (np.isfinite(number) and number > 0):
            raise UserError(f"{name} must be a number above 0, got {number!r}.")


@keras.saving.register_keras_serializable("lessons")
class Stimulus(keras.losses.Loss):
    r"""Divergence between the target of a stimulus and an activation surface.

    `loss(stimuli, values)`: stimuli are classes, integers of shape (batch,) or (batch,
    m), below 0 for none; values are $h$ or $\xi h$, at least 0, shape (batch, n).
    Computes in float32; adds no weights.

    Example:
        model = keras.Model(inputs, {"class": logits, "hidden": activations})
        model.compile("adam", loss={"class": ..., "hidden": Stimulus(centres, 12, 12)},
            loss_weights={"class": 1.0, "hidden": 0.5})

    Args:
        centres: places of the classes as (column, row), shape (classes, 2).
        rows, columns: of the grid.
        spread: sigma of the targets, in grid cells.
        direction: one of `theory.DIRECTIONS`.
        **kwargs: for `keras.losses.Loss`.

    Raises:
        UserError: centres of another shape, an impossible grid, spread or direction.
    """

    def __init__(
        self, centres, rows, columns, spread=1.5, direction="forward", **kwargs
    ):
        super().__init__(**kwargs)
        centres = np.asarray(centres, float)
        if centres.ndim != 2 or centres.shape[1] != 2 or not np.isfinite(centres).all():
            raise UserError(
                "centres must be finite numbers of shape (classes, 2), got shape "
                f"{centres.shape}."
            )
        check_positive(spread=spread)
        if direction not in theory.DIRECTIONS:
            raise unknown("direction", direction, theory.DIRECTIONS)
        self.arguments = {
            "centres": centres.tolist(),
            "rows": rows,
            "columns": columns,
            "spread": spread,
            "direction": direction,
        }
        points = theory.grid_points(rows, columns)
        self.log_targets = theory.log_target(points, centres, spread)

    def call(self, y_true, y_pred):
        """Divergences, shape (batch,): 0 without stimulus, NaN for an unknown one."""
        stimuli = ops.cast(y_true, "int32")
        stimuli = ops.reshape(stimuli, (ops.shape(y_pred)[0], -1))
        size = self.log_targets.shape[1]
        if y_pred.shape[-1] != size:
            raise UserError(
                f"the grid has {size} units, but the activations have the shape "
                f"{tuple(y_pred.shape)}."
            )
        table = ops.convert_to_tensor(self.log_targets, "float32")
        targets = theory.mixed_log_target(table, stimuli)
        surfaces = theory.log_surface(ops.cast(y_pred, "float32"))
        found = theory.divergence(targets, surfaces, self.arguments["direction"])
        found = ops.where(ops.any(stimuli >= 0, axis=1), found, 0.0)
        return class_labels.existing(found, stimuli, len(self.log_targets), least=-1)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}


@keras.saving.register_keras_serializable("lessons")
class Adjacency(keras.losses.Loss):
    """Roughness of a layer on its grid, the square root of `theory.adjacency`.

    `loss(anything, activations)`: only the activations count, shape (batch, n).

    Args:
        rows, columns: of the grid.
        wrap: whether opposite edges touch.
        **kwargs: for `keras.losses.Loss`.
    """

    def __init__(self, rows, columns, wrap=False, **kwargs):
        super().__init__(**kwargs)
        self.arguments = {"rows": rows, "columns": columns, "wrap": wrap}
        self.pairs = theory.neighbour_pairs(rows, columns, wrap)

    def call(self, y_true, y_pred):
        """Roughness of each example, shape (batch,)."""
        size = self.arguments["rows"] * self.arguments["columns"]
        if y_pred.shape[-1] != size:
            raise UserError(
                f"the grid has {size} units, but the activations have the shape "
                f"{tuple(y_pred.shape)}."
            )
        return theory.roughness(ops.cast(y_pred, "float32"), self.pairs)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
