"""Critics without a generator: two clusters in the plane that never overlap."""

import keras
import numpy as np
from keras import layers

from lessons.adversarial.spectral_normalization import evaluation, networks
from lessons.adversarial.spectral_normalization.model import RegularizedGAN
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError
from lessons.toolkit.experiment import fit

NUM_POINTS = 3840
CENTRE, DEVIATION = 2.0, 0.2  # data around (2, 0), samples around (-2, 0)
BOX = 10.0  # slopes are looked for in [-10, 10]^2
RATE = 1e-3


class LoneCritic(RegularizedGAN):
    """A `RegularizedGAN` of which only the critic is trained."""

    def train_step(self, data):
        """One update of the critic."""
        examples, _, _ = keras.utils.unpack_x_y_sample_weight(data)
        loss = self.update_critic(examples, self.codes(keras.ops.shape(examples)[0]))
        self.loss_metric.update_state(loss)
        return {"loss": self.loss_metric.result()}


def points(count, side, seed):
    """Draws of N((2 side, 0), 0.04 I), float32, shape (count, 2).

    Args:
        count: number of points.
        side: 1 for data, -1 for samples.
        seed: of the draw.

    Raises:
        UserError: another side.
    """
    if side not in (1, -1):
        raise UserError(f"side must be 1 or -1, got {side!r}.")
    random = np.random.default_rng([seed, 2 + side])
    centre = [side * CENTRE, 0.0]
    return random.normal(centre, DEVIATION, size=(count, 2)).astype(np.float32)


def build(config, regularizer):
    """The compiled model of one regulariser."""
    runtime.seed_everything(config.seed)
    # Codes become samples by a fixed map: nothing is generated.
    shift = layers.Rescaling(DEVIATION, offset=[-CENTRE, 0.0])
    samples = keras.Sequential([keras.Input((2,)), shift], name="generator")
    critic = networks.dense_critic((2,), config.plane_units, regularizer)
    model = LoneCritic(
        samples,
        critic,
        loss=regularizer.loss or config.loss,
        clip=config.plane_clip if regularizer.clips else None,
        seed=config.seed,
        **penalties(config, regularizer),
    )
    model.compile(
        keras.optimizers.Adam(),
        keras.optimizers.Adam(RATE, 0.5),
        steps_per_execution=min(60, runtime.steps_per_execution(config, 60)),
    )
    return model


def penalties(config, regularizer):
    """The weights of the penalties that a regulariser uses."""
    kinds = {"gradient": config.penalty, "orthonormal": config.orthonormal}
    kind = regularizer.penalizes
    return {f"{kind}_penalty": kinds[kind]} if kind else {}


def train(config, regularizer):
    """Train one critic.

    Returns:
        (critic, loss after each epoch).
    """
    model = build(config, regularizer)
    _, history, _ = fit(
        model,
        points(NUM_POINTS, 1, config.seed),
        config.replace(epochs=config.plane_epochs, batch_size=64),
        description=f"plane, {regularizer.label}",
    )
    return model.critic, history["loss"]


def grid(limit, size):
    """Points of a square grid, shape (size * size, 2), rows of equal y."""
    line = np.linspace(-limit, limit, size)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def metrics(critic, seed):
    """Numbers of one critic.

    Returns:
        `gradient_at_fakes`: what a generator would get; `slope`: the largest length of
        the critic's gradient in the box; `norm_product`, and the stable ranks.
    """
    fakes = points(1000, -1, seed)
    _, gradients = evaluation.critic_and_gradient(critic, grid(BOX, 201))
    return {
        "gradient_at_fakes": evaluation.generator_gradient(critic, fakes),
        "slope": float(np.linalg.norm(gradients, axis=1).max()),
        **evaluation.spectrum_metrics(critic),
    }
