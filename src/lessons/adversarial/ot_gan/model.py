r"""OT-GAN: algorithms 1 and 2 of arXiv:1803.05573 as a Keras model.

The training step, with its turns, is that of `lessons.toolkit.adversarial`; a method
adds its two losses.
"""

import keras
from keras import ops

from lessons.adversarial.ot_gan import sinkhorn, theory
from lessons.toolkit.adversarial import Adversarial
from lessons.toolkit.errors import UserError, unknown

COSTS = ("cosine", "euclidean")
MATCHINGS = ("sinkhorn", "random")
CODES = ("normal", "uniform")


@keras.saving.register_keras_serializable("lessons")
class OTGAN(Adversarial):
    """Generator and critic of algorithm 1; of algorithm 2 if they take labels.

    A batch of 2K examples, drawn at random, is two batches X, X' of K. Networks with
    labels need `fit(examples, one_hot_labels)`; then the loss is algorithm 2's.

    Args:
        generator, critic: as for `Adversarial`; the critic gives unit features.
        epsilon: regularisation of the matching, the paper's 1 / lambda.
        num_iterations: Sinkhorn iterations.
        form: of the iteration, see `sinkhorn.FORMS`.
        cost: "cosine" of the critic's features, or "euclidean" between the examples
            themselves (no critic is used or trained then).
        matching: "sinkhorn", or "random" for the uniform coupling (the ablations).
        generator_updates: per update of the critic; the paper has 3.
        code_distribution: of the codes, standard "normal", or "uniform" on [-1, 1] as
            in the paper.
        mirrors: whether each example of the data, an image, is mirrored left to right
            in training with probability one half.
        **kwargs: for `Adversarial`.
    """

    def __init__(
        self,
        generator,
        critic,
        *,
        epsilon=0.02,
        num_iterations=15,
        form="stabilised",
        cost="cosine",
        matching="sinkhorn",
        generator_updates=3,
        code_distribution="normal",
        mirrors=False,
        **kwargs,
    ):
        for kind, given, allowed in (
            ("cost", cost, COSTS),
            ("matching", matching, MATCHINGS),
            ("form", form, sinkhorn.FORMS),
            ("code_distribution", code_distribution, CODES),
        ):
            if given not in allowed:
                raise unknown(kind, given, allowed)
        updates = 0 if cost == "euclidean" else kwargs.pop("critic_updates", 1)
        kwargs |= {"critic_updates": updates, "generator_updates": generator_updates}
        super().__init__(generator, critic, **kwargs)
        self.epsilon, self.num_iterations, self.form = epsilon, num_iterations, form
        self.cost, self.matching = cost, matching
        self.code_distribution, self.mirrors = code_distribution, mirrors
        self.conditional = len(critic.inputs) == 2

    def codes(self, count, seed=None):
        """Random codes of the model's distribution, shape (count, latent)."""
        if self.code_distribution == "normal":
            return super().codes(count, seed)
        seed = self.seed_generator if seed is None else seed
        return keras.random.uniform((count, self.latent_dim), -1.0, 1.0, seed=seed)

    def mirrored(self, images):
        """Images (batch, height, width, channels), half of them mirrored, at random."""
        chance = keras.random.uniform(
            (ops.shape(images)[0], 1, 1, 1), seed=self.seed_generator
        )
        return ops.where(chance < 0.5, ops.flip(images, axis=2), images)

    def features(self, data, codes):
        """Features of X, X', Y, Y' as one tensor, (4, K, features)."""
        real, label = data if self.conditional else (data, None)
        half = ops.shape(real)[0] // 2
        if isinstance(half, int) and not half:
            raise UserError(
                "a batch of one example cannot be halved into two mini-batches. "
                "Allowed: batch_size at least 2."
            )
        real, codes = real[: 2 * half], codes[: 2 * half]
        if self.conditional:
            label = label[: 2 * half]
            fake = self.generator([codes, label], training=True)
        else:
            fake = self.generator(codes, training=True)
        real = ops.cast(real, fake.dtype)
        real = self.mirrored(real) if self.mirrors else real
        examples = ops.concatenate([real, fake])
        if self.cost == "cosine":
            labels = [ops.concatenate([label, label])] if self.conditional else []
            inputs = [examples, *labels] if labels else examples
            examples = self.critic(inputs, training=True)
        return ops.reshape(examples, (4, half, -1))

    def generator_loss(self, data, codes):
        """The weighted sum of mini-batch distances; matchings are constants."""
        cost = {"cosine": theory.cosine_cost, "euclidean": theory.euclidean_cost}
        pairs, weights = theory.PAIRS, theory.WEIGHTS
        if self.conditional:
            pairs = theory.CONDITIONAL_PAIRS
            weights = theory.CONDITIONAL_WEIGHTS
        batches = self.features(data, codes)
        costs = theory.pair_costs(batches, pairs, cost[self.cost])  # (pairs, K, K)
        values = theory.matched_cost(costs, self.match(costs))
        return theory.weighted_sum(values, weights)

    def critic_loss(self, data, codes):
        """The negative of the generator's: the critic maximises the distance."""
        return -self.generator_loss(data, codes)

    def match(self, costs):
        """Couplings of all pairs at once, without gradient, (pairs, K, K)."""
        if self.matching == "random":
            entries = ops.cast(ops.prod(ops.shape(costs)[-2:]), costs.dtype)
            return ops.ones_like(costs) / entries
        return sinkhorn.matching(
            costs, self.epsilon, self.num_iterations, form=self.form
        )

    def get_config(self):
        """The arguments, for saving."""
        names = ("epsilon", "num_iterations", "form", "cost", "matching")
        names += ("code_distribution", "mirrors")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}
