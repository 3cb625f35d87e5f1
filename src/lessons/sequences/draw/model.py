"""DRAW and HDRAM as Keras models: the loop over glimpses, its loss, its samplers."""

import functools

import keras
import tensorflow as tf
from keras import ops

from lessons.sequences.draw import shifts, theory
from lessons.sequences.draw.cell import DRAWCell
from lessons.sequences.draw.parts import Drawn, check_classes
from lessons.sequences.draw.variants import LABELS, TARGETS
from lessons.toolkit import labels as known_labels
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.recurrent import scan

FIRST_LOGIT = -2.0  # of the canvas, where it is learned: dark before anything is drawn


@keras.saving.register_keras_serializable("lessons")
class DRAW(known_labels.Labelled, keras.Model):
    r"""Looks at an image T times, and each time adds a patch to a canvas.

    The loss of an example is $L^x + L^z$ (eqs. 9, 10 and 12), and with classes
    $\alpha L^y$ more.

    Args:
        cell: a `DRAWCell`.
        steps: T.
        labels: what the decoder is told in training, one of `variants.LABELS`.
        target: where the cross-entropy is taken, one of `variants.TARGETS`; for
            "shuffled", the labels are shuffled before they come here.
        class_weight: $\alpha$.
        generative_weight: factor of $L^x + L^z$.
        shift: greatest shift of training images in pixels, drawn anew in each step;
            what leaves at one side comes in at the other.
        learned_canvas: whether c_0 is trained, else it is 0.
        seed: of the codes and shifts.

    Input: images of shape (batch, height, width, channels), in [0, 1] unless the cell
    is `real`. Output: a dictionary with `canvas`, the last canvas with the shape of the
    images (followed by the log deviations of real pixels as more channels), `kl` of
    shape (batch, T) in nats and, with classes, `logits` of shape (batch, T, classes).
    Codes are sampled, at rest as in training.
    """

    def __init__(
        self,
        cell,
        steps,
        *,
        labels="said",
        target="last",
        class_weight=1.0,
        generative_weight=1.0,
        shift=0,
        learned_canvas=False,
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if not isinstance(cell, DRAWCell):
            raise UserError(f"cell must be a DRAWCell, got {type(cell).__name__}.")
        if labels not in LABELS:
            raise unknown("labels", labels, LABELS)
        if target not in TARGETS:
            raise unknown("target", target, TARGETS)
        if steps < 1 or shift < 0:
            raise UserError(
                "DRAW needs steps of at least 1 and a shift of at least 0, got "
                f"steps={steps}, shift={shift}."
            )
        self.cell = cell
        self.arguments = {
            "steps": steps,
            "labels": labels,
            "target": target,
            "class_weight": class_weight,
            "generative_weight": generative_weight,
            "shift": shift,
            "learned_canvas": learned_canvas,
            "seed": seed,
        }
        self.draws = keras.random.SeedGenerator(seed)
        names = ["pixels", "kl"]
        names += ["class_loss", "accuracy"] if cell.classes else []
        self.parts = [keras.metrics.Mean(name=name) for name in names]
        self.build()  # the cell knows the images' shape: nothing to wait for

    def build(self, input_shape=None):
        """Make the cell's weights and, if it is learned, the first canvas; once."""
        if self.built:
            return
        if not self.cell.built:
            self.cell.build()
        cell = self.cell
        if self.arguments["learned_canvas"]:
            self.first_canvas = self.add_weight(
                name="first_canvas",
                shape=(cell.height, cell.canvas_parts * cell.channels, cell.width),
                initializer=keras.initializers.Constant(FIRST_LOGIT),
            )
        self.built = True

    def call(self, images, told=None, training=False):
        """Look and draw.

        Args:
            images: see the class.
            told: distribution of classes that the decoder is told at every step, shape
                (batch, classes), such as a one-hot label; for a row of zeros, and where
                it is None, the distribution that was said so far.
            training: makes no difference.
        """
        (kl, logits), state = self._roll(images, told, lambda s: (s.kl, s.logits))
        outputs = {
            "canvas": theory.images(state.canvas),
            "kl": ops.swapaxes(kl, 0, 1),
        }
        if self.cell.classes:
            outputs["logits"] = ops.swapaxes(logits, 0, 1)
        return outputs

    def _roll(self, images, told, keep):
        """(what `keep` takes of every step, the last state), time first."""
        values = theory.planes(self._checked(images))
        batch = ops.shape(values)[0]
        shape = (self.arguments["steps"], batch, self.cell.latent_dim)
        noise = keras.random.normal(shape, dtype=self.compute_dtype, seed=self.draws)

        def step(drawn, state):
            outputs, state = self.cell.step(values, drawn, told, state)
            return keep(outputs), state

        return scan(step, noise, self.first_state(batch))

    def first_state(self, batch):
        """The cell's state before the first step."""
        canvas = self.first_canvas if self.arguments["learned_canvas"] else 0.0
        return self.cell.first_state(batch, canvas)

    def _checked(self, images):
        wanted = self.cell.arguments["image_shape"]
        if tuple(images.shape[1:]) != wanted:
            raise UserError(
                f"images have shape {tuple(images.shape)}. Allowed: (batch, "
                f"{', '.join(map(str, wanted))})."
            )
        return ops.cast(images, self.compute_dtype)

    def check_labels(self, y):
        """Raise `UserError` where labels are no classes, or needed and not there."""
        if self.cell.classes:
            check_classes(y, self.cell.classes)

    def compute_loss(
        self, x=None, y=None, y_pred=None, sample_weight=None, training=True
    ):
        """The hybrid loss, mean over the batch; its parts go into the metrics."""
        canvas = ops.cast(y_pred["canvas"], "float32")
        x = ops.cast(x, "float32")
        if self.cell.real:
            mean, log_std = ops.split(canvas, 2, axis=-1)
            log_std = ops.clip(log_std, *theory.LOG_STD_RANGE)
            pixels = theory.gaussian_loss(x, mean, log_std)
        else:
            pixels = theory.bernoulli_loss(x, canvas)
        kl = ops.sum(y_pred["kl"], axis=1)
        generative = self.arguments["generative_weight"]
        found, losses = [pixels, kl], generative * (pixels + kl)
        if self.cell.classes:
            if y is None:
                raise UserError(
                    "a network with classes is trained on labels, got none. Allowed: "
                    "y of shape (batch,), or a cell with classes=0."
                )
            logits = ops.cast(y_pred["logits"], "float32")
            label_loss, right = self._judged(y, logits)
            weight = self.arguments["class_weight"]
            losses = theory.hybrid_loss(
                generative * pixels, generative * kl, label_loss, weight
            )
            found += [label_loss, right]
        for metric, values in zip(self.parts, found, strict=True):
            metric.update_state(values)
        return runtime.batch_loss(losses, sample_weight)

    def _judged(self, y, logits):
        """(cross-entropy, whether the last step is right), each of shape (batch,)."""
        y = ops.reshape(ops.cast(y, "int32"), (-1,))
        last = logits[:, -1]
        if self.arguments["target"] == "every":
            steps, classes = logits.shape[1:]
            many = theory.class_loss(
                ops.repeat(y, steps), ops.reshape(logits, (-1, classes))
            )
            losses = ops.mean(ops.reshape(many, (-1, steps)), axis=1)
        else:
            losses = theory.class_loss(y, last)
        losses = known_labels.existing(losses, y, self.cell.classes)
        right = ops.equal(ops.argmax(last, axis=1), ops.cast(y, "int64"))
        return losses, ops.cast(right, "float32")

    def train_step(self, data):
        """One update on shifted images; the decoder is told what `labels` says."""
        x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(data)
        x = shifts.moved(x, self.arguments["shift"], self.draws)
        weights = self.trainable_weights
        with tf.GradientTape() as tape:
            outputs = self(x, told=self.told(y), training=True)
            loss = self.compute_loss(x, y, outputs, sample_weight)
            scaled = self.optimizer.scale_loss(loss)
        gradients = tape.gradient(scaled, [weight.value for weight in weights])
        self.optimizer.apply(gradients, weights)
        replicas = tf.distribute.get_strategy().num_replicas_in_sync
        self._loss_tracker.update_state(loss * replicas)
        return {metric.name: metric.result() for metric in self.metrics}

    def told(self, y):
        """What the decoder is told in training, see `shifts.told`."""
        mode = self.arguments["labels"]
        rows = shifts.told(y, self.cell.classes, mode, self.draws)
        return None if rows is None else ops.cast(rows, self.compute_dtype)

    @functools.cached_property
    def _tracer(self):
        def traced(images, told):
            found, _ = self._roll(images, told, lambda outputs: outputs)
            return tf.nest.map_structure(
                lambda a: ops.swapaxes(ops.cast(a, "float32"), 0, 1), found
            )

        return tf.function(traced, autograph=False)

    def trace(self, images, told=None):
        """Everything that happens: a `Step` of arrays of shape (batch, T, ...).

        Args:
            images: shape (batch, height, width, channels).
            told: see `call`.
        """
        images = ops.convert_to_tensor(images)
        return tf.nest.map_structure(lambda a: a.numpy(), self._tracer(images, told))

    @functools.cached_property
    def _sampler(self):
        def sampled(noise, told):
            state = self.first_state(ops.shape(noise)[1])

            def step(drawn, state):
                canvas, touch, state = self.cell.imagine(drawn, told, state)
                return (self.cell.shown(canvas), touch), state

            return scan(step, noise, state)[0]

        return tf.function(sampled, autograph=False)

    def generate(self, count, told=None, seed=0):
        """Draw images from nothing: codes come from the prior, no image is read.

        Args:
            count: how many.
            told: distribution of classes for each, shape (count, classes); None tells
                the uniform one, with which reading begins.
            seed: of the codes.

        Returns:
            `Drawn`, float32 arrays.

        Raises:
            UserError: `count` is less than 1, or `told` has another shape.
        """
        if count < 1:
            raise UserError(f"count must be at least 1, got {count}.")
        if told is not None:
            shape = (count, self.cell.classes)
            if tuple(ops.shape(told)) != shape:
                raise UserError(
                    f"told has shape {tuple(ops.shape(told))}. Allowed: {shape}."
                )
            told = ops.cast(told, self.compute_dtype)
        shape = (self.arguments["steps"], count, self.cell.latent_dim)
        noise = keras.random.normal(shape, dtype=self.compute_dtype, seed=seed)
        canvas, touch = self._sampler(noise, told)
        drawn = ops.transpose(canvas, (1, 0, 2, 4, 3))
        touch = ops.swapaxes(touch, 0, 1)
        return Drawn(*(ops.cast(a, "float32").numpy() for a in (drawn, touch)))

    def get_config(self):
        """The arguments, for saving."""
        cell = keras.saving.serialize_keras_object(self.cell)
        return {**super().get_config(), "cell": cell, **self.arguments}

    @classmethod
    def from_config(cls, config):
        """A model from what `get_config` gave."""
        cell = keras.saving.deserialize_keras_object(config.pop("cell"))
        return cls(cell, **config)
