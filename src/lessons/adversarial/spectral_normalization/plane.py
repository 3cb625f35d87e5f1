"""Critics without a generator: two clusters in the plane that never overlap."""

import keras
import numpy as np
from keras import layers

from lessons.adversarial.spectral_normalization import evaluation, networks
from lessons.adversarial.spectral_normalization.model import RegularizedGAN
from lessons.toolkit import runtime
from lessons.toolkit.errors import UserError

NUM_POINTS = 3840
CENTRE, DEVIATION = 2.0, 0.2  # data around (2, 0), samples around (-2, 0)
BOX = 10.0  # slopes are looked for in [-10, 10]^2
RATE = 1e-3


@keras.saving.register_keras_serializable("lessons")
class LoneCritic(RegularizedGAN):
    """A `RegularizedGAN` of which only the critic is trained, in every step.

    Args:
        generator: from codes to samples; not trained.
        critic: as for `RegularizedGAN`.
        **kwargs: for `RegularizedGAN`.
    """

    def __init__(self, generator, critic, **kwargs):
        kwargs["critic_updates"] = 0  # nobody takes turns
        super().__init__(generator, critic, **kwargs)

    def update_generator(self, data, codes):
        """One step of the critic's optimizer instead; the loss before it."""
        return self.update_critic(data, codes)


def points(count, side, seed):
    """Draws of N((2 side, 0), 0.04 I), float32, shape (count, 2).

    Args:
        count: number of points.
        side: 1 for data, -1 for samples.
        seed: of the draw.

    Raises:
        UserError: side is neither 1 nor -1.
    """
    if side not in (1, -1):
        raise UserError(f"side must be 1 or -1, got {side!r}.")
    rng = np.random.default_rng([seed, 2 + side])
    centre = [side * CENTRE, 0.0]
    return rng.normal(centre, DEVIATION, size=(count, 2)).astype(np.float32)


def compiled(config, variant, **options):
    """The model of a variant, ready for `fit`; options go to `compile`."""
    runtime.seed_everything(config.seed)
    # Codes become samples by a fixed map: nothing is generated.
    shift = layers.Rescaling(DEVIATION, offset=[-CENTRE, 0.0])
    samples = keras.Sequential([keras.Input((2,)), shift], name="generator")
    model = LoneCritic(
        samples,
        networks.dense_critic((2,), config.plane_units, variant),
        seed=config.seed,
        **variant.options(config, config.plane_clip),
    )
    model.compile(keras.optimizers.Adam(), keras.optimizers.Adam(RATE, 0.5), **options)
    return model


def grid(limit, size):
    """Points of a square grid, shape (size * size, 2), rows of equal y.

    Args:
        limit: both coordinates go from -limit to limit.
        size: points of a side.
    """
    line = np.linspace(-limit, limit, size)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def evaluate(critic, seed):
    """Numbers of one critic.

    Args:
        critic: points to logits.
        seed: of the samples.

    Returns:
        `gradient_at_fakes`: what a generator would get; `slope`: the largest length of
        the critic's gradient in the box; `slope_between`: its mean on the line between
        the clusters; `slope_beside`: the largest in the box where |y| > 1;
        `norm_product`, and the stable ranks.
    """
    fakes, places = points(1000, -1, seed), grid(BOX, 201)
    slopes = slopes_at(critic, places)
    line = np.linspace(-CENTRE, CENTRE, 201)
    return {
        "gradient_at_fakes": evaluation.generator_gradient(critic, fakes),
        "slope": float(slopes.max()),
        "slope_between": float(slopes_at(critic, np.c_[line, 0 * line]).mean()),
        "slope_beside": float(slopes[np.abs(places[:, 1]) > 1].max()),
        **evaluation.spectrum_metrics(critic),
    }


def slopes_at(critic, places):
    """Lengths of a critic's gradient at points (n, 2), shape (n,)."""
    _, gradients = evaluation.critic_and_gradient(critic, places)
    return np.linalg.norm(gradients, axis=1)
