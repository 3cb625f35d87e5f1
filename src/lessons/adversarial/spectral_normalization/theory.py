r"""Spectral normalisation and its baselines: Miyato et al. 2018, arXiv:1802.05957.

A matrix $W$ has shape (outputs, inputs), as in the paper; `as_matrix` makes one of the
kernel of a Keras layer. Singular values are in decreasing order:
$\sigma_1 \ge \sigma_2 \ge \dots$
"""

import math

from keras import ops

EPSILON = 1e-12  # under a length, so that a zero vector stays zero


def as_matrix(kernel):
    """The matrix of a kernel, shape (outputs, everything else).

    Args:
        kernel: of a dense layer (inputs, outputs) or of a convolution (height, width,
            channels, outputs): Keras keeps the outputs last, the paper first.
    """
    return ops.transpose(ops.reshape(kernel, (-1, kernel.shape[-1])))


def unit(vector):
    """A vector divided by its Euclidean length; a zero vector stays zero."""
    return vector / (ops.sqrt(ops.sum(ops.square(vector))) + EPSILON)


def power_iteration(matrix, left, num_steps=1):
    r"""Rounds of power iteration, and the largest singular value they find (alg. 1).

    $$v \leftarrow W^\top u / \|W^\top u\|, \qquad u \leftarrow W v / \|W v\|, \qquad
      \sigma \approx u^\top W v$$
    The estimate never exceeds $\sigma_1$. The vectors count as constants: the gradient
    of the estimate is $u v^\top$, that of $\sigma_1$ itself once they have converged
    (eq. 11). Each round takes two products of matrix and vector.

    Args:
        matrix: $W$, shape (outputs, inputs).
        left: $u$ to start from, shape (outputs,), not zero.
        num_steps: rounds, at least 1; the paper takes one for each update.

    Returns:
        (estimate, u, v): a scalar and two vectors of length 1. Of a zero matrix the
        estimate is 0, v is zero, and u is the one to start from: it is kept for the
        time when the matrix has grown.
    """
    for _ in range(num_steps):
        right = ops.stop_gradient(unit(ops.matmul(ops.transpose(matrix), left)))
        image = ops.matmul(matrix, right)
        left = ops.stop_gradient(ops.where(ops.any(image != 0), unit(image), left))
    return ops.sum(left * image), left, right


def estimates(matrix, left, num_rounds):
    r"""What the power iteration takes for $\sigma_1$ after each of its rounds.

    Args:
        matrix: $W$, shape (outputs, inputs).
        left: $u$ to start from, shape (outputs,), not zero.
        num_rounds: at least 1.

    Returns:
        Shape (num_rounds,). The last is the estimate of `power_iteration` with so many
        steps.
    """
    found = []
    for _ in range(num_rounds):
        estimate, left, _ = power_iteration(matrix, left)
        found.append(estimate)
    return ops.stack(found)


def row_normalized(matrix):
    r"""Weight normalisation without its gain: $\bar w_i = w_i / \|w_i\|$ (sec. 3).

    Args:
        matrix: shape (outputs, inputs); each row belongs to one output.
    """
    square = ops.sum(ops.square(matrix), axis=1, keepdims=True)
    return matrix / ops.sqrt(square + EPSILON**2)


def frobenius_norm(matrix):
    r"""$\|W\|_F = (\sum_t \sigma_t^2)^{1/2}$."""
    return ops.sqrt(ops.sum(ops.square(matrix)) + EPSILON**2)


def orthonormal_penalty(matrix):
    r"""$\|W W^\top - I\|_F^2$ or $\|W^\top W - I\|_F^2$, whichever Gram is smaller.

    It is $\sum_t (\sigma_t^2 - 1)^2$. The larger Gram matrix has a rank too small to
    reach the identity: its penalty is this plus the difference of the two sides.

    Args:
        matrix: shape (outputs, inputs).
    """
    outputs, inputs = matrix.shape
    tall = ops.transpose(matrix) if outputs < inputs else matrix
    gram = ops.matmul(ops.transpose(tall), tall)
    return ops.sum(ops.square(gram - ops.eye(min(outputs, inputs), dtype=gram.dtype)))


def normalized_gradient(gradient, normalized, norm, norm_gradient):
    r"""Gradient of a loss $V(W / N(W))$ by $W$, for any normaliser $N$ (eq. 9, 12).

    $$\frac{\partial V}{\partial W} = \frac{1}{N}\left(\nabla_{\bar W} V -
      \mathrm{tr}\left((\nabla_{\bar W} V)^\top \bar W\right) \nabla_W N\right)$$

    Args:
        gradient: $\nabla_{\bar W} V$, as if $\bar W$ were trained, (outputs, inputs).
        normalized: $\bar W = W / N(W)$.
        norm: $N(W)$, a scalar.
        norm_gradient: $\nabla_W N$: $u_1 v_1^\top$ for the spectral norm, $W/\|W\|_F$
            for Frobenius'.
    """
    along = ops.sum(gradient * normalized)
    return (gradient - along * norm_gradient) / norm


def sn_gradient(matrix, left, right, delta, inputs):
    r"""Gradient of a loss by the raw matrix, under spectral normalisation (eq. 12).

    $$\frac{\partial V}{\partial W} = \frac{1}{\sigma}\left(\hat E[\delta h^\top]
      - \lambda\, u_1 v_1^\top\right), \qquad
      \lambda = \hat E[\delta^\top \bar W_{SN} h]$$

    Args:
        matrix: $W$, shape (outputs, inputs).
        left, right: its first singular vectors, (outputs,) and (inputs,).
        delta: gradients by the layer's outputs, shape (batch, outputs).
        inputs: $h$, shape (batch, inputs).

    Returns:
        Shape (outputs, inputs), for the mean over the batch.
    """
    norm = ops.sum(left * ops.matmul(matrix, right))
    plain = ops.matmul(ops.transpose(delta), inputs) / inputs.shape[0]
    return normalized_gradient(plain, matrix / norm, norm, ops.outer(left, right))


def lipschitz_bound(norms, slopes):
    r"""Bound of a chain of layers, $\prod_l \sigma(W^l) \cdot \prod_l s_l$ (eq. 7).

    A chain only: a sum of branches $x + F(x)$ has the sum of their bounds.

    Args:
        norms: spectral norms of the layers' maps, a list.
        slopes: largest slopes of the activations between them, a list: 1 for a ReLU,
            also for a leaky one.

    Returns:
        A scalar.
    """
    return math.prod([*norms, *slopes])


def hinge_critic_loss(real, fake):
    r"""$\hat E \max(0, 1 - f(x)) + \hat E \max(0, 1 + f(G(z)))$ (eq. 16, negated).

    The generator's loss beside it is `lessons.toolkit.adversarial.theory.
    linear_generator_loss` (eq. 17).

    Args:
        real, fake: critic values, shape (batch,) each.
    """
    return ops.mean(ops.relu(1.0 - real)) + ops.mean(ops.relu(1.0 + fake))
