"""Judging a trained model on held-out images, apart from the loss it was trained with.

Densities come from TensorFlow Probability, the baselines from linear algebra; nothing
here calls `theory`, which the training loss calls.
"""

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp

from lessons.autoencoders.vae import theory_linear

tfd = tfp.distributions
ACTIVE_VARIANCE = 0.01  # a unit is active if its mean varies more (Burda et al.)


def evaluate(model, images, num_samples, seed=0):
    """Bounds and their parts on held-out images, with fixed batch statistics.

    Args:
        model: a `VAE`.
        images: shape (batch, height, width, 1).
        num_samples: importance samples per image.
        seed: of the samples.

    Returns:
        Dictionary of floats, averages over the images: `test_cost` (the negative ELBO
        without its constant), `elbo`, `iwae` (the bound with `num_samples`),
        `kl`, `squared_error`, all in nats but the last; and `active_units`.
    """
    generator = np.random.default_rng(seed)
    mean, scale = model.encoder.predict(images, verbose=0)
    posterior = tfd.Independent(tfd.Normal(mean, scale), 1)
    prior = tfd.Independent(tfd.Normal(tf.zeros_like(mean), 1.0), 1)
    kl = tfd.kl_divergence(posterior, prior).numpy()

    @tf.function
    def one_sample(noise):
        z = mean + scale * noise
        y = model.decoder(z, training=False)
        likelihood = tfd.Independent(tfd.Normal(y, model.variance**0.5), 3)
        ratio = prior.log_prob(z) - posterior.log_prob(z)
        error = tf.reduce_sum((images - y) ** 2, axis=(1, 2, 3))
        return likelihood.log_prob(images), ratio, error

    log_weights, fits, errors = [], [], []
    for _ in range(num_samples):
        noise = generator.standard_normal(mean.shape, dtype=np.float32)
        fit, ratio, error = [result.numpy() for result in one_sample(noise)]
        fits.append(fit.astype(np.float64))
        log_weights.append(fits[-1] + ratio)
        errors.append(error)
    elbo = np.mean(fits, axis=0) - kl
    iwae = np.logaddexp.reduce(log_weights, axis=0) - np.log(num_samples)
    pixels = np.prod(images.shape[1:])
    constant = 0.5 * pixels * np.log(2 * np.pi * model.variance)
    return {
        "test_cost": float(-elbo.mean() - constant),
        "elbo": float(elbo.mean()),
        "iwae": float(iwae.mean()),
        "kl": float(kl.mean()),
        "squared_error": float(np.mean(errors)),
        "active_units": float(np.sum(mean.var(axis=0) > ACTIVE_VARIANCE)),
    }


def baselines(train, test, variance, latent_dim):
    """The two predictors a VAE must beat, with the same likelihood.

    Args:
        train, test: images, shape (batch, height, width, 1).
        variance: of the likelihood.
        latent_dim: size of the code.

    Returns:
        Dictionary of floats: `mean_image/test_cost`, the cost of always answering the
        mean training image, and `ppca/test_cost`, that of the best linear model,
        whose bound is tight.
    """
    train = train.reshape(len(train), -1).astype(np.float64)
    test = test.reshape(len(test), -1).astype(np.float64)
    misfit = np.sum((test - train.mean(axis=0)) ** 2, axis=1) / (2 * variance)
    linear = theory_linear.fit_linear(train, variance, latent_dim)
    constant = 0.5 * train.shape[1] * np.log(2 * np.pi * variance)
    return {
        "mean_image/test_cost": float(misfit.mean()),
        "ppca/test_cost": float(-linear.log_marginal(test).mean() - constant),
    }


def prediction_gap(model, images):
    """How far training-mode and inference-mode outputs are apart.

    Args:
        model: a `VAE` with batch normalisation.
        images: one batch.

    Returns:
        Root mean square difference of the two posterior means.
    """
    batch = tf.convert_to_tensor(images)
    kept = [weight.numpy() for weight in model.encoder.non_trainable_weights]
    by_batch, _ = model.encoder(batch, training=True)
    for weight, value in zip(model.encoder.non_trainable_weights, kept, strict=True):
        weight.assign(value)
    fixed, _ = model.encoder(batch, training=False)
    return float(np.sqrt(np.mean((by_batch - fixed) ** 2)))


def multiplications(vae):
    """Multiplications that one image takes from encoder to output.

    Each weight of a kernel works at every place of its layer's output.

    Args:
        vae: a `DenseVAE` or a `ConvVAE`.
    """
    each = (layer for part in (vae.encoder, vae.decoder) for layer in part.layers)
    return sum(
        int(np.prod(layer.kernel.shape) * np.prod(layer.output.shape[1:-1]))
        for layer in each
        if hasattr(layer, "kernel")
    )
