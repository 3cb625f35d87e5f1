r"""The equations of Ye et al. 2018, arXiv:1802.00124; the paper numbers few of them.

A layer computes $x^{l+1} = \max(\gamma^l\,\mathrm{BN}(W^l * x^l) + \beta^l, 0)$; its
gates are the entries of $\gamma^l$. Pure functions of arrays; optimizer and surgery
compute with them.
"""

from keras import ops

from lessons.toolkit.errors import UserError


def soft_threshold(values, size):
    r"""$\mathrm{prox}_\eta(x) = \max(|x| - \eta, 0)\,\mathrm{sgn}(x)$ (section 4.2).

    The minimiser of $\frac12 (g - x)^2 + \eta\,|g|$ over $g$.

    Args:
        values: $x$, any shape, float.
        size: $\eta \ge 0$, a number or an array that broadcasts.
    """
    return ops.sign(values) * ops.maximum(ops.abs(values) - size, 0)


def ista_step(gamma, gradient, rate, rho, penalty):
    r"""$\gamma \leftarrow \mathrm{prox}_{\mu\rho\lambda}(\gamma - \mu\nabla_\gamma L)$.

    Section 4.2: the gradient is that of the loss without the penalty.

    Args:
        gamma: $\gamma^l$, shape (channels,).
        gradient: $\nabla_\gamma L$, the same shape.
        rate: $\mu$.
        rho: $\rho$, one number for the network.
        penalty: $\lambda^l$, see `layer_penalty`.
    """
    return soft_threshold(gamma - rate * gradient, rate * rho * penalty)


def layer_penalty(kernel_size, inputs, followers, output_size, image_size):
    r"""Memory that one channel costs, in units of the image (section 4.2).

    $$\lambda^l = \frac{1}{I_w I_h}\Big[k_w^l k_h^l c^{l-1} + \sum_{l' \in T(l)}
      k_w^{l'} k_h^{l'} c^{l'} + I_w^l I_h^l\Big]$$

    Args:
        kernel_size: $(k_h^l, k_w^l)$ of the layer's own kernels.
        inputs: channels that the layer reads, $c^{l-1}$.
        followers: of each convolution in $T(l)$, which reads the layer's output:
            (height, width, outputs) of its kernels.
        output_size: $(I_h^l, I_w^l)$ of the convolution's output, before any pooling.
        image_size: $(I_h, I_w)$ of the network's input.
    """
    own = kernel_size[0] * kernel_size[1] * inputs
    readers = sum(height * width * outputs for height, width, outputs in followers)
    places = output_size[0] * output_size[1]
    return (own + readers + places) / (image_size[0] * image_size[1])


def lasso(gammas, penalties):
    r"""$\sum_l \lambda^l\,\|\gamma^l\|_1$, what $\rho$ multiplies in the total loss.

    Args:
        gammas: of each layer, shape (channels,).
        penalties: $\lambda^l$ of each layer.
    """
    pairs = zip(gammas, penalties, strict=True)
    return sum(penalty * ops.sum(ops.abs(gamma)) for gamma, penalty in pairs)


def folded_constants(kernel, gamma, beta):
    r"""What closed channels send to every unit of the next layer.

    A channel with $\gamma_k = 0$ is the constant $\max(\beta_k, 0)$, so that
    $S_j = \sum_{k: \gamma_k = 0} \max(\beta_k, 0) \sum_{a,b} W_{a,b,k,j}$. It is added
    to a bias, or taken from the moving mean where batch normalisation follows (section
    4.2, "post processing"). Exact without padding; with it, inside the border.

    Args:
        kernel: $W^{l+1}$, shape (height, width, channels, units).
        gamma, beta: of the channels, shape (channels,).

    Returns:
        $S$, shape (units,).
    """
    constants = ops.where(gamma == 0, ops.maximum(beta, 0), ops.zeros_like(beta))
    return ops.einsum("abkj,k->j", kernel, constants)


def rescaled(gamma, beta, next_kernel, alpha):
    r"""$(\alpha\gamma,\ \alpha\beta,\ W^{l+1} / \alpha)$: the same function.

    Section 4.2: ReLU lets a positive factor through. Scaling back takes $1/\alpha$.

    Args:
        gamma, beta: shape (channels,).
        next_kernel: of the layer that reads the channels, any shape.
        alpha: $\alpha > 0$.
    """
    if not alpha > 0:
        raise UserError(f"alpha must be above 0, got {alpha!r}. ReLU keeps no sign.")
    return alpha * gamma, alpha * beta, next_kernel / alpha
