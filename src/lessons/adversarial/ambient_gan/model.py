r"""AmbientGAN: a GAN whose critic sees only measurements.

$$\min_G \max_D E_{y \sim p^r_y} q(D(y)) + E_{z, \Theta} q(1 - D(f_\Theta(G(z))))$$

Whatever the GAN, one thing changes: samples are measured before the critic sees them,
and the generator's gradient passes through the measurement.
"""

import keras
from keras import ops

from lessons.adversarial.ambient_gan.measurements import Identity
from lessons.toolkit.adversarial import GAN, PenalizedWGAN


class Measured:
    r"""What a GAN becomes when its critic sees measurements; to be mixed in.

    Args:
        generator, critic: as for `Adversarial`; the critic takes measurements.
        measurement: a `Measurement`; none means that everything is seen.
        remeasure: the examples given to `fit` are images, to be measured anew in each
            step; otherwise they are measurements already.
        **kwargs: for the GAN.
    """

    def __init__(
        self, generator, critic, *, measurement=None, remeasure=False, **kwargs
    ):
        super().__init__(generator, critic, **kwargs)
        if measurement is None:
            measurement = Identity(generator.output_shape[1:])
        self.measurement, self.remeasure = measurement, remeasure

    def codes(self, count, seed=None):
        """Random codes, uniform on [-1, 1], shape (count, latent)."""
        seed = self.seed_generator if seed is None else seed
        return keras.random.uniform((count, self.latent_dim), -1.0, 1.0, seed=seed)

    def fakes(self, codes):
        r"""Measurements $f_\Theta(G(z))$ of samples, a new $\Theta$ for each."""
        return self.measurement(super().fakes(codes), self.seed_generator)

    def critic_loss(self, data, codes):
        """The base GAN's loss, on measurements."""
        if self.remeasure:
            data = self.measurement(ops.convert_to_tensor(data), self.seed_generator)
        return super().critic_loss(data, codes)

    def generator_loss(self, data, codes):
        """The base GAN's loss; only the batch size of `data` is used."""
        if self.remeasure:
            data = self.measurement(ops.convert_to_tensor(data), self.seed_generator)
        return super().generator_loss(data, codes)

    def get_config(self):
        """The arguments, for saving."""
        measurement = keras.saving.serialize_keras_object(self.measurement)
        own = {"measurement": measurement, "remeasure": self.remeasure}
        return {**super().get_config(), **own}

    @classmethod
    def from_config(cls, config):
        """The model of `get_config`."""
        measurement = keras.saving.deserialize_keras_object(config.pop("measurement"))
        return super().from_config({**config, "measurement": measurement})


@keras.saving.register_keras_serializable("lessons")
class AmbientGAN(Measured, GAN):
    r"""The original GAN of measurements, $q = \log$; the critic gives one logit."""


@keras.saving.register_keras_serializable("lessons")
class AmbientWGAN(Measured, PenalizedWGAN):
    r"""The Wasserstein GAN of measurements, $q(t) = t$, with gradient penalty.

    The penalty is taken between real and generated *measurements*. With known
    angles or directions these are interpolated like the rest.
    """
