r"""Entropy-regularised optimal transport in TensorFlow: batched, differentiable, fast.

The penalised problem and its dual (Cuturi 2013; Peyré & Cuturi 2019, chapter 4):
$$OT_\epsilon = \min_P \langle P, C\rangle + \epsilon KL(P \| a b^T), \qquad
  P_{ij} = a_i b_j \exp((f_i + h_j - C_{ij}) / \epsilon).$$
Two forms of the same iteration. `log` never leaves the range of the potentials: it
works at any $C / \epsilon$. `stabilised` exponentiates once per round around the
potentials reached so far and then iterates with matrix-vector products, which is much
faster; a round that leaves the range of floating point is done again in the log domain.

Costs have shape (..., n, m): every leading axis is a batch of independent problems.
"""

from typing import NamedTuple

import tensorflow as tf

from lessons.adversarial.ot_gan import loops
from lessons.adversarial.ot_gan.weights import log_weights
from lessons.toolkit.errors import UserError, unknown

FORMS = ("stabilised", "log")
_ROUND = 50  # kernel iterations between two exponentiations


class Potentials(NamedTuple):
    """The dual variables: `rows` is f, (..., n); `columns` is h, (..., m)."""

    rows: object
    columns: object


def _number(value, dtype):
    """A scalar of `dtype`; `tf.cast` would round a Python float to float32 first."""
    return tf.cast(value, dtype) if tf.is_tensor(value) else tf.constant(value, dtype)


def _problem(cost, epsilon, row_weights, column_weights):
    """Checked scaled cost C/eps and the logarithms of the weights."""
    cost = tf.convert_to_tensor(cost)
    if cost.shape.rank is None or cost.shape.rank < 2:
        raise UserError(f"a cost must have shape (..., n, m), got {cost.shape}.")
    if not cost.dtype.is_floating:
        raise UserError(f"a cost must be floating point, got {cost.dtype.name}.")
    if not (isinstance(epsilon, tf.Tensor) or epsilon > 0):
        raise UserError(f"epsilon must be above 0, got {epsilon!r}.")
    shape = tf.shape(cost)
    num_rows = cost.shape[-2] or shape[-2]
    num_columns = cost.shape[-1] or shape[-1]
    log_a = log_weights(row_weights, cost, num_rows, "row_weights")
    log_b = log_weights(column_weights, cost, num_columns, "column_weights")
    return cost / _number(epsilon, cost.dtype), log_a, log_b


def log_step(scaled, transposed, h, log_a, log_b):
    r"""One iteration in the log domain; potentials are in units of epsilon.

    $$f_i \leftarrow -LSE_j(h_j - C_{ij} + \log b_j), \qquad
      h_j \leftarrow -LSE_i(f_i - C_{ij} + \log a_i)$$

    Args:
        scaled: $C / \epsilon$, shape (..., n, m).
        transposed: the same, shape (..., m, n).
        h: potentials of the columns, shape (..., m).
        log_a, log_b: logarithms of the weights, (n,) and (m,) or with leading axes.

    Returns:
        (f, h): the new potentials, shapes (..., n) and (..., m).
    """
    f = -tf.reduce_logsumexp((h + log_b)[..., None, :] - scaled, axis=-1)
    h = -tf.reduce_logsumexp((f + log_a)[..., None, :] - transposed, axis=-1)
    return f, h


def _next_log_step(scaled, transposed, f, h, log_a, log_b):
    r"""`log_step` when (f, h) come from one: each exponential is computed once.

    $$f_i \leftarrow f_i - \log \sum_j b_j e^{f_i + h_j - C_{ij}}, \qquad
      h_j \leftarrow h_j - \log \sum_i a_i e^{f_i + h_j - C_{ij}}$$
    The potentials take the place of the largest exponent, so no pass over the costs is
    spent on it. This is safe: a sum over a row is a mean, with weights that sum to 1,
    of the reciprocals of the last sums over columns, and the other way round; the sums
    hence never leave the range of the first ones.
    """
    rows = tf.exp(f[..., :, None] + (h + log_b)[..., None, :] - scaled)
    f -= tf.math.log(tf.reduce_sum(rows, axis=-1))
    columns = tf.exp(h[..., :, None] + (f + log_a)[..., None, :] - transposed)
    return f, h - tf.math.log(tf.reduce_sum(columns, axis=-1))


def _log_round(problem, f, h, steps, tolerance):
    """At most `steps` iterations in the log domain: potentials and row error."""
    scaled, log_a, log_b = problem
    transposed = tf.linalg.matrix_transpose(scaled)  # both reductions are contiguous

    def error(f, new_f):
        # The old potentials' rows sum to a exp(f - new_f): the error comes for free.
        rows = tf.exp(log_a) * tf.abs(tf.math.expm1(f - new_f))
        return tf.reduce_max(tf.reduce_sum(rows, -1))

    def body(step, f, h, _):
        new_f, h = _next_log_step(scaled, transposed, f, h, log_a, log_b)
        return step + 1, new_f, h, error(f, new_f)

    first_f, h = log_step(scaled, transposed, h, log_a, log_b)
    start = (1, first_f, h, error(f, first_f))
    return tf.while_loop(loops.unfinished(steps, tolerance), body, start)[1:]


def kernel_round(problem, f, h, steps, tolerance):
    r"""At most `steps` iterations around (f, h) as matrix-vector products.

    Scalings start at 1. Where they leave the range of floating point the round is done
    again in the log domain.

    Args:
        problem: $(C / \epsilon, \log a, \log b)$.
        f, h: potentials to start from, in units of epsilon, (..., n) and (..., m).
        steps: number of iterations, a scalar tensor.
        tolerance: row error below which to stop, or None.

    Returns:
        (f, h, error): the new potentials and the largest row error before the last
        step.
    """
    _, log_a, log_b = problem
    kernel = _plan(problem, f, h)
    a, b = tf.exp(log_a)[..., None], tf.exp(log_b)[..., None]

    def body(step, u, v, _):
        rows = tf.matmul(kernel, v)  # (..., n, 1)
        error = tf.reduce_max(tf.reduce_sum(tf.abs(u * rows - a), (-2, -1)))
        u = a / rows
        v = b / tf.matmul(kernel, u, transpose_a=True)  # (..., m, 1)
        return step + 1, u, v, error

    start = (
        0,
        tf.ones_like(f)[..., None],
        tf.ones_like(h)[..., None],
        loops.infinite(f),
    )
    _, u, v, error = tf.while_loop(loops.unfinished(steps, tolerance), body, start)
    log_u, log_v = tf.math.log(u[..., 0]), tf.math.log(v[..., 0])
    return tf.cond(
        loops.in_range(log_u) & loops.in_range(log_v),
        lambda: (f + log_u, h + log_v, error),
        lambda: _log_round(problem, f, h, steps, tolerance),
    )


def _plan(problem, f, h):
    scaled, log_a, log_b = problem
    return tf.exp((f + log_a)[..., :, None] + (h + log_b)[..., None, :] - scaled)


def solve(
    cost,
    epsilon,
    num_iterations=100,
    *,
    row_weights=None,
    column_weights=None,
    form="stabilised",
    tolerance=None,
):
    r"""Sinkhorn's algorithm: the optimal dual potentials.

    Every iteration ends with a column update, so columns of the plan are exact. The
    loop is compiled by XLA on its own, also inside a training step that is not: its
    many small operations gain most, and networks are left to the library's kernels.
    Other values of `epsilon` or `num_iterations` do not retrace; a new shape does.
    No gradient flows into the potentials. The first ones are $f_i = \min_j C_{ij}$ and
    its c-transform.

    Args:
        cost: $C$, floating point, shape (..., n, m).
        epsilon: regularisation, in units of the cost; the paper's $1/\lambda$.
        num_iterations: iterations (row and column update); at most, with `tolerance`.
        row_weights: $a$, shape (n,) or (..., n), not negative, sums to 1; uniform by
            default. A weight may be 0; then every round is done in the log domain.
        column_weights: $b$, shape (m,) or (..., m), likewise.
        form: one of `FORMS`.
        tolerance: stop once every problem's row error $\sum_i |(P1)_i - a_i|$ is
            below; None to run all iterations.

    Returns:
        `Potentials`.

    Raises:
        UserError: an argument is impossible.
    """
    if form not in FORMS:
        raise unknown("form", form, FORMS)
    if num_iterations < 1:
        raise UserError(f"num_iterations must be at least 1, got {num_iterations!r}.")
    problem = _problem(cost, epsilon, row_weights, column_weights)
    iterations = tf.convert_to_tensor(num_iterations, tf.int32)
    if tolerance is not None:
        tolerance = _number(tolerance, problem[0].dtype)
    problem = tuple(map(tf.stop_gradient, problem))
    f, h = _iterate(problem, iterations, tolerance, form)
    epsilon = _number(epsilon, f.dtype)
    return Potentials(f * epsilon, h * epsilon)


@tf.function(jit_compile=True, autograph=False, reduce_retracing=True)
def _iterate(problem, num_iterations, tolerance, form):
    """The compiled loop: potentials in units of epsilon."""
    f, h = loops.start(problem[0])
    one_round = _log_round if form == "log" else kernel_round

    def body(step, f, h, _):
        steps = tf.minimum(_ROUND, num_iterations - step)
        return step + steps, *one_round(problem, f, h, steps, tolerance)

    condition = loops.unfinished(num_iterations, tolerance)
    _, f, h, _ = tf.while_loop(condition, body, (0, f, h, loops.infinite(f)))
    return f, h


def plan(cost, epsilon, potentials, row_weights=None, column_weights=None):
    r"""$P_{ij} = a_i b_j \exp((f_i + h_j - C_{ij})/\epsilon)$, shape (..., n, m)."""
    problem = _problem(cost, epsilon, row_weights, column_weights)
    epsilon = _number(epsilon, problem[0].dtype)
    return _plan(problem, potentials.rows / epsilon, potentials.columns / epsilon)


def dual_value(cost, epsilon, potentials, row_weights=None, column_weights=None):
    r"""The dual objective: a lower bound of $OT_\epsilon$ for any potentials.

    $$a^T f + b^T h - \epsilon \Big(\sum_{ij} P_{ij} - 1\Big)$$
    After a column update the last term is zero.

    Returns:
        Shape (...), in units of the cost.
    """
    _, log_a, log_b = _problem(cost, epsilon, row_weights, column_weights)
    mass = tf.reduce_sum(
        plan(cost, epsilon, potentials, row_weights, column_weights), (-2, -1)
    )
    linear = tf.reduce_sum(tf.exp(log_a) * potentials.rows, -1)
    linear += tf.reduce_sum(tf.exp(log_b) * potentials.columns, -1)
    return linear - _number(epsilon, mass.dtype) * (mass - 1.0)


def value(cost, epsilon, num_iterations=100, **options):
    r"""$OT_\epsilon$, with the gradient that the envelope theorem gives.

    $$\frac{\partial OT_\epsilon}{\partial C_{ij}} = P_{ij}$$
    The iterations are not differentiated: at the optimum the potentials' own
    dependence on $C$ does not matter to first order.

    Args:
        cost, epsilon, num_iterations: as for `solve`.
        **options: for `solve`.

    Returns:
        Shape (...), in units of the cost.
    """
    weights = {k: options.get(k) for k in ("row_weights", "column_weights")}

    @tf.custom_gradient
    def with_envelope(cost):
        potentials = solve(cost, epsilon, num_iterations, **options)
        matching = plan(cost, epsilon, potentials, **weights)

        def gradient(upstream):
            return upstream[..., None, None] * matching

        return dual_value(cost, epsilon, potentials, **weights), gradient

    return with_envelope(tf.convert_to_tensor(cost))


def matching(cost, epsilon, num_iterations=100, *, form="stabilised"):
    """The plan of `solve` as a constant: no gradient flows into it (algorithm 1).

    Args:
        cost, epsilon, num_iterations, form: as for `solve`; uniform weights.

    Returns:
        Couplings, shape (..., n, m); the entries of each sum to 1.
    """
    potentials = solve(cost, epsilon, num_iterations, form=form)
    return tf.stop_gradient(plan(cost, epsilon, potentials))
