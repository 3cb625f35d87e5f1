"""What batch normalisation leaves unchanged: a hidden layer's loss and gradient."""

import tensorflow as tf

from lessons.foundations.convnet_baseline import theory


def loss_and_gradient(
    inputs, kernel, out, labels, *, bias=0.0, epsilon=0.0, normal=True
):
    """Mean cross-entropy of a network with one hidden layer, and its gradient.

    The hidden layer is batch-normalised, with gamma 1 and beta 0.5, before its ReLU.

    Args:
        inputs: shape (batch, inputs), float64.
        kernel: of the hidden layer, shape (inputs, units), float64.
        out: weights of the logit, shape (units,), float64.
        labels: 0 or 1, shape (batch,).
        bias: of the hidden layer, added before the normalisation.
        epsilon: of the normalisation.
        normal: whether there is a normalisation.

    Returns:
        (loss, gradient): a float in nats, and an array of the shape of the kernel.
    """
    kernel = tf.convert_to_tensor(kernel)
    with tf.GradientTape() as tape:
        tape.watch(kernel)
        values = tf.matmul(inputs, kernel) + bias
        if normal:
            values = theory.batch_norm(values, 1.0, 0.5, epsilon)
        logits = tf.linalg.matvec(tf.nn.relu(values), out)
        loss = tf.reduce_mean(theory.binary_cross_entropy(logits, labels))
    return float(loss), tape.gradient(loss, kernel).numpy()
