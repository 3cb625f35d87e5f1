"""A stack of layers, each with a classifier of its own, and gates that choose."""

import math

import keras
from keras import layers, ops

from lessons.memory.variable_depth import theory
from lessons.memory.variable_depth.variants import GATINGS, STARTS
from lessons.toolkit import labels as class_labels
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.labels import Labelled

FIRST = ("he", "code")


@keras.saving.register_keras_serializable("lessons")
class VariableDepth(Labelled, keras.Model):
    r"""Dense layers $h_1, ..., h_L$; part $q_l$ of each feeds a classifier and a gate.

    The loss of an example, in nats:

    * "cascade": $-\log \sum_l g_l p_l(y) - \alpha \sum_l \log g_l + \lambda D$;
    * "act": $-\log \mathrm{softmax}(\sum_l w_l z_l)_y + \tau (N + R)$ with the weights
      of `theory.act_weights` and the classifiers' logits $z_l$;
    * "even" and "last": nothing of the above;
    * and with `supervision` the mean of $-\log p_l(y)$ over the classifiers.

    Args:
        num_features, num_classes: sizes of input and output.
        units: width of every layer.
        num_layers: L.
        slice_units: how many of the last units of a layer feed classifier and gate; 0
            for all. The last layer always gives all.
        activation: of the layers.
        gating: one of `variants.GATINGS`.
        alpha, cost, supervision, ponder: weights of the terms, at least 0.
        start: first weights of the gates, one of `variants.STARTS`.
        first: "he", normal first weights; or "code", uniform ones for sigmoids, and
            classifiers that start from zero.
        decay: factor of half the sum of all squared trained numbers.
        seed: of the first weights.
        **kwargs: for `keras.Model`.

    Raises:
        UserError: a size, weight or name that cannot be.
    """

    def __init__(
        self,
        num_features,
        num_classes,
        *,
        units=48,
        num_layers=5,
        slice_units=0,
        activation="relu",
        gating="cascade",
        alpha=0.0,
        cost=0.0,
        supervision=0.0,
        ponder=0.0,
        start="zero",
        first="he",
        decay=0.0,
        seed=0,
        **kwargs,
    ):
        super().__init__(**kwargs)
        for name, value, allowed in (
            ("gating", gating, GATINGS),
            ("start", start, STARTS),
            ("first", first, FIRST),
        ):
            if value not in allowed:
                raise unknown(name, value, allowed)
        sizes = (num_features, num_classes, units, num_layers)
        if min(sizes) < 1 or not 0 <= slice_units <= units:
            raise UserError(
                "num_features, num_classes, units and num_layers must be at least 1 "
                f"and slice_units from 0 to units, got {sizes} and {slice_units}."
            )
        weights = (alpha, cost, supervision, ponder, decay)
        if not all(0 <= weight < math.inf for weight in weights):
            raise UserError(
                "alpha, cost, supervision, ponder and decay must be at least 0, got "
                f"{weights}."
            )
        self.arguments = {
            "num_features": num_features,
            "num_classes": num_classes,
            "units": units,
            "num_layers": num_layers,
            "slice_units": slice_units,
            "activation": activation,
            "gating": gating,
            "alpha": alpha,
            "cost": cost,
            "supervision": supervision,
            "ponder": ponder,
            "start": start,
            "first": first,
            "decay": decay,
            "seed": seed,
        }
        self.num_layers, self.gated = num_layers, gating in ("cascade", "act")
        places = range(num_layers)
        self.hidden = [self._hidden(place) for place in places]
        answering = places if gating != "last" else places[-1:]
        self.heads = [self._head(place) for place in answering]
        self.gates = [self._gate(place) for place in places[:-1]] if self.gated else []
        self.build((None, num_features))

    def _seed(self, place, kind):
        return (3000 * self.arguments["seed"] + 3 * place + kind) % 2**31

    def _hidden(self, place):
        given, seed = self.arguments, self._seed(place, 0)
        start = keras.initializers.HeNormal(seed)
        if given["first"] == "code":  # bounds 4 sqrt(6 / (inputs + outputs))
            start = keras.initializers.VarianceScaling(16, "fan_avg", "uniform", seed)
        return layers.Dense(
            given["units"],
            given["activation"],
            kernel_initializer=start,
            name=f"hidden_{place + 1}",
        )

    def _head(self, place):
        start = keras.initializers.LecunNormal(self._seed(place, 1))
        return layers.Dense(
            self.arguments["num_classes"],
            kernel_initializer="zeros" if self.arguments["first"] == "code" else start,
            name=f"classifier_{place + 1}",
        )

    def _gate(self, place):
        given, start = self.arguments, self.arguments["start"]
        kernel, bias = "zeros", 0.0
        if start == "random":
            kernel = keras.initializers.HeNormal(self._seed(place, 2))
        if start == "uniform":  # h = 1 / L where halting units simply add up
            rest = self.num_layers - 1
            bias = -math.log(rest if given["gating"] == "act" else rest - place)
        return layers.Dense(
            1,
            kernel_initializer=kernel,
            bias_initializer=keras.initializers.Constant(bias),
            dtype="float32",
            name=f"gate_{place + 1}",
        )

    def build(self, input_shape):
        """The weights of all layers, classifiers and gates."""
        given = self.arguments
        for layer in self.hidden:
            layer.build(input_shape)
            input_shape = (None, given["units"])
        part = (None, given["slice_units"] or given["units"])
        for layer in (*self.heads[:-1], *self.gates):
            layer.build(part)
        self.heads[-1].build(input_shape)

    def seen(self, values, place):
        """What classifier and gate of a layer see, $q_l$, shape (batch, units)."""
        part = self.arguments["slice_units"]
        return values if place == self.num_layers - 1 or not part else values[:, -part:]

    def call(self, features):
        """Run all layers.

        Args:
            features: shape (batch, features).

        Returns:
            Dictionary, float32: "logits" of the classifiers, shape (batch, L, classes),
            or (batch, 1, classes) with gating="last"; "log_gates", the logarithms of
            their weights, shape (batch, L) or (batch, 1); with gates "gate_logits",
            shape (batch, L - 1).
        """
        values, logits, gates = features, [], []
        for place, layer in enumerate(self.hidden):
            values = layer(values)
            part = self.seen(values, place)
            if self.arguments["gating"] != "last":
                logits.append(self.heads[place](part))
            if place < len(self.gates):
                gates.append(self.gates[place](part))
        logits = logits or [self.heads[-1](values)]
        logits = ops.cast(ops.stack(logits, axis=1), "float32")
        outputs = {"logits": logits}
        if self.gated:
            nothing = ops.zeros_like(logits[:, 0, :0])
            outputs["gate_logits"] = ops.concatenate([nothing, *gates], axis=1)
        outputs["log_gates"] = self.log_gates(outputs)
        return outputs

    def log_gates(self, outputs):
        """Logarithms of the weights of the classifiers, shape (batch, classifiers)."""
        if self.arguments["gating"] == "cascade":
            return theory.cascade(outputs["gate_logits"])
        if self.arguments["gating"] == "act":
            weights = self.pondered(outputs)[0]
            return ops.log(ops.maximum(weights, 1e-30))
        logits = outputs["logits"]
        return ops.zeros_like(logits[..., 0]) - math.log(logits.shape[1])

    def pondered(self, outputs):
        """What `theory.act_weights` gives; the last layer always halts."""
        halting = ops.sigmoid(outputs["gate_logits"])
        last = ops.ones_like(outputs["logits"][:, 0, :1])
        return theory.act_weights(ops.concatenate([halting, last], axis=1))

    def log_mixture(self, outputs):
        """Log-probabilities of the classes, shape (batch, classes).

        Args:
            outputs: of `call`.
        """
        if self.arguments["gating"] == "act":
            weights = self.pondered(outputs)[0]
            return ops.log_softmax(
                ops.sum(weights[..., None] * outputs["logits"], axis=1)
            )
        log_probs = ops.log_softmax(outputs["logits"])
        return ops.logsumexp(outputs["log_gates"][..., None] + log_probs, axis=1)

    def check_labels(self, y):
        """Raise `UserError` unless labels are classes."""
        class_labels.check(y, self.arguments["num_classes"])

    def losses_of(self, outputs, labels):
        """Losses of the examples without decay, nats, shape (batch,).

        Args:
            outputs: of `call`.
            labels: integers, shape (batch,).
        """
        given = self.arguments
        truth = ops.one_hot(labels, given["num_classes"], dtype="float32")
        losses = 0.0
        if given["supervision"] or given["gating"] in ("cascade", "even", "last"):
            log_probs = ops.log_softmax(outputs["logits"])
            log_right = ops.sum(log_probs * truth[:, None], axis=-1)
            losses = -given["supervision"] * ops.mean(log_right, axis=1)
        if given["gating"] == "cascade":
            log_gates = outputs["log_gates"]
            losses += theory.mixture_nll(log_gates, log_right)
            if given["alpha"]:
                losses += given["alpha"] * theory.prior_penalty(log_gates)
            if given["cost"]:
                losses += given["cost"] * theory.expected_depth(log_gates)
        if given["gating"] == "act":
            losses -= ops.sum(self.log_mixture(outputs) * truth, axis=-1)
            _, steps, remainder = self.pondered(outputs)
            losses += given["ponder"] * (steps + remainder)
        return losses

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """Mean over examples of their losses, and the decay."""
        labels = ops.reshape(ops.cast(y, "int32"), (-1,))
        losses = self.losses_of(y_pred, labels)
        losses = class_labels.existing(losses, labels, self.arguments["num_classes"])
        if self.arguments["decay"]:
            squares = sum(ops.sum(ops.square(w)) for w in self.trainable_weights)
            losses += 0.5 * self.arguments["decay"] * squares
        return runtime.batch_loss(losses, sample_weight)

    def compute_metrics(self, x, y, y_pred, sample_weight=None):
        """What was given to `compile`, for log-probabilities of the mixture."""
        return super().compute_metrics(x, y, self.log_mixture(y_pred), sample_weight)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
