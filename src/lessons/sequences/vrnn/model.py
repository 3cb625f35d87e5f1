r"""The VRNN and VRNN-I: the RNN of `density` with a latent variable at every step."""

import keras
from keras import ops

from lessons.sequences.vrnn.density import (
    OutputRNN,
    Pass,
    RecurrentDensity,
    time_first,
)
from lessons.sequences.vrnn.networks import DenseFeatures, GaussianParameters, Normal
from lessons.toolkit import mixtures
from lessons.toolkit.errors import UserError, unknown
from lessons.toolkit.recurrent import scan

__all__ = ["OutputRNN", "VRNN", "PRIORS", "SEEN"]
PRIORS = ("learned", "standard")
SEEN = ("h", "z")


@keras.saving.register_keras_serializable("lessons")
class VRNN(RecurrentDensity):
    r"""A variational RNN (arXiv:1506.02216, section 3).

    With $h_{t-1}$ in all four networks:

    * prior (eq. 5): $z_t \sim N(\mu_{0,t}, s_{0,t}^2)$ from $h_{t-1}$;
    * generation (eq. 6): $x_t$ from $\phi_z(z_t), h_{t-1}$;
    * recurrence (eq. 7): $h_t = f(\phi_x(x_t), \phi_z(z_t), h_{t-1})$;
    * inference (eq. 9): $z_t$ from $\phi_x(x_t), h_{t-1}$.

    Args:
        latent: numbers in $z_t$.
        z_hidden, encoder_hidden, prior_hidden: units of dense layers.
        prior: "learned", or "standard" for VRNN-I, whose prior is $N(0, I)$.
        memory: whether the networks see $h_{t-1}$; else zeros, and there is no cell.
        decoder_sees: which of `SEEN` the decoder sees; zeros stand for the other.
        **options: for `density.RecurrentDensity`.
    """

    def __init__(
        self,
        *,
        latent,
        z_hidden,
        encoder_hidden,
        prior_hidden,
        prior="learned",
        memory=True,
        decoder_sees=SEEN,
        **options,
    ):
        super().__init__(**options)
        if prior not in PRIORS:
            raise unknown("prior", prior, PRIORS)
        if not set(decoder_sees) <= set(SEEN) or not decoder_sees:
            raise UserError(
                f"decoder_sees must name one or both of {', '.join(SEEN)}, got "
                f"{tuple(decoder_sees)}."
            )
        self.arguments |= {
            "latent": latent, "z_hidden": tuple(z_hidden),
            "encoder_hidden": tuple(encoder_hidden),
            "prior_hidden": tuple(prior_hidden), "prior": prior, "memory": memory,
            "decoder_sees": tuple(decoder_sees),
        }  # fmt: skip
        floor = self.arguments["floor"]
        self.phi_z = DenseFeatures(z_hidden, name="phi_z")
        self.encoder = GaussianParameters(encoder_hidden, latent, floor, name="encoder")
        self.prior_net = None
        if prior == "learned":
            self.prior_net = GaussianParameters(
                prior_hidden, latent, floor, name="prior"
            )

    def build_parts(self):
        """Create the cell, $\\phi_z$, prior, encoder and decoder."""
        given = self.arguments
        of_x, of_z = given["x_hidden"][-1], given["z_hidden"][-1]
        if given["memory"]:
            self.cell.build((None, of_x + of_z))
        self.phi_z.build((None, given["latent"]))
        self.encoder.build((None, of_x + self.units))
        if self.prior_net is not None:
            self.prior_net.build((None, self.units))
        self.decoder.build((None, of_z + self.units))

    def passed(self, x, mask=None, state=None, noise=None, training=False):
        """See `density.RecurrentDensity.passed`; z comes from the encoder."""
        features = self.features(x, mask, training)
        shape = ops.shape(features)
        state = self.first_state(shape[1]) if state is None else state
        if noise is None:
            size = (*shape[:2], self.arguments["latent"])
            noise = keras.random.normal(size, dtype="float32", seed=self.draws)
        steps = [features, noise] + ([] if mask is None else [time_first(mask)])

        def step(inputs, state):
            feature, drawn, *on = inputs
            seen = self.seen(state)
            posterior = self.encoder(ops.concatenate([feature, seen], axis=-1))
            z = mixtures.gaussian_sample(*posterior, drawn)
            of_z = self.phi_z(ops.cast(z, self.compute_dtype))
            both = ops.concatenate([feature, of_z], axis=-1)
            return (seen, posterior, z, of_z), self.moved(both, state, *on)

        (before, posterior, z, of_z), state = scan(step, steps, state)
        output = self.decoded(of_z, before, training, mask)
        return Pass(output, posterior, self.prior(before), z, before, state)

    def seen(self, state):
        """$h_{t-1}$, or zeros for a model without memory."""
        return state[0] if self.arguments["memory"] else ops.zeros_like(state[0])

    def moved(self, inputs, state, on=None):
        """See `density.RecurrentDensity.moved`; without memory nothing moves."""
        if not self.arguments["memory"]:
            return list(state)
        return super().moved(inputs, state, on)

    def prior(self, before):
        """The prior of z given $h_{t-1}$, shape (..., units): a `Normal`."""
        if self.prior_net is not None:
            return self.prior_net(before)
        zeros = ops.zeros((*ops.shape(before)[:-1], self.arguments["latent"]))
        return Normal(zeros, ops.ones_like(zeros))

    def decoded(self, of_z, before, training=False, mask=None):
        """Parameters of the output from $\\phi_z(z_t)$ and $h_{t-1}$."""
        given = {"z": of_z, "h": before}
        parts = [
            given[name]
            if name in self.arguments["decoder_sees"]
            else ops.zeros_like(given[name])
            for name in ("z", "h")
        ]
        inputs = ops.concatenate(parts, axis=-1)
        return self.head(self.decoder(inputs, training=training, mask=time_first(mask)))

    def emitted(self, state, drawn):
        """Z from the prior, x from the decoder; the cell reads both."""
        latent, uniform, normal = drawn
        seen = self.seen(state)
        z = mixtures.gaussian_sample(*self.prior(seen), latent)
        of_z = self.phi_z(ops.cast(z, self.compute_dtype))
        x = self.head.draw(self.decoded(of_z, seen), uniform, normal)
        of_x = self.phi_x(ops.cast(self.head.inputs(x), self.compute_dtype))
        return x, ops.concatenate([of_x, of_z], axis=-1)
