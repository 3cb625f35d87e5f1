"""M1+M2 (section 2.3): M2 on the codes of an M1 that was trained before."""

import keras

from lessons.autoencoders.semi_supervised_vae.model import M2
from lessons.toolkit.errors import UserError


@keras.saving.register_keras_serializable("lessons")
class StackedM2(M2):
    """p(y) p(z2) p(z1|y, z2) p(x|z1), the last factor and q(z1|x) taken from an M1.

    The M1 is copied and the copy frozen. In training each visit of an image draws z1
    anew from q(z1|x); otherwise z1 is its mean.

    Args:
        first: a trained `M1`.
        **kwargs: for `M2`, without `num_inputs`; the likelihood is always "normal".

    Raises:
        UserError: the sizes do not fit together.
    """

    def __init__(self, first, **kwargs):
        inputs = kwargs.pop("num_inputs", first.latent_dim)
        if inputs != first.latent_dim:
            raise UserError(
                f"num_inputs must be the size of the first model's code, "
                f"{first.latent_dim}, got {inputs!r}."
            )
        kwargs |= {"likelihood": "normal", "first": first}
        super().__init__(inputs, **kwargs)

    def features(self, x, training=False):
        """Codes z1: drawn in training, their means otherwise, (batch, inputs)."""
        mean, scale = self.first(x)
        return self.draw(mean, scale) if training else mean

    def decode(self, codes, labels):
        """Images for codes z2 and labels: through the mean z1."""
        return self.first.decode(super().decode(codes, labels))

    def get_config(self):
        """The arguments, for saving."""
        first = keras.saving.serialize_keras_object(self.first)
        return {**super().get_config(), "first": first}

    @classmethod
    def from_config(cls, config):
        """The model of a saved configuration."""
        first = keras.saving.deserialize_keras_object(config.pop("first"))
        return cls(first, **config)
