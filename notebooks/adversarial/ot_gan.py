# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Improving GANs using optimal transport
#
# **A GAN needs a number that says how far its samples are from the data. In one hour
# you will compute that number exactly, from two sides that meet in the middle; make it
# fast and differentiable; remove its bias; and train generators with it that survive
# what kills the others: a critic that stops learning.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 60 minutes to read, about one minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** Expectations, gradients, what a linear program is; `keras.Model`
# > and `fit`. No earlier lesson is needed.
# >
# > **Source.** Salimans, Zhang, Radford & Metaxas, *Improving GANs using optimal
# > transport* (2018). Its equation numbers are used; the full list is at the end.
#
# **You will be able to**
#
# * Write optimal transport as a linear program, write its dual, and see them agree.
# * Tell the two routes to a generative model apart: a *critic* (dual) and a *matching*
#   (primal), and say what each gets wrong.
# * Run Sinkhorn's algorithm in the log domain and know its error bars.
# * Differentiate through an optimum without differentiating the iteration that finds it.
# * Explain why the distance of two mini-batches is biased and how four batches mend it.
# * Train OT-GAN with and without class labels, against a GAN, WGAN-GP and two ablations.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $x \sim p$, $y \sim g$ | `x`, `y` | (batch, ...) | data, generated examples |
# | $C$ | `cost` | (..., n, m) | $C_{ij} = c(x_i, y_j)$ |
# | $P$, $M$ | `plan`, `matching` | (..., n, m) | coupling: how much of $x_i$ goes to $y_j$ |
# | $a, b$ | `row_weights`, `column_weights` | (n,), (m,) | weights of the points, $1/n$ and $1/m$ here |
# | $f, h$ | `rows`, `columns` | (..., n), (..., m) | dual potentials |
# | $\epsilon = 1/\lambda$ | `epsilon` | number | entropic regularisation |
# | $K$ | `batch_size` is $2K$ | number | examples in one mini-batch |
# | $v(x)$ | `critic(x)` | (batch, features) | the critic's features, of length 1 |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import functools
import os

import keras
import numpy as np
import tensorflow as tf
from scipy import stats
from scipy.spatial.distance import cdist

for backend in ("TENSORFLOW", "JAX", "PYTORCH"):
    os.environ.setdefault(f"POT_BACKEND_DISABLE_{backend}", "1")
import ot

from lessons.adversarial.ot_gan import (
    config,
    critic_1d,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    model,
    model_clipped,
    networks,
    networks_images,
    paper,
    sinkhorn,
    theory,
    theory_exact,
)
from lessons.adversarial.ot_gan.variants import VARIANTS
from lessons.toolkit import adversarial, animation, results, turning
from lessons.toolkit.adversarial import theory as dual_losses
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. The question
#
# A generative adversarial network trains a generator $g$ against a discriminator $d$
# that tells data from samples (eq. 1):
#
# $$\min_g \max_d \; E_{x\sim p} \log d(x) + E_{y \sim g} \log(1 - d(y)).$$
#
# The inner maximum is a distance between $p$ and $g$, but only *at* the maximum. In
# practice $d$ is a network some steps behind, and its value says little. Suppose you
# stopped training $d$: the generator would walk to the single point that $d$ likes best.
#
# Let us instead start from a distance that two finite samples simply *have*. This is
# where the hour leads:

# %%
show(figures_theory.architecture())

# %% [markdown]
# **The model.** Two batches of data and two of samples go through one critic. Six pairs of
# batches have six cost matrices; six couplings, held constant, say who is matched with
# whom; the weighted sum of what the matchings cost is the loss $L$. Dashed: the gradients,
# to the generator on its turn and, with the other sign, to the critic on its own. The
# sections below build it from the right to the left.
#
# ## 2. Two programs, one number
#
# Move the points $x_i$ onto the points $y_j$; moving a unit costs $C_{ij}$. A *plan*
# $P_{ij}$ says how much goes where. The cheapest plan (eq. 2) solves
#
# $$OT(p, g) = \min_{P \ge 0} \langle P, C\rangle
#   \quad\text{with}\quad P 1 = a,\; P^\top 1 = b .$$
#
# The *whole* matrix $P$ is the joint distribution; each of its rows sums to $1/n$, not
# to 1. Every linear program has a dual. Give each row constraint a price $f_i$ and each
# column constraint a price $h_j$:
#
# $$\max_{f, h}\; a^\top f + b^\top h \quad\text{with}\quad f_i + h_j \le C_{ij}.$$
#
# A carrier who collects at price $f_i$ and delivers at $h_j$, never dearer than your
# own cost, can earn at most what you would pay: that is weak duality. Strong duality
# says that he can earn all of it. If $C$ is a *metric*, then $h = -f$ suffices and the
# constraint says that $f$ has slope at most 1 (Kantorovich and Rubinstein, eq. 3):
#
# $$W_1(p, g) = \sup_{Lip(f) \le 1} E_p f - E_g f .$$

# %%
show_source(theory_exact.primal, theory_exact.dual, theory_exact.kantorovich_rubinstein)

# %% [markdown]
# Thirty blue and thirty orange points; three programs and one library solve for the same
# number.

# %%
x = rng.normal(size=(30, 2))
y = rng.normal(size=(30, 2)) * [1.0, 0.4] + [2.0, 0.5]
cost = cdist(x, y)
weights = np.full(30, 1 / 30)
primal = theory_exact.primal(cost)
dual = theory_exact.dual(cost)
rubinstein, critic_x, critic_y = theory_exact.kantorovich_rubinstein(x, y, cdist)
slack = cost - dual.rows[:, None] - dual.columns

claims.equal("dual LP = primal LP", dual.value, primal.value, tolerance=1e-9)
claims.equal("Kantorovich-Rubinstein LP", rubinstein, primal.value, tolerance=1e-9)
claims.equal(
    "POT's network simplex",
    ot.emd2(weights, weights, cost),
    primal.value,
    tolerance=1e-9,
)
claims.below("dual prices exceed the cost by at most", -slack, 1e-9)
claims.below("complementary slackness: P (C - f - h)", primal.plan * slack, 1e-10)
claims.below(
    "h is the c-transform of f",
    np.abs(theory_exact.c_transform(cost, dual.rows) - dual.columns),
    1e-9,
)

# %% [markdown]
# In one dimension the optimal plan is sorting. This is one of the few cases with a closed
# form; another is a pair of Gaussians under the *squared* Euclidean cost.

# %%
left, right = rng.normal(size=40), rng.normal(size=40) + 1
sorted_value = theory_exact.wasserstein_1d(left, right)
line = theory_exact.primal(np.abs(left[:, None] - right))
claims.equal("1-D: sorting = linear program", sorted_value, line.value, tolerance=1e-9)
claims.equal(
    "1-D: SciPy's integral of |F - G|",
    stats.wasserstein_distance(left, right),
    line.value,
    tolerance=1e-9,
)

# %% [markdown]
# ## 3. The dual route: critics
#
# Replace the potential $f$ by a network, now called a *critic*, and keep its slope bounded,
# somehow: this is a *Wasserstein GAN* (WGAN). *Weight clipping* keeps every weight in
# $[-c, c]$; the *gradient penalty* of WGAN-GP subtracts
# $\lambda E(\|\nabla f(\hat x)\| - 1)^2$ at random points between data and samples.

# %%
show_source(dual_losses.wasserstein_critic_loss, dual_losses.gradient_penalty)
show_source(adversarial.PenalizedWGAN.critic_loss)

# %% [markdown]
# How good is the number they give? Take samples that are the data moved by $m$, so that
# $W_1 = m$ exactly. Along the way between them a critic of slope $s$ earns $s m$ and
# pays $\lambda (s - 1)^2$: the best slope is
#
# $$s^* = 1 + \frac{m}{2\lambda} > 1 .$$
#
# The penalty is soft, so WGAN-GP *overestimates*, the more so the further apart the two
# are. A clipped linear critic has slope exactly $c$: it returns $c W_1$, a number whose
# scale means nothing. We train all of them.
#
# The penalty has a second, worse property: it only sees $|s|$. For $s < 0$ the objective
# is $s m - \lambda (|s| - 1)^2$, whose derivative $m - 2 \lambda (s + 1)$ vanishes at the
# mirror image $s = -1 + m/(2\lambda)$. A linear critic that starts with the wrong sign
# ends there and stays: it calls the distance *negative*.

# %%
narrow = rng.normal(size=128) * 0.02
linear = functools.partial(
    critic_1d.train_critic, adversarial.PenalizedWGAN, units=(), steps=1000
)
for m in (1.0, 4.0):
    slopes = np.array([linear(narrow, narrow + m, seed=k)[1] / m for k in range(3)])
    best, right = theory_exact.penalized_slope(m, 10.0), slopes > 0
    print(f"m = {m:g}: slopes of 3 linear critics", np.round(slopes, 2))
    claims.equal(
        f"WGAN-GP, m = {m:g}: slope 1 + m/2λ",
        np.median(slopes[right]),
        best,
        tolerance=0.01,
        digits=3,
        control=("Kantorovich-Rubinstein's", 1.0),
    )
    claims.equal(
        "  from the wrong side: −1 + m/2λ",
        np.round(np.median(slopes[~right]), 2),
        best - 2,
        tolerance=0.01,
        digits=3,
        control=("from the right side", best),
    )
clipped = functools.partial(model_clipped.ClippedWGAN, clip=0.3)
line_critic, line_value = critic_1d.train_critic(clipped, narrow, narrow + 1, units=())
claims.equal(
    "clipped linear critic, c = 0.3: c W₁", line_value, 0.3, tolerance=1e-3, digits=2
)
wide_critic, wide_value = critic_1d.train_critic(
    clipped, narrow, narrow + 1, units=(32,)
)
claims.above(
    "  with a hidden layer of 32: another multiple of W₁",
    wide_value,
    1.5,
    digits=1,
    control=("linear", line_value),
)

# %%
ends = rng.normal(size=60) * 0.3
penalised, penalised_value = critic_1d.train_critic(
    adversarial.PenalizedWGAN, ends, ends + 2, seed=2
)
claims.equal(
    "the network of the figure, slope 1 + m/2λ",
    penalised_value / 2,
    theory_exact.penalized_slope(2.0, 10.0),
    tolerance=0.04,
    digits=2,
    control=("Kantorovich-Rubinstein's", 1.0),
)
flat, flat_value = critic_1d.train_critic(clipped, ends, ends + 2, units=())
grid = np.linspace(-1.2, 3.2, 200)
show(
    figures_theory.critics(
        grid,
        [
            ("Kantorovich–Rubinstein", -grid, 2.0),
            ("gradient penalty", penalised(grid), penalised_value),
            ("clipped, c = 0.3", flat(grid), flat_value),
        ],
        ends,
        ends + 2,
    )
)

# %% [markdown]
# **Figure 1.** Three critics for data around 0 and samples around 2. The number in the
# legend is what each calls the distance; the true one is 2. A constant scale does a
# generator little harm. The *lag* may do more: each critic was fitted to these samples,
# and says nothing of where they will be after the next step. Section 7 tries that.
#
# ## 4. The primal route: Sinkhorn
#
# A linear program for every training step is slow, and its solution jumps. Add the
# entropy of the plan (Cuturi 2013):
#
# $$OT_\epsilon = \min_P \langle P, C\rangle + \epsilon\, KL(P \,\|\, a b^\top).$$
#
# Here $KL(P \,\|\, a b^\top) = \sum_{ij} P_{ij} \log (P_{ij} / a_i b_j)$.
# (The paper allows only plans whose entropy is at least some $\alpha$. With a
# Lagrange multiplier $\epsilon$ for that constraint it is the same problem: to each $\alpha$
# that binds belongs an $\epsilon$.)
#
# Now the optimum is smooth and has a form:
# $P_{ij} = a_i b_j \exp((f_i + h_j - C_{ij})/\epsilon)$. The two marginal constraints give
# two equations, each solved exactly while the other potential is held:
#
# $$f_i \leftarrow -\epsilon \log \sum_j b_j e^{(h_j - C_{ij})/\epsilon}, \qquad
#   h_j \leftarrow -\epsilon \log \sum_i a_i e^{(f_i - C_{ij})/\epsilon} .$$
#
# Each is a *log-sum-exp*: never form $e^{-C/\epsilon}$ by itself. With the paper's
# $\lambda = 500$, and costs spread over the whole range from 0 to 2, most of it is zero in
# float32. (In the second check below the columns were updated last, so their sums are
# right *by construction*: it says that nothing left the range of float32, not that the
# iteration has converged. The rows of so hard a problem need more iterations.)

# %%
show_source(sinkhorn.log_step)

# %%
typical = rng.uniform(0, 2, size=(200, 200)).astype(np.float32)
underflow = np.mean(np.exp(-500 * typical) == 0)
claims.above(
    "fraction of exp(−500 C) that is 0 in float32",
    underflow,
    0.85,
    digits=3,
    control=("exp(−30 C)", np.mean(np.exp(-30 * typical) == 0)),
)
hard = tf.constant(5000 * typical[:30, :30])
hard_plan = sinkhorn.plan(hard, 1.0, sinkhorn.solve(hard, 1.0, 500)).numpy()
claims.equal(
    "our solver at C/ε up to 10,000 in float32: column sums",
    hard_plan.sum(0),
    1 / 30,
    tolerance=1e-4,
)
naive = np.exp(-hard.numpy().astype(np.float32))
with np.errstate(all="ignore"):
    naive = naive / naive.sum(axis=1, keepdims=True)
claims.true(
    "  every entry of its plan is a number",
    np.isfinite(hard_plan),
    control=("one row update of exp(−C/ε)", np.isfinite(naive)),
)

# %% [markdown]
# The same iteration as matrix-vector products is much faster, in a narrower range. Our
# solver takes both: it exponentiates once around the potentials reached so far, where
# every row and column is in range by construction, iterates with matrix products, and
# repeats a round in the log domain if it left the range after all. The whole loop is
# one XLA program, for a batch of problems at once.

# %%
show_source(sinkhorn.kernel_round)

# %% [markdown]
# Is it right? The dual value never exceeds the primal value, and the gap must close. And
# the price of the entropy has a bound. With $P_\epsilon$ the regularised plan and $P$ the
# exact one, $P_\epsilon$ is the better of the two for the regularised problem:
# $\langle P_\epsilon, C\rangle + \epsilon KL(P_\epsilon) \le \langle P, C\rangle + \epsilon KL(P)$.
# So the excess cost is at most $\epsilon\,(KL(P) - KL(P_\epsilon)) \le \epsilon \log n$,
# since no coupling of uniform weights is further than $\log n$ from the product.

# %%
costs = tf.constant(cost)
epsilons = [1.0, 0.3, 0.1, 0.03]
excess, entropies = [], []
for epsilon in epsilons:
    potentials = sinkhorn.solve(costs, epsilon, 20_000)
    plan = sinkhorn.plan(costs, epsilon, potentials).numpy()
    divergence = np.sum(
        plan * np.log(plan * 900, where=plan > 0, out=np.zeros((30, 30)))
    )
    value = np.sum(plan * cost) + epsilon * divergence
    claims.equal(
        f"primal − dual at ε = {epsilon:g}, 20,000 iterations",
        value - sinkhorn.dual_value(costs, epsilon, potentials).numpy(),
        0,
        tolerance=1e-9,
    )
    excess.append(np.sum(plan * cost) - primal.value)
    entropies.append(np.log(900) - divergence)
claims.above(
    "⟨P, C⟩ − OT is not negative", excess, 0, digits=2, theorem="OT is the least"
)
claims.above(
    "and stays below ε log n: what is left",
    np.array(epsilons) * np.log(30) - excess,
    0,
    digits=2,
    theorem="above",
)
claims.below(
    "entropy of the plan falls with ε: steps",
    np.diff(entropies),
    0,
    digits=2,
    theorem="comparing two optima",
)
claims.above(
    "towards log n = 3.40, that of a permutation",
    entropies,
    np.log(30),
    digits=3,
    theorem="H(x, y) ≥ H(x)",
)

reference = ot.sinkhorn(
    weights, weights, cost, 0.1, method="sinkhorn_log", numItermax=20_000, stopThr=1e-13
)
ours = sinkhorn.plan(costs, 0.1, sinkhorn.solve(costs, 0.1, 20_000)).numpy()
claims.equal("plan of POT's log-domain solver", ours, reference, tolerance=1e-9)

# %%
exact_pairs = primal.plan > 0
shown, plans = [1, 0.3, 0.1, 0.03, 0.01, 0.005, 0.002, 0.001], []
print(
    "    ε   excess cost   mass on the exact pairs   points with more than half there"
)
for epsilon in shown:
    solved = sinkhorn.solve(costs, epsilon, 200_000, tolerance=1e-7)
    plans.append(sinkhorn.plan(costs, epsilon, solved).numpy())
    kept = plans[-1][exact_pairs]
    print(
        f"{epsilon:5g} {np.sum(plans[-1] * cost) - primal.value:13.4f}"
        f"{kept.sum():26.0%}{np.sum(kept > 0.5 / 30):25d} of 30"
    )
claims.below(
    "ε = 0.002: excess cost relative to OT",
    (np.sum(plans[-2] * cost) - primal.value) / primal.value,
    1e-3,
)
claims.below(
    "  yet the mass on the exact pairs is",
    np.sum(plans[-2][exact_pairs]),
    0.5,
    digits=2,
    control=("the exact plan", np.sum(primal.plan[exact_pairs])),
)
turning.show(figures_theory.plan_turning(x, y, primal.plan, shown, plans))

# %% [markdown]
# **Figure 2.** Turn the regularisation. *Left:* lines join points that exchange mass,
# darker for more. *Right:* the plan as a matrix, its rows sorted by the exact partner, so
# that the exact plan is the diagonal. With $\epsilon = 1$ nearly everyone deals with
# everyone. At 0.002 the **cost** is right to a thousandth, and still less than half of the
# mass is on the exact pairs: among thirty points there are near-ties, exchanges of
# partners that cost less than $\epsilon$, and entropy buys them all. For training this is
# no loss: what is used is the cost and its gradient, and a plan that blends near-ties
# does not jump when a point moves.

# %%
paths = []
steps = np.unique(np.geomspace(1, 3000, 25).astype(int))
for epsilon in (0.3, 0.1, 0.03):
    lower, upper = [], []
    for count in steps:
        potentials = sinkhorn.solve(costs, epsilon, int(count))
        lower.append(sinkhorn.dual_value(costs, epsilon, potentials).numpy())
        plan = sinkhorn.plan(costs, epsilon, potentials).numpy()
        plan = theory_exact.round_to_feasible(plan)
        divergence = np.sum(plan * np.log(np.maximum(plan, 1e-300) * 900))
        upper.append(np.sum(plan * cost) + epsilon * divergence)
    paths.append((epsilon, steps, lower, upper))
    claims.below(
        f"ε = {epsilon:g}: the dual value falls by at most", -np.diff(lower), 1e-12
    )
    claims.below(
        "  and exceeds a feasible plan by at most", max(lower) - min(upper), 1e-9
    )

# %%
show(figures_theory.duality_gaps(paths, epsilons, excess, 30))

# %% [markdown]
# **Figure 3.** *Left:* after each iteration, the dual value is a lower bound; moving the
# plan onto the exact marginals gives an upper bound. Their distance is a certificate, with
# no reference solution needed. *Right:* what the regularisation costs at the end. A small
# $\epsilon$ has the better limit and the longer way: from one curve to the next
# $1/\epsilon$ grows about threefold, and the number of iterations about fourfold. The
# paper's official code runs 500 iterations at $\lambda = 500$ and hides
# what is left of the error by a final row normalisation.
#
# ### The gradient is the plan
#
# Training needs $\partial OT_\epsilon / \partial C$. The optimal potentials depend on $C$
# too, but at an optimum that does not matter to first order (the *envelope theorem*):
#
# $$\frac{\partial\, OT_\epsilon}{\partial C_{ij}} = P_{ij} .$$
#
# So the matching is treated as a constant. "No back-propagation through the matching",
# says the paper; the costs are of course differentiated. And it is the gradient of the
# *regularised* value. The sharp value $\langle P(C), C \rangle$ has another one:

# %%
show_source(sinkhorn.value)

# %%
with tf.GradientTape() as tape:
    tape.watch(costs)
    regularised = sinkhorn.value(costs, 0.3, 3000)
gradient = tape.gradient(regularised, costs).numpy()
plan = sinkhorn.plan(costs, 0.3, sinkhorn.solve(costs, 0.3, 3000)).numpy()
bump = np.zeros((30, 30))
bump[3, 7] = 1e-4
smooth, sharp = [], []
for sign in (1, -1):
    moved = tf.constant(cost + sign * bump)
    other = sinkhorn.plan(moved, 0.3, sinkhorn.solve(moved, 0.3, 3000))
    smooth.append(sinkhorn.value(moved, 0.3, 3000).numpy())
    sharp.append(tf.reduce_sum(other * moved).numpy())
smooth_slope, sharp_slope = (np.subtract(*v) / 2e-4 for v in (smooth, sharp))
claims.equal("gradient of OT_ε is the plan", gradient, plan, tolerance=1e-12)
claims.below(
    "finite difference of OT_ε / P − 1", abs(smooth_slope / plan[3, 7] - 1), 1e-5
)
claims.above(
    "the same for the sharp value is off by (relative)",
    abs(sharp_slope / plan[3, 7] - 1),
    0.02,
    digits=2,
    control=("for OT_ε", round(abs(smooth_slope / plan[3, 7] - 1), 5)),
)

# %% [markdown]
# ## 5. From batches to distributions
#
# We only ever see mini-batches $X, X' \sim p^K$, $Y, Y' \sim g^K$. Is the distance of two
# batches an honest estimate of the distance of the distributions? No. Even if $g = p$, two
# batches differ; and the bias moves the optimum. Bernoulli data with mean 0.6, batches of
# one (Bellemare et al. 2017):

# %%
thetas = np.linspace(0, 1, 101)
for kind, best in (("wasserstein", 1.0), ("cramer", 0.6)):
    curve = theory_exact.expected_minibatch_distance(thetas, 0.6, 1, kind)
    claims.equal(
        f"best θ by the mean mini-batch {kind} distance", thetas[np.argmin(curve)], best,
        tolerance=1e-9, digits=2,
    )  # fmt: skip

# %% [markdown]
# The *energy distance* does not have that bias (eq. 5):
# $D^2 = 2 E\|x-y\| - E\|x-x'\| - E\|y-y'\|$. The two last terms are what two draws of the
# *same* distribution cost. It also is a proper distance:

# %%
show_source(theory.generalized_energy_distance)

# %%
closed = theory_exact.gaussian_energy_distance(1.0)
grid = np.linspace(-12, 13, 200_001)
cdf_gap = stats.norm.cdf(grid) - stats.norm.cdf(grid - 1)
claims.equal("D² of N(0,1), N(1,1), closed form", closed, 0.5418065793, tolerance=1e-9)
claims.equal(
    "2 ∫ (F − G)²", 2 * np.trapezoid(cdf_gap**2, grid), closed, tolerance=1e-8, digits=7
)
many = rng.normal(size=(2, 200_000))
claims.equal(
    "SciPy's energy distance of 200,000 draws, squared",
    stats.energy_distance(many[0], many[1] + 1) ** 2,
    closed,
    tolerance=4e-3,
    digits=2,
)

# %% [markdown]
# With any $d$ in place of $\|x - y\|$ this is the *generalised* energy distance. A common
# mistake, also in summaries of this paper: "$d$ satisfies the triangle inequality, so
# $D^2 \ge 0$". A metric is **not** enough; $d$ must be *of negative type*. Counter-example:
# walk along the edges of the complete bipartite graph $K_{3,3}$. Across is one step, to
# your own side two. Let $p$ live on one side and $g$ on the other:

# %%
across, within = np.ones((3, 3)), 2 * (1 - np.eye(3))
path = np.block([[within, across], [across, within]])
triangle = path[:, :, None] + path[None, :, :] - path[:, None, :]
claims.below("shortest paths break the triangle inequality by", -triangle, 1e-12)
claims.equal(
    "yet D² = 2·1 − 4/3 − 4/3",
    float(theory.generalized_energy_distance(across, within, within, unbiased=False)),
    -2 / 3,
    tolerance=1e-6,
)
small = 2 * (1 - np.eye(2))
claims.equal(
    "K₂,₂: D² = 0 although p and g differ",
    float(
        theory.generalized_energy_distance(
            np.ones((2, 2)), small, small, unbiased=False
        )
    ),
    0,
    tolerance=1e-9,
)

# %% [markdown]
# What does "of negative type" mean? Take any kernel $k$ and let
# $d(x, x') = k(x, x) + k(x', x') - 2 k(x, x')$, a squared distance of features. In $D^2$
# the terms $k(x, x)$ cancel, and what is left is a *maximum mean discrepancy*
# (Sejdinovic et al. 2013; the penalty of
# [`wasserstein_autoencoder`](../autoencoders/wasserstein_autoencoder.ipynb), section 6):
#
# $$D^2 = 2\,\big(E k(X, X') + E k(Y, Y') - 2 E k(X, Y)\big)
#   = 2\, \| E \phi(X) - E \phi(Y) \|^2 \ge 0 .$$
#
# Every $d$ of negative type has such a kernel. Cramér GAN (Bellemare et al. 2017) trains
# with the energy distance of a critic's features; OT-GAN goes another way.


# %%
def gaussian_kernel(x, y):
    return np.exp(-cdist(x, y, "sqeuclidean") / 2)


kernels = [gaussian_kernel(x, y), gaussian_kernel(x, x), gaussian_kernel(y, y)]
discrepancy = kernels[1].mean() + kernels[2].mean() - 2 * kernels[0].mean()
claims.equal(
    "D² with the kernel's distance = 2 MMD²",
    float(
        theory.generalized_energy_distance(
            *(2 - 2 * k for k in kernels), unbiased=False
        )
    ),
    2 * discrepancy,
    tolerance=1e-9,
    digits=4,
)

# %% [markdown]
# ### Mini-batches as the random objects
#
# The paper's idea: let the random objects be *whole mini-batches*, and $d$ be transport
# between them (eq. 7):
#
# $$D^2_{MED} = 2 E\,W(X, Y) - E\,W(X, X') - E\,W(Y, Y') .$$
#
# One step of training estimates it, twice over, from four batches:
#
# $$L = W(X,Y) + W(X,Y') + W(X',Y) + W(X',Y') - 2 W(X,X') - 2 W(Y,Y') .$$
#
# Its mean is 0 at $g = p$, whatever $W$ is. Is it never below 0 elsewhere? By the warning
# above that is a question about $W$: it need not be of negative type. With the cosine
# cost it is not. Let $p$ be uniform on the even and $g$ on the odd corners of a regular
# octagon of unit features and match exactly: if you go through all mini-batches of two,
# $D^2_{MED}$ comes out slightly *negative*:

# %%
octagon = [theory_exact.octagon_distance(size) for size in (1, 2)]
claims.below(
    "octagon, cosine cost, all batches of two: D²_MED",
    octagon[1],
    -1e-3,
    digits=3,
    control=("single points, of negative type", abs(round(octagon[0], 9))),
)

# %% [markdown]
# So with a learned critic and exact matching, a loss of 0 is not proved to be the least. On
# a line, where matching is sorting and the cost is $|x - y|$, this cannot happen:

# %%
sizes = [1, 4, 16, 64, 256]
within_mean, within_error, loss_mean, loss_error, med = [], [], [], [], []
for size in sizes:
    draws = rng.normal(size=(4, 200_000 // size + 2000, size))
    moved = draws + np.array([0, 0, 1, 1])[:, None, None]
    same = [theory_exact.wasserstein_1d(draws[i], draws[j]) for i, j in theory.PAIRS]
    apart = [theory_exact.wasserstein_1d(moved[i], moved[j]) for i, j in theory.PAIRS]
    losses = np.tensordot(theory.WEIGHTS, same, 1)
    within_mean.append(np.mean(same[4:]))
    within_error.append(np.std(same[4]) / np.sqrt(2 * len(losses)))
    loss_mean.append(losses.mean())
    loss_error.append(losses.std() / np.sqrt(len(losses)))
    med.append(np.tensordot(theory.WEIGHTS, apart, 1).mean() / 2)
within_mean, loss_mean, loss_error = map(np.array, (within_mean, loss_mean, loss_error))
claims.equal(
    "E W(X, X') at K = 1 is 2/√π",
    within_mean[0],
    2 / np.sqrt(np.pi),
    tolerance=0.01,
    digits=3,
)
claims.above(
    "E W(X, X') at K = 256, still",
    within_mean[-1],
    0.1,
    digits=2,
    control=("the four-batch loss", loss_mean[-1]),
)
claims.below(
    "|mean of L| at p = g, in standard errors",
    abs(loss_mean) / loss_error,
    4,
    digits=2,
    control=("without the within terms", 2 * within_mean / np.array(within_error)),
)
claims.equal(
    "D²_MED at K = 1 is the energy distance", med[0], closed, tolerance=0.02, digits=2
)
claims.above(
    "D²_MED grows with K: steps",
    np.diff(med),
    0.05,
    digits=2,
    control=("at p = g", np.diff(loss_mean / 2)),
)

# %%
show(
    figures_theory.batch_sizes(
        sizes, within_mean, np.array(within_error), loss_mean, loss_error, med
    )
)

# %% [markdown]
# **Figure 4.** *Left:* what two batches of the same distribution cost. On this line, and
# for large $K$, halving it takes four times the examples; in more dimensions it takes
# more. A training signal must not consist of it. *Right:* with matched batches the same
# two distributions are further apart, the more the larger $K$: from the energy distance at
# $K = 1$ towards $2 W_1 = 2$.
#
# The same repair has a second life. $OT_\epsilon(x, x)$ of a set with *itself* is not zero
# either, because entropy spreads the plan: minimised alone, $OT_\epsilon$ draws samples
# together (below, to the smallest copy that is tried). The *Sinkhorn divergence* (Genevay
# et al. 2018, Feydy et al. 2019) takes it out with the same two within terms, one batch
# each. For costs like the Euclidean distance it is never negative:
#
# $$S_\epsilon(x, y) = OT_\epsilon(x, y) - \tfrac12 OT_\epsilon(x, x)
#   - \tfrac12 OT_\epsilon(y, y) \;\ge\; 0 .$$


# %%
def regularised_value(x, y):
    return float(sinkhorn.value(tf.constant(cdist(x, y)), 1.0, 1000))


centre = x.mean(0)
scales = np.linspace(0.4, 1.2, 17)
shrunk = [centre + scale * (x - centre) for scale in scales]
plain = [regularised_value(x, z) for z in shrunk]
own = [regularised_value(z, z) / 2 for z in (x, *shrunk)]
debiased = np.array(plain) - own[0] - own[1:]
best = [scales[np.argmin(values)] for values in (plain, debiased)]
print(f"scale of the nearest copy of x: OT_ε {best[0]:.2f}, S_ε {best[1]:.2f}")
claims.equal(
    "S_ε is least at the points themselves: scale",
    best[1],
    1.0,
    tolerance=1e-9,
    digits=3,
    control=("OT_ε", best[0]),
)
claims.above(
    "  and not negative: least value at other scales",
    np.delete(debiased, np.argmin(abs(scales - 1))),
    0,
    digits=1,
    theorem="Feydy et al. 2019, theorem 1",
)

# %% [markdown]
# A limit shows what the matching is for. If every example is matched with everyone
# equally (the paper's *random matching*), then with the cosine cost of unit features only
# the batch means are left, a linear kernel:

# %%
features = np.asarray(theory.unit(rng.normal(size=(4, 32, 5))))
cosine = theory.pair_costs(features, theory.PAIRS, theory.cosine_cost)
uniform = theory.matched_cost(cosine, np.full((6, 32, 32), 1 / 32**2))
claims.equal(
    "uniform coupling: L depends on batch means only",
    float(theory.weighted_sum(uniform)),
    float(theory.random_matching_loss(features)),
    tolerance=1e-6,
    digits=3,
)

# %% [markdown]
# ## 6. The algorithm
#
# OT-GAN learns the cost too: a critic $v_\eta$ maps examples to unit features, and
# $c(x, y) = 1 - v(x) \cdot v(y)$ (eq. 8). The critic *maximises* $L$, the generator
# minimises it; `train_step`, which `fit` calls for each batch, decides whose turn it is. For
# any critic, old or new, $L$ compares the data with the samples of this very step, and its
# mean is 0 at $g = p$; so the generator may be updated more often: three times for each
# update of the critic (algorithm 1).

# %%
show_source(
    adversarial.is_critic_turn,
    model.OTGAN.features,
    model.OTGAN.generator_loss,
    adversarial.Adversarial.train_step,
)

# %% [markdown]
# The six costs of a step are one tensor of shape $(6, K, K)$ and one batched Sinkhorn
# problem. With the matching constant, the gradient with respect to features is a matrix
# product, $\partial W / \partial F_a = - M F_b$, which we check against finite differences
# of $OT_\epsilon$ itself:

# %%
first, second = (np.asarray(theory.unit(rng.normal(size=(30, 5)))) for _ in range(2))
angles = tf.constant(1 - first @ second.T, tf.float64)
coupling = sinkhorn.plan(angles, 0.3, sinkhorn.solve(angles, 0.3, 3000)).numpy()
predicted = np.asarray(theory.matched_feature_gradient(coupling, second))
shift = np.zeros((30, 5))
shift[2, 1] = 1e-4
up, down = (
    sinkhorn.value(
        tf.constant(1 - (first + s * shift) @ second.T, tf.float64), 0.3, 3000
    )
    for s in (1, -1)
)
claims.below(
    "∂W/∂F = −M F′ against a finite difference",
    abs(float(up - down) / 2e-4 - predicted[2, 1]),
    1e-6,
)

# %% [markdown]
# One pitfall is worth a cell. A ReLU network without biases is positively homogeneous:
# $v(3x) \propto v(x)$. The cosine cost then cannot see how far a point is from the
# origin, and nothing holds the generator back along a ray until the critic has learned
# biases. Here they start away from zero.

# %%
point = np.array([[0.7, -1.1]], dtype=np.float32)
keras.utils.set_random_seed(0)
distances = []
for scale in (0.0, 1.0):
    critic = networks.dense_critic((2,), (32, 32), 16, bias_scale=scale)
    distances.append(abs(1 - float(np.sum(critic(point) * critic(3 * point)))))
claims.below("cost of (x, 3x), zero biases", distances[0], 1e-6)
claims.above(
    "  biases from N(0, 1)",
    distances[1],
    1e-2,
    digits=1,
    control=("zero biases", round(distances[0], 6)),
)

# %% [markdown]
# ### The published networks
#
# For CIFAR-10 the paper uses weight normalisation with data-dependent initialisation,
# gated linear units in the generator and CReLU in the critic. It states no parameter
# counts; these follow from its tables. Built here without training:

# %%
show_source(networks_images.GLU, networks_images.CReLU)

# %%
published = config.PRESETS["paper"]
generator, critic = experiment.build_networks(published, (32, 32, 3))
for network in (generator, critic):
    claims.equal(
        f"parameters of the published {network.name}",
        network.count_params(),
        paper.PAPER_PARAMETERS[network.name],
        tolerance=0.5,
        digits=9,
    )
del generator, critic

# %% [markdown]
# ## 7. The experiment: freeze the critic
#
# Eight Gaussians on a circle. Each method trains for the same number of generator updates,
# then its critic is **frozen** and the generator goes on alone. If the critic's value still
# compares all of the data with all of the samples, we expect the generator to stay. If it
# was only "what is wrong with the last samples", the generator should leave. Two ablations
# keep the algorithm and spoil a part: *random matching* replaces the plan by the uniform
# coupling, *fixed cost* replaces the learned features by the Euclidean distance of the
# points.
#
# How do we judge? First ask what a *silly* output would score. A ring through the eight
# centres has an energy distance² of .016, which looks small, and every eighth of it is near
# some mode if "near" is generous. So we count a sample as good if it is within **3 standard
# deviations** of a mode, and a mode as found if it has at least half of its share of such
# samples. Of the data $1 - e^{-9/2}$ = 98.9 % are good, up to chance; the ring and one big
# blob are printed as yardsticks.

# %%
show_source(evaluation.mode_metrics)
runs = results.recorded("ot_gan")  # eight seeds of the run below
for kind in ("real", "ring", "blob"):
    print(
        f"{kind:5s} good {runs[kind, 'quality'].mean():6.1%}   modes found "
        f"{runs[kind, 'modes'].mean():.1f}   energy distance² "
        f"{runs[kind, 'energy_distance'].mean():.4f}"
    )

# %%
# NBVAL_IGNORE_OUTPUT
settings = config.PRESETS["laptop"]
report = experiment.run(settings)
assert report.metrics["ot_gan/energy_distance"] < report.metrics["ring/energy_distance"]

# %% [markdown]
# One run is an anecdote. The claims below hold for this run **and** for each of the eight
# recorded ones (`lessons sweep ot_gan --preset laptop --seeds 0-7 --record`), whose means
# and ranges are printed. The recorded runs find 7 or 8 modes. A processor that adds in
# another order is one seed more: with two of five kinds that we tried, the run of seed 0
# found 6.

# %%
m = report.metrics
for name in ("ot_gan", "fixed_cost"):
    claims.above(
        f"{VARIANTS[name].label}, critic frozen: samples within 3 deviations of a mode",
        m[f"{name}/quality"],
        0.6,
        recorded=runs[name, "quality"],
        digits=2,
        control=[
            ("a ring", runs["ring/quality"].max()),
            ("one blob", runs["blob/quality"].max()),
        ],
    )
claims.above(
    "OT-GAN, critic frozen: modes found, of 8",
    m["ot_gan/modes"],
    4.5,
    recorded=runs["ot_gan/modes"],
    digits=2,
    control=[
        ("a ring", runs["ring/modes"].max()),
        ("GAN, its best seed", runs["gan/modes"].max()),
    ],
)
claims.above(
    "OT-GAN: modes more than random matching, least over the recorded seeds",
    (runs["ot_gan/modes"] - runs["random_matching/modes"]).min(),
    0.5,
    digits=2,
    control=(
        "OT-GAN, more than with a fixed cost",
        (runs["ot_gan/modes"] - runs["fixed_cost/modes"]).min(),
    ),
)


def ratio(numbers, name, other="ot_gan"):
    """Energy distance² of one over that of another, both from the same run."""
    return numbers[f"{name}/energy_distance"] / numbers[f"{other}/energy_distance"]


claims.below(
    "OT-GAN / ring: energy distance²",
    ratio(m, "ot_gan", "ring"),
    1,
    recorded=ratio(runs, "ot_gan", "ring"),
    digits=2,
    control=("one blob / ring", ratio(runs, "blob", "ring").mean()),
)
for name, bound in (("gan", 1.5), ("wgan_gp", 1.5), ("random_matching", 0.5)):
    claims.above(
        f"log₁₀ of energy distance², {VARIANTS[name].label} / OT-GAN, critic frozen",
        np.log10(ratio(m, name)),
        bound,
        recorded=np.log10(ratio(runs, name)),
        digits=1,
        control=("fixed cost / OT-GAN", np.log10(ratio(runs, "fixed_cost").mean())),
    )

# %% tags=["cover"]
animation.show(report.figures["film"])

# %% [markdown]
# **Figure 5.** Samples of OT-GAN after each epoch, from the same codes; grey dots are
# held-out data. The colour changes when the critic is frozen. Training had not ended there,
# and the samples go on *tightening*: for the rest of the way the last critic is enough.

# %%
show(report.figures["clouds"])

# %% [markdown]
# **Figure 6.** Above, at the moment of freezing; below, 900 generator updates later; the
# circles have 3 standard deviations. GAN and WGAN-GP, with their usual small rate, leave the
# picture in this run; with two of the eight recorded seeds WGAN-GP ends inside it, with
# no sample on a mode. *Random matching* stays near the circle, with fewer samples on the modes: its
# loss sees only mean features. *Fixed cost* is as good as the learned one **in two
# dimensions**; the paper's failure of a fixed cost (Inception score, see section 9, 4.93
# against 8.47) is about pixels. No method has separated the modes as the data has: more
# than a quarter of the samples of the two best, on average over seeds, lie outside all
# circles.
#
# ### Over seeds

# %%
print(
    f"{'energy distance²':22s} {'before freezing':>26s} {'critic frozen':>26s}", end=""
)
print("   good   modes of 8")
found = dict.fromkeys(settings.variants, runs)
table = {name: known[name, "energy_distance"] for name, known in found.items()}
for name, known in found.items():
    spans = [
        f"{v.mean():.3g} ({v.min():.3g} to {v.max():.3g})"
        for v in (known["trained", name, "energy_distance"], table[name])
    ]
    modes = known[name, "modes"]
    label = f"{VARIANTS[name].label}, {len(known)}"
    print(
        f"{label:22s} {spans[0]:>26s} {spans[1]:>26s}"
        f"  {known[name, 'quality'].mean():5.0%}   {modes.min():.0f} to {modes.max():.0f}"
    )

# %% [markdown]
# The number beside a name counts the seeds. "Good" is the share of samples within 3
# deviations of a mode. Compare each row with the yardsticks of the ring and the blob before
# calling it a success. Random matching does well with some seeds and badly with others: up to
# 74 % of its samples are good and six modes found, down to 8 % and none. Under its frozen
# critic it got *worse* with seven of eight seeds, with five of them by a factor of 1.9 or
# more. So that a loss compares whole batches and is 0 at $g = p$ is not enough for the
# generator to stay; what it sees matters, too.
#
# "Before freezing" was measured with 500 samples, the end with 1,500. How far does the
# distance of 500 jump by chance?

# %%
points = data.load(settings)
chance = [
    evaluation.energy_distance(part, points.test[:500])
    for part in np.split(points.train[:3500], 7)
]
print(f"500 of the data against 500 others: 0 ± {np.std(chance):.3f}")

# %% [markdown]
# ### Is it the rate?
#
# OT-GAN's settings were found by search. Would another rate save the GAN? The last rate is
# that of OT-GAN's own generator. Each cell: energy distance² before freezing (mean), its
# range at the end, and the modes found at the end.

# %%
rivals = ("gan", "wgan_gp")


def change(known, name):
    """Energy distance² at the end over that before freezing, by seed."""
    return known[name, "energy_distance"] / known["trained", name, "energy_distance"]


print(
    f"{'rate':8s}{'seeds':>6s}"
    + "".join(f"{VARIANTS[name].label:>40s}" for name in rivals)
)
grown, kept = [], []
for rate in (3e-4, 1e-3, 5e-3):
    changes = {"variants": rivals, "baseline_rate": rate}
    if rate == settings.baseline_rate:
        changes = {}  # the run above
    tried = results.recorded("ot_gan", **changes)
    cells = []
    for name in rivals:
        after = tried[name, "energy_distance"]
        cells.append(
            f"{tried['trained', name, 'energy_distance'].mean():.2f} then "
            f"{after.min():.2g} to {after.max():.2g}; "
            f"{tried[name, 'modes'].min():.0f} to {tried[name, 'modes'].max():.0f} modes"
        )
        grown.extend(change(tried, name))
        kept.append(tried[name, "modes"].mean())
    print(f"{rate:<8g}{len(tried):6d}" + "".join(f"{cell:>40s}" for cell in cells))
claims.above(
    "GAN, WGAN-GP, every rate and seed: energy distance², end / before freezing",
    grown,
    1,
    digits=2,
    control=("OT-GAN, its worst seed", change(runs, "ot_gan").max()),
)
claims.below(
    "OT-GAN, every seed: the same",
    change(runs, "ot_gan"),
    0.7,
    digits=2,
    control=("GAN, WGAN-GP, the best of all", min(grown)),
)
claims.below(
    "GAN, WGAN-GP, their best rate: modes found at the end, mean over seeds",
    kept,
    6,
    digits=2,
    control=("OT-GAN", runs["ot_gan/modes"].mean()),
)
for name in ("random_matching", "fixed_cost"):
    each = ", ".join(f"{ratio:.2g}" for ratio in np.sort(change(runs, name)))
    print(f"{VARIANTS[name].label}, end / before freezing: {each}")

# %% [markdown]
# So the sight of figure 6, an empty picture, is a matter of the rate, and of the seed. With
# the smallest rate no sample is good at the end. With the largest they stay near *some*
# modes and mostly lose others, which is what the paper saw (3 of 8 modes); the best GAN keeps
# seven. A count of good samples alone would call that a success: more than nine in ten of
# every such GAN's samples are good, against 72 % of OT-GAN's, and with one seed nearly all of
# them lie on one mode. What did not depend on rate or seed, in 17 runs of each, is the
# direction: under a frozen critic every GAN and every WGAN-GP got worse, and OT-GAN got better
# with each of its eight seeds. That is OT-GAN at *this* batch size: with the smaller ones of
# the next section it got worse in five of eight runs. A fixed cost has no critic that could
# be frozen; by the same measure it got better with seven of eight seeds.
#
# ### The size of a mini-batch
#
# The paper finds larger batches better and more stable. Recorded with about the same number
# of updates and smaller batches. (They also see fewer examples, and the rate was chosen for
# the largest batch and not varied here: the difference is not that of the loss alone.)

# %%
by_size = {}
for size, epochs in ((8, 2), (32, 8), (128, 30)):
    budget = {"batch_size": size, "epochs": epochs, "frozen_epochs": epochs}
    tried = runs  # the laptop preset itself has the largest batches
    if size < settings.batch_size:
        tried = results.recorded("ot_gan", variants=("ot_gan",), **budget)
    by_size[size // 2] = tried["ot_gan/energy_distance"]
    worse = np.sum(change(tried, "ot_gan") > 1)
    print(
        f"K = {size // 2:3d}: energy distance² {tried['ot_gan/energy_distance'].mean():.4f}"
        f"   good {tried['ot_gan/quality'].mean():4.0%}   {len(tried)} seeds"
        f", worse under the frozen critic: {worse}"
    )
small, large = by_size[4], by_size[64]
claims.above(
    "mean energy distance², K = 4 / K = 64",
    small.mean() / large.mean(),
    4,
    digits=2,
    control=("K = 64: even seeds / odd seeds", large[::2].mean() / large[1::2].mean()),
)
ring = runs["ring/energy_distance"].mean()
show(figures.curves(settings, report.history, ring, by_size))

# %% [markdown]
# **Figure 7.** *Left:* this run over time, each point from 500 samples. *Right:* means and
# ranges over the recorded seeds, for about the same number of updates. Dashed, the ring.
# Random matching falls below the ring after the line and then rises again. With K = 4 the
# energy distance rose under the frozen critic with three of four seeds, with K = 16 with
# two of four: a distance of small batches is no protection by itself.
#
# ## 8. With labels: algorithm 2
#
# Give generator and critic the class $s$ as *side information*. If $X$ and $Y$ share the
# same $S$, they are not independent, and the energy distance needs independent batches.
# So only cross terms are used:
#
# $$L = W[(X,S),(Y',S')] + W[(X',S'),(Y,S)] - W[(X,S),(X',S')] - W[(Y,S),(Y',S')] .$$
#
# Eight-by-eight digits, dense networks, about ten seconds. A support vector machine that
# was trained on real digits judges whether a sample is the digit that was asked for. One
# fixed image for each class could satisfy that judge, so the energy distance stands beside
# it.

# %%
# NBVAL_IGNORE_OUTPUT
digit_settings = config.PRESETS["laptop_digits"]
digit_report = experiment.run(digit_settings)
assert digit_report.metrics["ot_gan/accuracy"] > 0.8

# %%
d, digit_runs = digit_report.metrics, results.recorded("ot_gan", "laptop_digits")
split = data.load(digit_settings)
asked = np.eye(10)[split.test_labels]
drawn = digit_report.models["model"].sample(len(asked), seed=2, labels=asked)
others = rng.permutation(split.test_labels)
claims.above(
    "conditional digits: class as asked for",
    d["ot_gan/accuracy"],
    0.8,
    recorded=digit_runs["ot_gan/accuracy"],
    control=(
        "labels shuffled",
        evaluation.class_accuracy(drawn, others, split)[0],
    ),
)
means = np.stack([split.train[split.train_labels == c].mean(0) for c in range(10)])
fixed = means[split.test_labels]
judged = evaluation.class_accuracy(fixed, split.test_labels, split)[0]
print(f"one mean image for each class: as asked for {judged:.2f}")
claims.below(
    "  energy distance² to held-out digits",
    d["ot_gan/energy_distance"],
    0.02,
    recorded=digit_runs["ot_gan/energy_distance"],
    digits=2,
    control=(
        "one mean image for each class",
        evaluation.energy_distance(fixed, split.test),
    ),
)

# %%
show(figures.conditional_digits(digit_report.models["model"]))

# %% [markdown]
# **Figure 8.** Rows are the classes asked for, columns different codes. Styles vary along
# a row; no row has collapsed to one image. Not every image is what was asked for: some of
# the fours could be zeros, and the ones are hard to read.
#
# ## 9. What does not reproduce here
#
# * **Inception scores**, $\exp E_x\,KL(p(s \mid x) \,\|\, p(s))$ of a classifier's
#   probabilities of classes $s$, from 1 to the number of classes. 8.47 for OT-GAN, 7.86 for
#   WGAN-GP and 6.16 for DCGAN on CIFAR-10 need the `paper` preset (batches of 8,000), a
#   file of images and a cluster of GPUs.
# * **The failure of a fixed cost.** In the plane the Euclidean cost is as good as the
#   learned one; in pixels it is not.
# * **"DAN-S keeps 3 of 8 modes."** (A GAN whose discriminator pools over a batch.) How many
#   our GAN keeps depends on its rate, as the table shows: none with the usual one, some
#   with OT-GAN's. The direction of the claim holds, the number is another baseline's.
# * **A fair ranking before freezing.** OT-GAN's settings (initial biases, $\lambda$, linear
#   features) were found by search; the baselines got only the rates of the table above.
# * **Stability over thousands of epochs**, and ImageNet dogs and birds: adapters only.
#
# ## 10. What to try next
#
# * `--set bias_scale=0`: what does the generator do, and what does section 6 say?
# * `--set epsilon=0.2` and `--set iterations=3`: how rough may the matching be?
# * `--set generator_updates=1`: how much does the critic have to keep up?
# * `--set feature_dim=2`: what can a circle of features tell apart?
#
# **Exercise.** `lessons practice ot_gan`: five functions and one question.
#
# **Read next.** [`spectral_normalization`](spectral_normalization.ipynb) keeps a critic's
# slope bounded, [`ambient_gan`](ambient_gan.ipynb) shows it measurements only.
#
# ## References
#
# * T. Salimans, H. Zhang, A. Radford, D. Metaxas. *Improving GANs using optimal
#   transport*. ICLR 2018. arXiv:1803.05573
# * I. Goodfellow et al. *Generative adversarial nets*. 2014. arXiv:1406.2661
# * M. Arjovsky, S. Chintala, L. Bottou. *Wasserstein GAN*. 2017. arXiv:1701.07875
# * I. Gulrajani et al. *Improved training of Wasserstein GANs*. 2017. arXiv:1704.00028
# * M. Bellemare et al. *The Cramer distance as a solution to biased Wasserstein
#   gradients*. 2017. arXiv:1705.10743
# * M. Cuturi. *Sinkhorn distances*. 2013. arXiv:1306.0895
# * A. Genevay, G. Peyré, M. Cuturi. *Learning generative models with Sinkhorn divergences*.
#   2018. arXiv:1706.00292
# * J. Feydy et al. *Interpolating between optimal transport and MMD using Sinkhorn
#   divergences*. 2019. arXiv:1810.08278
# * G. Peyré, M. Cuturi. *Computational optimal transport*. 2019. arXiv:1803.00567
# * J. Altschuler, J. Weed, P. Rigollet. *Near-linear time approximation algorithms for
#   optimal transport via Sinkhorn iteration*. 2017. arXiv:1705.09634
# * D. Sejdinovic et al. *Equivalence of distance-based and RKHS-based statistics in
#   hypothesis testing*. Annals of Statistics, 2013
# * T. Salimans, D. Kingma. *Weight normalization*. 2016. arXiv:1602.07868
# * R. Flamary et al. *POT: Python Optimal Transport*. JMLR, 2021

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("eight Gaussians, critic frozen: energy distance², mean (range over seeds)")
for name, values in table.items():
    print(
        f"  {VARIANTS[name].label:18s} {values.mean():9.3g} "
        f"({values.min():.3g} to {values.max():.3g})"
    )

# %% tags=["summary"]
claims.table()
