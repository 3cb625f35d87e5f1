r"""The game: mappings W that hide a word's language, discriminators that find it out.

Several games with other first weights, the *restarts*, are played at once: every weight
has a first axis of length R, and no restart sees another.
"""

import keras
import tensorflow as tf
from keras import ops

from lessons.language.word_translation import theory
from lessons.language.word_translation.layers import (
    StackedDiscriminators,
    StackedMappings,
)
from lessons.toolkit.errors import UserError
from lessons.toolkit.two_optimizers import TwoOptimizers


@keras.saving.register_keras_serializable("lessons")
class MappingGame(TwoOptimizers, keras.Model):
    """Mappings and their discriminators, updated in turns within one training step.

    Compiled with `compile(optimizer, discriminator_optimizer)`. An example is one draw
    of words for every update of a step: x and y of shapes (batch, D + 1, d), source and
    target words that have nothing to do with each other. The first D draws update the
    discriminators, the last one the mappings, which the orthogonality step follows.

    Called with source words of shape (..., d) it maps them: (..., R, d).

    Args:
        restarts: R.
        hidden, dropout: of the discriminators.
        discriminator_steps: D, at least 1.
        smoothing: of the labels.
        beta: of the orthogonality step after each update of W.
        project: whether W is made orthogonal instead.
        start: first mappings, see `StackedMappings`.
        seed: of first weights.

    A training step returns the mean over the restarts of the mappings' `loss`, of the
    `discriminator` loss before its last update, and of the squared distance from
    orthogonality, `departure`. A restart whose weights diverged no longer counts there
    and disturbs no other; with none left the means are NaN.
    """

    second_optimizer = "discriminator_optimizer"

    def __init__(
        self,
        restarts,
        hidden,
        *,
        dropout=0.0,
        discriminator_steps=1,
        smoothing=0.1,
        beta=0.01,
        project=False,
        start="random",
        seed=0,
        **options,
    ):
        super().__init__(**options)
        if discriminator_steps < 1 or not 0 <= smoothing <= 0.5 or beta < 0:
            raise UserError(
                "a game needs discriminator_steps of at least 1, smoothing from 0 to "
                f"0.5 and beta of at least 0, got {discriminator_steps}, {smoothing} "
                f"and {beta}."
            )
        self.arguments = {
            "restarts": restarts,
            "hidden": tuple(hidden),
            "dropout": dropout,
            "discriminator_steps": discriminator_steps,
            "smoothing": smoothing,
            "beta": beta,
            "project": project,
            "start": start,
            "seed": seed,
        }
        self.mappings = StackedMappings(restarts, start, seed, name="mappings")
        self.discriminators = StackedDiscriminators(
            restarts, hidden, dropout, seed=seed, name="discriminators"
        )
        self.discriminator_optimizer = None
        names = ("loss", "discriminator", "departure")
        self.means = [keras.metrics.Mean(name) for name in names]

    def build(self, input_shape):
        """Create the weights for words of the input's last size."""
        dim = input_shape[-1]
        self.mappings.build((None, dim))
        self.discriminators.build((self.arguments["restarts"], None, dim))
        self.built = True

    def compile(self, optimizer, discriminator_optimizer, **options):
        """Prepare for `fit`.

        Args:
            optimizer: of the mappings.
            discriminator_optimizer: of the discriminators, another instance.
            **options: for `keras.Model.compile`, such as `jit_compile`.

        Raises:
            UserError: both are the same object, or several devices share the batch.
        """
        self.check_optimizers(optimizer, discriminator_optimizer)
        super().compile(optimizer=optimizer, **options)
        self.discriminator_optimizer = self.scaled(discriminator_optimizer)
        if self.built:
            self._build_optimizers()

    def _build_optimizers(self):
        self.optimizer.build(self.mappings.trainable_variables)
        self.discriminator_optimizer.build(self.discriminators.trainable_variables)

    def call(self, words, training=False):
        """Map source words by every restart's W."""
        return self.mappings(words)

    def train_step(self, data):
        """One update of the mappings and D of the discriminators.

        Raises:
            UserError: examples were given weights, or are not D + 1 draws each.
        """
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        if weights is not None:
            raise UserError(
                "sample_weight does not fit draws of words that are no pairs. "
                "Allowed: None."
            )
        self._check_draws(x=x, y=y)
        x, y = (ops.cast(draws, self.compute_dtype) for draws in (x, y))
        for turn in range(self.arguments["discriminator_steps"]):
            found = self.update_discriminators(x[:, turn], y[:, turn])
        loss = self.update_mappings(x[:, -1], y[:, -1])
        kernel = tf.convert_to_tensor(self.mappings.kernel.value)
        if self.arguments["project"]:
            kernel = theory.projected(kernel)
        else:
            kernel = theory.orthogonalize(kernel, self.arguments["beta"])
        self.mappings.kernel.assign(kernel)
        gram = ops.matmul(ops.swapaxes(kernel, -1, -2), kernel)
        away = ops.sum(ops.square(gram - ops.eye(gram.shape[-1])), axis=(-2, -1))
        finite = ops.isfinite(loss + found + away)  # (R,), False once it diverged
        count = ops.sum(ops.cast(finite, away.dtype))
        for metric, value in zip(self.means, (loss, found, away), strict=True):
            value = ops.where(finite, value, ops.zeros_like(value))
            metric.update_state(ops.sum(value) / count)
        return {metric.name: metric.result() for metric in self.means}

    def _check_draws(self, **given):
        needed = self.arguments["discriminator_steps"] + 1
        for name, draws in given.items():
            shape = None if draws is None else tuple(draws.shape)
            if shape is None or len(shape) != 3 or shape[1] not in (None, needed):
                raise UserError(
                    f"{name} must hold D + 1 = {needed} draws of words for each "
                    f"example, shape (batch, {needed}, d), got {shape}."
                )

    def update_discriminators(self, source, target):
        """One step of every discriminator, W fixed; the losses before it, (R,)."""
        variables = self.discriminators.trainable_variables
        mapped = self.mappings.stacked(source)
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            logits = self._judged(mapped, target, True)
            losses = theory.discriminator_loss(*logits, self.arguments["smoothing"])
            total = self.discriminator_optimizer.scale_loss(ops.sum(losses))
        gradients = tape.gradient(total, [variable.value for variable in variables])
        self.discriminator_optimizer.apply(gradients, variables)
        return losses

    def update_mappings(self, source, target):
        """One step of every W, discriminators fixed and without dropout; (R,)."""
        variables = self.mappings.trainable_variables
        with tf.GradientTape(watch_accessed_variables=False) as tape:
            tape.watch([variable.value for variable in variables])
            logits = self._judged(self.mappings.stacked(source), target, False)
            losses = theory.mapping_loss(*logits, self.arguments["smoothing"])
            total = self.optimizer.scale_loss(ops.sum(losses))
        gradients = tape.gradient(total, [variable.value for variable in variables])
        self.optimizer.apply(gradients, variables)
        return losses

    def _judged(self, mapped, target, training):
        """Logits of mapped source words and of target words, (R, batch) each."""
        restarts = self.arguments["restarts"]
        target = ops.broadcast_to(target[None], (restarts, *ops.shape(target)))
        both = ops.concatenate([mapped, target], axis=1)
        logits = self.discriminators(both, training=training)
        size = ops.shape(mapped)[1]
        return logits[:, :size], logits[:, size:]

    @property
    def metrics(self):
        """Means over the epoch."""
        return self.means

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), **self.arguments}
