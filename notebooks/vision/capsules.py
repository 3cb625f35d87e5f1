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
# # Dynamic routing between capsules
#
# **In one hour you will know what a capsule is, what routing by agreement maximises,
# what three iterations do and what a thousand would, and what a capsule network can do
# with two digits printed over each other that its length alone does not show. The
# numbers are computed in front of you or come from recorded runs, including those where
# a plain convolutional network is better.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 60 minutes to read, about one minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** The lesson
# > [`convnet_baseline`](../foundations/convnet_baseline.ipynb): convolutions, pooling,
# > softmax; gradients; `keras.Model`, `compile` and `fit`.
# >
# > **Source.** Sabour, Frosst & Hinton, *Dynamic routing between capsules* (NIPS 2017,
# > arXiv:1710.09829), whose equation numbers we use. The full list is at the end.
#
# **You will be able to**
#
# * Say what max-pooling throws away, and tell *invariance* from *equivariance*.
# * Write squash and routing, and prove that routing climbs an objective.
# * Take a gradient through routing, and say what is lost when it is cut.
# * Build the published network and count its 8,215,568 parameters by hand.
# * Train small ones on overlapping digits and judge routing, reconstruction and a
#   convolutional baseline, with error bars.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $u_i$ | `inputs` of `Capsules` | (batch, lower, lower dim) | output of a lower capsule, a part |
# | $W_{ij}$ | `matrices` | (lower, lower dim, higher * dim) | one matrix per pair |
# | $\hat u_{j\mid i}$ | `votes` | (batch, higher, lower, dim) | what part $i$ says of whole $j$ |
# | $b_{ij}$ | `logits` | (batch, higher, lower) | routing logits, 0 at the start |
# | $c_{ij}$ | `couplings` | (batch, higher, lower) | fraction of part $i$ that goes to whole $j$ |
# | $s_j$ | `inputs` of a `Step` | (batch, higher, dim) | coupled sum of votes |
# | $v_j$ | `capsules` | (batch, higher, dim) | squashed; a length below 1 and a pose |
# | $T_k$ | `targets` | (batch, classes) | 1 if class $k$ is in the image |
# | $r$ | `iterations` | number | iterations of routing |
# | $F$ | `objective` | (batch,) | what routing climbs |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np
import tensorflow as tf
from sklearn.svm import SVC

from lessons.toolkit import results, runtime, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source
from lessons.vision.capsules import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_overview,
    figures_theory,
    layers,
    model,
    model_cnn,
    model_scenes,
    paper,
    theory,
    theory_routing,
    variants,
)

claims = Ledger()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. The question
#
# A convolution is *equivariant*: shift the image and its maps shift with it. Max-pooling
# then says "somewhere in this window", which is *invariant*: the answer stays when the
# thing moves. A classifier wants invariance in the end. But on the way there it needs
# to know where eyes and mouth are **relative to each other**, and pooling has thrown
# that away. Look at one row of pixels, pooled by two, then by two again:

# %%
row = np.zeros(8)
row[2] = 1
pooled = [np.roll(row, k).reshape(2, 4).max(axis=1) for k in (-2, -1, 0, 1)]
print("pooled by four, thing at 0, 1, 2, 3:", [p.astype(int).tolist() for p in pooled])
maps = [np.roll(row, k) for k in (-2, -1, 0, 1)]
claims.true(
    "four places, one answer: pooling forgets",
    np.ptp(pooled, axis=0) == 0,
    control=("the row before pooling", np.ptp(maps, axis=0) == 0),
)

# %% [markdown]
# There are two ways to keep pose. *Place coding*: another unit is active when the thing
# moves (a convolution's map). *Rate coding*: the same units take other values. A
# **capsule** does the second: it is a small vector whose direction and components say
# *how* the thing is there (place, slant, thickness) and whose length says *whether* it
# is there. Low in the network pose is place-coded; the higher, the fewer places and
# the more components.
#
# The second idea is about parts and wholes. A part that knows its own pose can *predict*
# the pose of every whole it might belong to: $\hat u_{j\mid i} = W_{ij} u_i$. A nose and a
# mouth that predict **the same** face are strong evidence of a face; if they disagree,
# it is a heap of parts. So a part should send its output where its prediction agrees
# with those of other parts. Pooling routes too, but by size; this is *routing by
# agreement*.

# %%
show(figures_overview.network())

# %% [markdown]
# **Figure 1.** The published network, on MNIST. Blue boxes have weights. Routing has none:
# what it decides is decided anew for each image.
#
# ## 2. Squash: a length that is a probability
#
# $$v = \frac{|s|^2}{1 + |s|^2} \, \frac{s}{|s|} \qquad \text{(eq. 1)}$$
#
# keeps the direction and maps the length $r$ to $g(r) = r^2 / (1 + r^2) < 1$.

# %%
show_source(theory.squash)

# %% [markdown]
# The small constant stands *inside* the root, since the gradient of a norm at zero is
# NaN, and a dead capsule is exactly zero. The derivative has two parts, across the
# direction $e = s/r$ and along it:
#
# $$\frac{\partial v}{\partial s} = \frac{r}{1 + r^2} (I - e e^\top)
#   + \frac{2 r}{(1 + r^2)^2} \, e e^\top .$$

# %%
s, step = rng.normal(size=5), 1e-6
slopes = [
    (theory.squash(s + step * e) - theory.squash(s - step * e)) / (2 * step)
    for e in np.eye(5)
]
claims.equal(
    "Jacobian of squash against central differences",
    theory_routing.squash_jacobian(s),
    np.stack(slopes, axis=1),
    tolerance=1e-8,
)
claims.equal(
    "at |s| = 1 it is half the unit matrix",
    theory_routing.squash_jacobian(s / np.linalg.norm(s)),
    np.eye(5) / 2,
    tolerance=1e-12,
)
steepest = theory_routing.squash_jacobian(np.array([3**-0.5, 0.0]))[0, 0]
radii = np.linspace(1e-3, 4, 100_000)
claims.equal(
    "greatest radial slope, at r = 1/√3", steepest, 3 * 3**0.5 / 8, tolerance=1e-9
)
slope_at = 2 * radii / (1 + radii**2) ** 2
claims.below(
    "no other radius has more",
    slope_at,
    steepest + 1e-9,
    digits=6,
    control=("a slope of 2r/(1 + r²)", 2 * radii / (1 + radii**2)),
)
claims.true(
    "gradient at zero is finite",
    np.isfinite(theory_routing.gradient_at_zero(theory.squash)),
    control=(
        "without the small constant",
        np.isfinite(
            theory_routing.gradient_at_zero(lambda s: theory.squash(s, epsilon=0.0))
        ),
    ),
)

# %% [markdown]
# A short vector has almost no gradient (it is 0 at $s = 0$). That decides how large the
# vote matrices must be at the start, since every coupling starts at $1/10$ and makes
# $s_j$ short. Our laptop network before training, for two standard deviations of $W$:

# %%
settings = config.PRESETS["laptop"]
tasks = data.load(settings)
scenes, labels = tasks["pairs"].tests["test"]
three = variants.chosen(settings)["capsnet_3"]
start = {}
for scale in (0.4, 0.1):
    runtime.seed_everything(0)
    scaled = settings.replace(weight_scale=scale)
    untrained = experiment.build_model(scaled, three, (12, 12, 1))
    votes = evaluation.votes_of(untrained, data.images_of(scenes[:100]))
    sizes = np.linalg.norm(theory.route(votes, 1).inputs, axis=-1)
    start[scale] = np.mean(2 * sizes / (1 + sizes**2) ** 2)
    print(f"scale {scale}: mean |s| {sizes.mean():.3f}, mean slope {start[scale]:.3f}")
    if scale == settings.weight_scale:
        votes_at_start = evaluation.votes_of(untrained, data.images_of(scenes))
claims.above(
    "slope of squash at the start, W of 0.4 over W of 0.1",
    start[0.4] / start[0.1],
    2,
    digits=2,
    control=("the same scale", 1.0),
)

# %% [markdown]
# ## 3. Routing by agreement
#
# Procedure 1 of the paper. Start from $b_{ij} = 0$ and repeat $r$ times:
#
# $$
# \begin{aligned}
# c_{ij} &= \frac{\exp b_{ij}}{\sum_k \exp b_{ik}}, &
# s_j &= \sum_i c_{ij} \hat u_{j\mid i}, \\
# v_j &= \mathrm{squash}(s_j), &
# b_{ij} &\leftarrow b_{ij} + \hat u_{j\mid i} \cdot v_j .
# \end{aligned}
# $$
#
# The softmax runs over the **wholes** $j$: each part shares itself out. To take it over
# the parts is the most common bug in public code. The logits belong to the *example*;
# nothing of them is learned. The last change of $b$ would not be used and is skipped.

# %%
show_source(theory.gather_votes, theory.agreement, theory.couple, theory.routing_steps)

# %% [markdown]
# Both sums are batched matrix products: with the votes laid out as (batch, higher,
# lower, dim), $c$ multiplies from the left and $v$ from the right. Now an example that
# can be done by hand. Four parts vote $(1, 0)$ for the first whole; for the second they
# vote $(1,0), (-1,0), (0,1), (0,-1)$ and cancel. So $v_2 = 0$ for ever, every part has
# the same coupling $c$ to the first whole, and
#
# $$|v_1| = \frac{16 c^2}{1 + 16 c^2}, \qquad
#   c = \sigma(b), \qquad b \leftarrow b + |v_1| .$$

# %%
votes = np.zeros((1, 2, 4, 2))
votes[0, 0] = (1, 0)
votes[0, 1] = [(1, 0), (-1, 0), (0, 1), (0, -1)]
steps = list(theory.routing_steps(votes, 3))
found = [(float(t.couplings[0, 0, 0]), np.linalg.norm(t.capsules[0, 0])) for t in steps]
expected = [theory_routing.two_wholes(r) for r in (1, 2, 3)]
for r, (coupling, size) in enumerate(found, start=1):
    print(f"r = {r}: c = {coupling:.6f}, |v| = {size:.6f}")
claims.equal("routing by hand, r = 1, 2, 3", found, expected, tolerance=1e-6)
claims.equal(
    "the numbers",
    found,
    [(0.5, 0.8), (0.689974, 0.883951), (0.843427, 0.919237)],
    tolerance=1e-6,
)
claims.equal(
    "its limit is 16/17", theory_routing.two_wholes(1000)[1], 16 / 17, tolerance=1e-9
)
claims.below(
    "the second whole stays empty",
    [np.linalg.norm(t.capsules[0, 1]) for t in steps],
    1e-12,
    control=("the first", [np.linalg.norm(t.capsules[0, 0]) for t in steps]),
)

# %%
planted = figures_theory.planted_votes(np.random.default_rng(3))
turning.show(figures_overview.iterations(planted))

# %% [markdown]
# **Figure 2 turns.** Eight parts, two wholes. *Left:* five parts agree about the first
# whole. *Middle:* the same parts' votes for the second point everywhere. The darker an
# arrow, the larger its coupling; black is $v_j$ in the unit circle. Over the first
# iterations agreeing parts move to the first whole, which grows; what they take away from
# the second makes it shrink. Turn further: from ten iterations on every part has chosen,
# those that agree with nobody too. *Right:* two curves of the next section.
#
# Three things routing does *not* depend on. Turn all votes by the same rotation: the
# couplings stay and the capsules turn (**equivariance**, exactly). Renumber the parts:
# nothing changes. And examples do not see each other.

# %%
votes = rng.normal(size=(6, 10, 32, 16))
turn = np.linalg.qr(rng.normal(size=(16, 16)))[0]
plain, turned = theory.route(votes, 3), theory.route(votes @ turn, 3)
order = rng.permutation(32)
claims.equal(
    "couplings sum to 1 over the wholes",
    np.sum(plain.couplings, axis=1),
    1.0,
    tolerance=1e-12,
)
turns = np.linalg.qr(rng.normal(size=(32, 16, 16)))[0]
by_themselves = (votes[..., None, :] @ turns)[..., 0, :]
claims.equal(
    "turned votes: same couplings",
    turned.couplings,
    plain.couplings,
    tolerance=1e-12,
    control=("each part turned differently", theory.route(by_themselves, 3).couplings),
)
claims.equal(
    "turned votes: turned capsules",
    turned.capsules,
    plain.capsules @ turn,
    tolerance=1e-12,
)
claims.equal(
    "renumbered parts: same capsules",
    theory.route(votes[:, :, order], 3).capsules,
    plain.capsules,
    tolerance=1e-12,
    control=("other votes", theory.route(by_themselves, 3).capsules),
)

# %% [markdown]
# ## 4. What routing maximises
#
# The paper gives a procedure and no objective. Here is one. Let
# $\varphi(r) = r - \arctan r$ and
#
# $$F(c) = \sum_j \varphi(|s_j|), \qquad s_j = \sum_i c_{ij} \hat u_{j\mid i} .$$
#
# Since $\varphi'(r) = 1 - 1/(1 + r^2) = g(r)$ is just the length squash gives, the chain
# rule says
#
# $$\frac{\partial F}{\partial c_{ij}} = g(|s_j|) \, \frac{s_j}{|s_j|} \cdot \hat u_{j\mid i}
#   = v_j \cdot \hat u_{j\mid i} ,$$
#
# the agreement. So one iteration is $b \leftarrow b + \nabla F(c)$,
# $c = \mathrm{softmax}(b)$: **mirror ascent** with the entropy as its mirror and step
# size 1. Such a step has no right to go up in general. Here it must: $\varphi$ is
# increasing and convex, so $F$ is convex, and a convex function lies above its tangent:
#
# $$
# \begin{aligned}
# F(c') - F(c) &\ge \langle \nabla F(c),\, c' - c \rangle
#   = \langle b' - b,\, c' - c \rangle \\
#   &= \mathrm{KL}(c \,\|\, c') + \mathrm{KL}(c' \,\|\, c) \ge 0 .
# \end{aligned}
# $$
#
# The last equality: $\log c_{ij}$ and $b_{ij}$ differ by $\log \sum_k e^{b_{ik}}$, which
# is the same for all $j$, and $\sum_j (c'_{ij} - c_{ij}) = 0$ removes it; what is left,
# $\sum (c' - c)(\log c' - \log c)$, is the sum of the two Kullback-Leibler divergences,
# where $\mathrm{KL}(c \,\|\, c') = \sum c \log (c / c')$ is never negative. So $F$ never
# falls.
#
# Where does it end? A convex function has its maxima at corners, where every part has
# chosen one whole. That is where routing ends *generically*: 300 iterations on random
# votes leave hardly a part undecided. It is no theorem for all votes. Two wholes with the
# same votes share their parts half and half for ever: the gradient is the same for both,
# and nothing breaks the tie. **$r$ is a knob for sharpness, not an iteration to
# convergence.**

# %%
votes = theory_routing.random_votes(rng, 200)
trace = theory_routing.trace(votes, 100)
small = votes[:1, :3, :4, :2]
c = rng.random((1, 3, 4))
agreed = theory.agreement(small, theory.squash(theory.gather_votes(small, c)))
slopes = np.zeros(c.shape)
for index in np.ndindex(c.shape):
    moved = np.zeros(c.shape)
    moved[index] = 1e-6
    up, down = (theory.gather_votes(small, c + k * moved) for k in (1, -1))
    slopes[index] = (
        theory_routing.objective(up) - theory_routing.objective(down)
    ).item() / 2e-6
claims.equal("the gradient of F is the agreement", slopes, agreed, tolerance=1e-8)
gain = np.diff(trace.objective, axis=0)
small_votes = votes[:20, :, :, :8]
unrouted = rng.dirichlet(np.ones(10), size=(20, 32)).transpose(0, 2, 1)
fall = theory_routing.objective(theory.gather_votes(small_votes, unrouted))
uniform = theory_routing.trace(small_votes, 2).objective
claims.below(
    "F never falls: greatest fall, 200 tensors, 100 iterations",
    -gain,
    1e-12,
    control=("from routed to random couplings", uniform[1] - fall),
)
least = [
    theory_routing.symmetric_kl(trace.couplings[k], trace.couplings[k + 1])
    for k in range(10)
]
claims.below(
    "it gains at least the symmetric KL: what is missing",
    np.array(least) - gain[:10],
    1e-10,
    control=("twice the symmetric KL", 2 * np.array(least) - gain[:10]),
)
long = theory_routing.trace(votes[:20], 300).couplings[-1]
decided = np.mean(long.max(axis=1) > 0.99)
soft = np.mean(trace.couplings[2].max(axis=1) > 0.99)
claims.above(
    "parts with one coupling above 0.99, r = 300",
    decided,
    0.95,
    digits=3,
    control=("r = 3", soft),
)
twins = np.concatenate([votes[:1, :1], votes[:1, :1], votes[:1, 1:2]], axis=1)
shares = theory_routing.trace(twins, 300).couplings[-1, 0]
claims.equal(
    "two wholes with the same votes: difference of their shares, r = 300",
    shares[0] - shares[1],
    0,
    tolerance=1e-12,
    control=("two wholes with other votes", shares[0] - shares[2]),
)
print("their shares of each part:", np.unique(np.round(shares[0], 2)).tolist())

# %%
entropy = trace.entropy
print("mean entropy of a part's couplings (nats)")
for r in (1, 2, 3, 10, 100):
    print(f"  r = {r:3d}: {entropy[r - 1].mean():.2f}")
claims.equal("uniform at r = 1: log 10", entropy[0], np.log(10), tolerance=1e-9)
fixed_point = theory_routing.trace(np.repeat(votes[:20, :1], 10, axis=1), 100)
claims.below(
    "the mean entropy falls with each iteration",
    np.diff(entropy.mean(axis=1)),
    0,
    digits=1,
    control=(
        "ten equal wholes",
        np.abs(np.diff(fixed_point.entropy.mean(axis=1)).round(9)),
    ),
)
claims.above(
    "after three iterations parts have hardly chosen: mean entropy",
    entropy[2].mean(),
    1.8,
    digits=3,
    control=("after ten", entropy[9].mean()),
)
claims.below(
    "after a hundred they have: mean entropy",
    entropy[99].mean(),
    0.3,
    digits=2,
    control=("after ten", entropy[9].mean()),
)

# %%
show(
    figures_theory.couplings_and_objective(
        theory_routing.random_votes(np.random.default_rng(4), 50, (10, 24, 8))
    )
)

# %% [markdown]
# **Figure 3.** Random votes, which agree about nothing. Routing makes up its mind all the
# same: each part picks a whole and $F$ rises. That is the danger of a large $r$: agreement
# found by sharpening, not in the data. (Colours show small shares enlarged.)
#
# ## 5. A gradient through routing
#
# Training differentiates through all iterations. Some public code treats the couplings
# as constants instead (`detach`). At $r = 1$ they *are* constant. After that the cut
# gradient is much shorter, and turned by 15 and 27 degrees:

# %%
votes = tf.constant(np.random.default_rng(1).normal(0, 0.5, size=(4, 10, 32, 16)))
apart, cosines, shorter = [], [], []
for r in (1, 2, 3):
    whole, cut = (theory_routing.gradient(votes, 3, r, d) for d in (False, True))
    norms = np.linalg.norm(whole), np.linalg.norm(cut)
    apart.append(np.linalg.norm(whole - cut) / norms[0])
    cosines.append(np.sum(whole * cut) / np.prod(norms))
    shorter.append(norms[1] / norms[0])
    degrees = np.rad2deg(np.arccos(min(1.0, cosines[-1])))
    print(
        f"r = {r}: length {shorter[-1]:.2f} of the whole, angle {degrees:.0f} degrees"
    )
claims.equal("at r = 1 both gradients are the same", apart[0], 0.0, tolerance=1e-12)
claims.equal(
    "their relative difference, r = 2, 3",
    apart[1:],
    [0.4457, 0.7045],
    tolerance=1e-3,
    control=("r = 1, 2", apart[:2]),
)
claims.equal(
    "their cosine, r = 2, 3",
    cosines[1:],
    [0.9669, 0.8915],
    tolerance=1e-3,
    control=("r = 1, 2", cosines[:2]),
)

# %% [markdown]
# Which of the two is the derivative? Ask finite differences, in random directions.

# %%
direction = rng.normal(size=votes.shape)
loss = [
    float(theory_routing.loss_of_routing(votes + k * direction, 3, 3))
    for k in (1e-6, -1e-6)
]
claims.equal(
    "the unrolled gradient is the derivative",
    np.sum(whole * direction),
    (loss[0] - loss[1]) / 2e-6,
    tolerance=1e-6,
    digits=3,
)

# %% [markdown]
# ## 6. The network
#
# | layer | output on 28x28 | parameters |
# |---|---|---|
# | convolution 9x9, 256, ReLU | 20x20x256 | 20,992 |
# | primary capsules: convolution 9x9, stride 2, 32 types of 8 components, squash | 6x6x32 = 1152 capsules | 5,308,672 |
# | digit capsules: 1152 x 10 matrices of 8x16, routing | 10 x 16 | 1,474,560 |
# | decoder 160-512-1024-784 | 28x28 | 1,411,344 |
#
# Keras has no capsule layer, so these are ours. Read how votes are made: every pair of
# part and whole has a matrix of its own, and *all examples of a part* go through it in
# one product.

# %%
show_source(layers.PrimaryCapsules.call, layers.Capsules.votes, layers.Capsules.call)

# %%
published = config.PRESETS["paper"]
networks = variants.chosen(published)
with_decoder = experiment.build_model(published, networks["capsnet_3"], (28, 28, 1))
without = experiment.build_model(published, networks["capsnet_plain_3"], (28, 28, 1))
lower = with_decoder.encoder.get_layer("primary").output.shape
claims.equal("primary capsules on 28x28", lower[1], 1152, tolerance=0.5)
for name, count, text in (
    ("capsnet", runtime.num_parameters(with_decoder), "CapsNet with decoder"),
    ("capsnet_plain", runtime.num_parameters(without), "CapsNet without decoder"),
    (
        "cnn_mnist",
        sum(model_cnn.count_parameters("mnist", (28, 28, 1))),
        "the paper's CNN for MNIST",
    ),
    (
        "cnn_multimnist",
        sum(model_cnn.count_parameters("multimnist", (36, 36, 1))),
        "the paper's CNN for MultiMNIST",
    ),
):
    claims.equal(
        f"parameters, {text}",
        count,
        paper.PAPER_PARAMETERS[name],
        tolerance=0.5,
        digits=8,
    )

# %% [markdown]
# The paper says 8.2, 6.8, 35.4 and 24.56 million. The baseline's number also settles a
# question the text leaves open: with convolutions that shrink ("valid" padding) it
# would be 13.3 million, so the paper's keep the size.
#
# **What routing costs.** The votes of a batch of 128 at this size are
# $128 \times 10 \times 1152 \times 16$ numbers, 94 MB, and each iteration reads them
# twice. The layout matters: on one core of the machine this was written on, a training
# step through routing took 250 ms with the batched products above, 400 with
# broadcasting, 700 with `einsum` over the same tensor, and 145 if XLA compiles the
# routing alone (`jit_routing`), which takes about a second the first time. (Measured
# once; yours will differ.)
#
# ## 7. Two losses
#
# **Margin loss** (eq. 4), for every class on its own, so that two classes may be present:
#
# $$L_k = T_k \max(0, 0.9 - |v_k|)^2 + \tfrac12 (1 - T_k) \max(0, |v_k| - 0.1)^2 .$$
#
# Lengths are not a softmax: they need not sum to one. That is what lets a network say
# "a 3 and a 5".

# %%
show_source(theory.margin_loss)

# %%
lengths = tf.constant([[0.95, 0.05, 0.90, 0.10]], tf.float64)
targets = tf.constant([[1.0, 0.0, 1.0, 0.0]], tf.float64)
with tf.GradientTape() as tape:
    tape.watch(lengths)
    loss = theory.margin_loss(lengths, targets)
claims.equal(
    "no gradient beyond the margins", tape.gradient(loss, lengths), 0.0, tolerance=1e-15
)
one, two = np.eye(10)[[3]], np.eye(10)[[3]] + np.eye(10)[[5]]
silent = np.zeros((1, 10))
claims.equal(
    "nothing seen, one target",
    float(theory.margin_loss(silent, one)[0]),
    0.81,
    tolerance=1e-12,
)
claims.equal(
    "nothing seen, two targets",
    float(theory.margin_loss(silent, two)[0]),
    1.62,
    tolerance=1e-12,
)

# %% [markdown]
# **Reconstruction.** All capsules but one are set to zero, and a small decoder draws the
# digit from the rest: the pose must be *in* the capsule. At training the label chooses
# the capsule, not the prediction, or the decoder could not correct a wrong one. With two
# digits the same decoder runs twice, against the two *separate* pictures; nothing but
# the capsules tells it which stroke is whose. The error is **summed** over pixels and
# weighed by 0.0005; on the mean of 784 pixels the same weight would be 0.392. Confusing
# the two is the second most common bug.

# %%
show_source(theory.mask, theory.squared_error, model.CapsNet.compute_loss)

# %% [markdown]
# ## 8. Digits over each other
#
# We use scikit-learn's 8x8 digits on a canvas of 12x12. A *scene* is the list of digits
# that lie over each other, its image their sum clipped at 1. The two digits of a pair
# never share a class and always come from the same part of the data: drawn from both,
# test digits would be seen in training. Training shifts every digit anew at each step,
# by a product with a shifted unit matrix, which cannot wrap around as `roll` does.

# %%
show_source(data.pairs, layers.RandomShift.call, model_scenes.SceneModel.compose)

# %%
seen = {digit.tobytes() for digit in tasks["pairs"].scenes.reshape(-1, 144)}
unshifted = data.load(settings.replace(pair_shift=0))["pairs"].tests["test"][0]
loose = np.random.default_rng(0).integers(10, size=labels.shape)
claims.true(
    "no pair shares a class",
    labels[:, 0] != labels[:, 1],
    control=("classes drawn one by one", loose[:, 0] != loose[:, 1]),
)
claims.equal(
    "test digits seen in training",
    sum(digit.tobytes() in seen for digit in unshifted.reshape(-1, 144)),
    0,
    tolerance=0,
)

# %% [markdown]
# ## 9. The experiment
#
# Three networks on two tasks: **pairs** (6,000 training pairs, an answer is right only
# if both digits are) and **single digits**, which are also tested under random affine
# maps (rotation, shear, scale) that training never shows. CapsNet with $r = 3$ and with
# $r = 1$ (the same network and weights at the start), and a convolutional network of
# similar size, all for ten epochs. As a yardstick, a linear map of the pixels by least
# squares. Here we train those with $r = 3$ and the CNN; $r = 1$ is among the recorded runs.

# %%
# NBVAL_IGNORE_OUTPUT
report = experiment.run(settings.replace(iterations=(3,)))
m = report.metrics
assert m["single/capsnet_3/percent"] > 93

# %%
runs = results.recorded("capsules", preset="laptop")
longer = results.recorded("capsules", preset="laptop_cnn")
linear = {
    name: evaluation.linear_percent(task, np.random.default_rng(0))
    for name, task in tasks.items()
}
blurred = evaluation.class_means(tasks["single"])
by_class = 100 * evaluation.resembling(blurred[labels], scenes)
fitted = evaluation.matched(blurred, scenes, labels, settings.pair_shift)
by_search = 100 * evaluation.resembling(fitted, scenes)
for statement, key, bound, control in (
    (
        "one digit, CapsNet r = 3 (%)",
        "single/capsnet_3/percent",
        93,
        ("linear", linear["single"]["test"]),
    ),
    (
        "one digit, CNN (%)",
        "single/cnn/percent",
        93,
        ("linear", linear["single"]["test"]),
    ),
    (
        "pairs, CapsNet r = 3, both right (%)",
        "pairs/capsnet_3/percent",
        30,
        ("linear", linear["pairs"]["test"]),
    ),
    (
        "pairs: both reconstructions closer to their own digit (%)",
        "pairs/capsnet_3/separated_percent",
        60,
        ("the mean digits of the two classes", by_class),
    ),
):
    claims.above(statement, m[key], bound, recorded=runs[key], control=control)
claims.above(
    "the same, the classes' mean digits moved to fit the image (%)",
    by_search,
    95,
    digits=2,
    control=("CapsNet r = 3", runs["pairs", "capsnet_3", "separated_percent"]),
)

# %% [markdown]
# The last number is a yardstick, and a sobering one. The decoder is *told* which two
# digits it has to draw. Whoever is told this needs no network: take the mean digit of
# each class, try all places that the shifts allow, keep the two that together explain
# the image best. That search separates more pairs than CapsNet does. What the network
# does, it does without a search.
#
# One seed proves little. The runs of eight seeds are recorded with the lesson:
#
# ```
# lessons sweep capsules --preset laptop --seeds 0-7 --record
# ```

# %%
routed, flat = (runs["pairs", f"capsnet_{r}", "percent"] for r in (3, 1))
gains = routed - flat
print("three against one iteration, points on pairs:", np.round(gains, 1).tolist())
own, other = (runs["pairs", f"capsnet_{r}", "separated_percent"] for r in (3, 1))
print("pairs separated, r = 3:", results.in_words(own))
print("pairs separated, r = 1:", results.in_words(other))

# %% [markdown]
# ### Is it the routing?
#
# On every seed three iterations beat one by more than four points. But all these runs
# start from matrices of one size, $W \sim N(0, 0.4^2)$, and take steps of one size, and
# both were picked in trial runs with $r = 3$. Vary them, for both networks alike, with
# nothing else changed (`lessons sweep capsules --preset laptop_weights --seeds 0-7
# --record`; `lessons sweep capsules --set tasks=pairs --set variants=capsnet --set
# weight_scale=0.2 --seeds 0-3 --record`, and the same with `--set learning_rate=0.02` and
# seeds 0-7):

# %%
pairs_only = {"tasks": ("pairs",), "variants": ("capsnet",)}
varied = {
    "W of 0.4, rate 0.01": runs,
    "W of 0.8": results.recorded("capsules", preset="laptop_weights"),
    "W of 0.2": results.recorded("capsules", weight_scale=0.2, **pairs_only),
    "rate 0.02": results.recorded("capsules", learning_rate=0.02, **pairs_only),
}
found = {
    setting: [of["pairs", f"capsnet_{r}", "percent"] for r in (3, 1)]
    for setting, of in varied.items()
}
gain = {setting: routed - flat for setting, (routed, flat) in found.items()}
print("pairs, both right (%)   r = 3   r = 1   gain by seed")
for setting, values in found.items():
    means = "".join(f"{value.mean():8.1f}" for value in values)
    each = "".join(f"{points:6.1f}" for points in gain[setting])
    print(f"{setting:21s}{means}  {each}")
claims.above(
    "gain of r = 3 over r = 1 on pairs, W of 0.4, every seed (points)",
    gains,
    2,
    digits=2,
    control=("W of 0.8", gain["W of 0.8"]),
)
claims.below(
    "the same with W of 0.8, every seed (points)",
    gain["W of 0.8"],
    0,
    digits=2,
    control=("W of 0.4", gains),
)
claims.below(
    "  in the mean of the seeds (points)",
    gain["W of 0.8"].mean(),
    -4,
    digits=2,
    control=("rate 0.02", gain["rate 0.02"].mean()),
)
claims.below(
    "the same at twice the rate, mean of seeds (points)",
    gain["rate 0.02"].mean(),
    5,
    digits=2,
    control=("rate 0.01", gains.mean()),
)
claims.above(
    "with W of 0.2, every seed (points)",
    gain["W of 0.2"],
    2,
    digits=2,
    control=("W of 0.8", gain["W of 0.8"]),
)
same = {s: [value[:4].mean() for value in values] for s, values in found.items()}
best = np.max(list(same.values()), axis=0)
print(
    f"seeds 0 to 3, each at its best setting: r = 3 {best[0]:.1f}, r = 1 {best[1]:.1f}"
)
claims.above(
    "each at its best of these settings, gain of r = 3 (points)",
    best[0] - best[1],
    3,
    digits=2,
    control=("both with W of 0.8", np.subtract(*same["W of 0.8"])),
)
runtime.seed_everything(0)
doubled = config.PRESETS["laptop_weights"]
untrained = experiment.build_model(doubled, three, (12, 12, 1))
votes = evaluation.votes_of(untrained, data.images_of(scenes[:100]))
claims.above(
    "W of 0.8 before training: entropy of couplings at r = 3 (nats of 2.303)",
    theory_routing.entropy(theory.route(votes, 3).couplings).mean(),
    2.3,
    digits=4,
    control=("random votes of section 4", entropy[2].mean()),
)

# %% [markdown]
# **The order is not the routing's alone.** With first weights twice as large, three
# iterations are *behind* one on every recorded seed: the change costs one iteration two
# points on average and three iterations seventeen. With twice the rate the gain is smaller
# on average, and nothing on one seed. With first weights half as large it stays, and both
# are worse. Given to each the best of these settings, three iterations stay ahead. So what
# the runs show is: with settings that suit it, the network with three iterations beats the
# one with one; it also needs them more. "Routing helps", whatever the settings, is refuted.
# Why three iterations lose with large matrices is not answered here; it is not that they
# begin with hard choices, since before training the couplings are uniform there too.

# %%
show(figures.accuracy_bars(runs, settings))

# %% [markdown]
# **Figure 4.** Bars are means over eight seeds, lines their range, at the settings of this
# lesson; how far its two CapsNets owe their order to these settings, you have just seen.
# On single digits nobody has anything to gain. And the CNN? At the same number of *epochs*
# it is ahead of CapsNet on pairs, on seven of eight seeds, and level under affine maps,
# where the paper saw CapsNet ahead by 13 points on affNIST. And an epoch of it takes about
# half the time. Given as many *seconds*, that is twice the epochs, it wins clearly:

# %%
table = (
    ("CapsNet, r = 3", runs, "capsnet_3"),
    ("CapsNet, r = 1", runs, "capsnet_1"),
    ("CNN, as many epochs", runs, "cnn"),
    ("CNN, as many seconds", longer, "cnn"),
)
for text, found, name in table:
    cells = [
        results.in_words(found[key])
        for key in (f"pairs/{name}/percent", f"single/{name}/affine_percent")
    ]
    print(f"{text:22s} pairs {cells[0]:30s} affine {cells[1]}")
print(f"{'linear':22s} pairs {linear['pairs']['test']:<30.1f}", end=" ")
print(f"affine {linear['single']['affine']:.1f}")
ahead = runs["pairs", "cnn", "percent"] - routed
print("CNN − CapsNet on pairs, by seed:", np.round(ahead, 1).tolist())
claims.above(
    "the CNN is ahead on pairs for the same epochs, mean of seeds (points)",
    ahead.mean(),
    1,
    digits=2,
    control=("r = 1 in its place", np.mean(flat - routed)),
)
claims.above(
    "  for the same seconds, every seed (points)",
    longer["pairs", "cnn", "percent"] - routed,
    5,
    digits=2,
    control=("for the same epochs", ahead),
)
moved = (
    runs["single", "cnn", "affine_percent"]
    - runs["single", "capsnet_3", "affine_percent"]
)
print("CNN − CapsNet under affine maps, by seed:", np.round(moved, 1).tolist())

# %% [markdown]
# Eight seeds are few, too. Runs of other seeds that are not recorded here were mostly in
# this range; one of them (`--seed 202`) reached 36.9 with $r = 3$ and 32.5 with $r = 1$.
#
# The paper's comparison (5.2 against 8.1 % error on MultiMNIST) is at a size where its
# CNN has twice the parameters and both are trained to the end. Ours says nothing
# against it, and nothing for it.
#
# ## 10. Inside the network
#
# What the CNN here does not even try is to say *which stroke is whose*: it has no decoder.

# %% tags=["cover"]
show(figures.separation(report.models["model"], scenes, labels))

# %% [markdown]
# **Figure 5.** The input (top) is all that the network sees. Each capsule draws its own
# digit, blurred, in the right place (bottom, against the truth in the middle); white is
# where both have ink. In the last two columns we asked for a digit that is not in the
# image: what that capsule draws fits worse. (This is the work of the decoder's loss, not
# of routing: with $r = 1$ as many pairs are separated, see above.)
#
# How much worse? The squared error of what a capsule draws to the closer of the two
# digits in the image, for a class that is there and for the next class that is not. As
# yardsticks, the mean digit of the class that is there, unshifted; the same, moved to fit
# the image; half the ink of the image, which says nothing about whose it is; and an empty
# picture.

# %%
# NBVAL_IGNORE_OUTPUT
net = report.models["model"]
both = evaluation.reconstruct(net, scenes, labels)
second = evaluation.nearest_error(both[:, 1:], scenes)
drawn = {
    "present": both[:, :1],
    "absent": evaluation.reconstruct(net, scenes, evaluation.absent_class(labels)),
    "mean digit": blurred[labels[:, :1]],
    "moved": fitted[:, :1],
    "half": data.images_of(scenes)[:, None] / 2,
    "empty": np.zeros_like(scenes[:, :1]),
}
error = {k: evaluation.nearest_error(v, scenes) for k, v in drawn.items()}
for name, values in error.items():
    print(f"{name:12s} {values.mean():5.1f}")
share = np.mean(error["absent"] < error["present"])
print(f"the absent class fits better in {100 * share:.0f} % of the scenes")
claims.above(
    "squared error, class absent / class present",
    error["absent"].mean() / error["present"].mean(),
    1.25,
    varies=True,
    control=("the other class present", second.mean() / error["present"].mean()),
)
claims.above(
    "squared error, empty picture / class absent",
    error["empty"].mean() / error["absent"].mean(),
    1.25,
    varies=True,
    control=("mean digit", error["empty"].mean() / error["mean digit"].mean()),
)

# %% [markdown]
# So an absent capsule does not draw nothing, and what it draws is not *nothing that
# fits*: it uses the image too, fits better than the mean digit of the right class, and
# in one scene of ten or so better than the right capsule. It fits worse than a capsule
# whose digit is there by about a half. The evidence lies in the lengths, not in the
# drawings.
#
# And how good are the drawings of digits that *are* there? They are blurred: hardly closer
# to the digit than half the ink of the image, which tells the two apart in no scene, and
# about twice as far from it as the moved mean digit. A squared error does not say whose a
# stroke is; count the pairs that are separated, as above, and look at figure 5.
#
# Now look at its routing, as in figure 3, but with the votes it has learned, beside those
# it had before training. *Share* is the part of all couplings that goes to the two
# classes in the image; *change* is the mean of $|\hat u \cdot v|$, what an iteration
# adds to $b$.

# %%
# NBVAL_IGNORE_OUTPUT
learned = evaluation.votes_of(net, data.images_of(scenes))
trace = theory_routing.trace(learned, 10)
before = theory_routing.trace(votes_at_start, 10)
rows = np.arange(len(labels))[:, None]


def share_of_present(trace):
    return np.array([c[rows, labels].sum(axis=1).mean() for c in trace.couplings])


share, at_start = share_of_present(trace), share_of_present(before)
print("iteration" + "".join(f"{r:7d}" for r in range(1, 11)))
for name, values in (
    ("share", share),
    ("entropy", trace.entropy.mean(axis=1)),
    ("change", trace.change.mean(axis=1)),
):
    print(f"{name:9s}" + "".join(f"{value:7.3f}" for value in values))
claims.equal("share of the two classes at r = 1", share[0], 0.2, tolerance=1e-9)
claims.above(
    "their share at r = 3 / at r = 1",
    share[2] / share[0],
    1.1,
    varies=True,
    control=("before training", at_start[2] / at_start[0]),
)
claims.below(
    "F never falls here either: greatest fall",
    -np.diff(trace.objective, axis=0),
    1e-12,
    control=("r = 3 and r = 1 exchanged", trace.objective[2] - trace.objective[0]),
)
claims.above(
    "couplings at r = 3 are still soft (nats of 2.303)",
    trace.entropy[2].mean(),
    1.8,
    varies=True,
    control=("r = 10", trace.entropy[9].mean()),
)
claims.above(
    "mean |change of b|, third iteration / first",
    trace.change[2].mean() / trace.change[0].mean(),
    1.2,
    varies=True,
    control=("before training", before.change[2].mean() / before.change[0].mean()),
)
chosen = trace.couplings[9].max(axis=1) > 0.5
kind = trace.couplings[9].argmax(axis=1)
held = (kind[:, None] == labels[:, :, None]).any(axis=1)
print(
    f"r = 10: {100 * chosen.mean():.0f} % of the parts send more than half to one class; "
    f"of these {100 * held[chosen].mean():.0f} % to one that is there"
)

# %% [markdown]
# Does the answer need this routing, or only the training? Route the votes of this
# network, which was trained with $r = 3$, by other numbers of iterations:

# %%
# NBVAL_IGNORE_OUTPUT
judged = {}
for r in (1, 2, 3, 5, 10):
    lengths = np.linalg.norm(theory.route(learned, r).capsules, axis=-1)
    judged[r] = 100 * evaluation.right(lengths, labels).mean()
    print(f"r = {r:2d}: {judged[r]:4.1f} % of the pairs right")
claims.above(
    "trained with r = 3: routed three times over once, at the answer (points)",
    judged[3] - judged[1],
    1,
    varies=True,
    control=("ten times over three times", judged[10] - judged[3]),
)
claims.above(
    "routed once, over the mean of networks trained with r = 1 (points)",
    judged[1] - flat.mean(),
    1,
    varies=True,
    control=("the best of those over r = 3", flat.max() - judged[3]),
)

# %% [markdown]
# Routed only once, this network loses some points, and is still better than the mean of
# those that were trained with $r = 1$ (section 9). So three iterations do part of their
# work in training and part at the answer. And ten are no better than three, though the
# couplings are far more decided.

# %%
show(figures_theory.couplings_and_objective(learned, marked=sorted(labels[0].tolist())))

# %% [markdown]
# **Figure 6.** The first test pair; the ticks mark its two classes. At $r = 3$, where the
# network was trained, couplings have hardly left the uniform ones: routing is a *nudge*,
# which training has learned to use. At ten most parts have chosen, and more often one of
# the two classes that are there than one of the eight others.
#
# What do the components of a capsule mean? Move one at a time by up to a quarter and
# decode (the paper's section 5.1, with 8 components instead of 16).

# %%
single, kinds = tasks["single"].tests["test"]
show(
    figures.perturbations(
        report.models["single_capsnet_3"], data.images_of(single)[0], int(kinds[0, 0])
    )
)

# %% [markdown]
# **Figure 7.** Along a row the digit changes smoothly. Nobody told the network what a
# component should mean, only to reconstruct. Does the digit stay the same class? Ask a
# classifier that was trained on the digits themselves, for those of the first forty test
# digits that it recognises in the unchanged drawing:

# %%
# NBVAL_IGNORE_OUTPUT
decoder = report.models["single_capsnet_3"]
task = tasks["single"]
moved_about = data.shifted(task.scenes, task.max_shift, np.random.default_rng(0))
referee = SVC().fit(moved_about.reshape(-1, 144), task.labels[:, 0])


kept = {0.25: [], 2.0: []}
for reach, same in kept.items():
    for image, label in zip(data.images_of(single)[:40], kinds[:40, 0], strict=True):
        steps = np.array([-reach, 0.0, reach])
        drawings = evaluation.perturbed(decoder, image, int(label), steps)
        named = referee.predict(drawings.reshape(-1, 144)).reshape(-1, 3)
        if named[0, 1] == label:
            same += [named[:, 0] == label, named[:, 2] == label]
claims.above(
    "fraction that keeps its class, one component moved by 0.25",
    np.mean(kept[0.25]),
    0.9,
    varies=True,
    control=("moved by 2, longer than a capsule can be", np.mean(kept[2.0])),
)

# %% [markdown]
# ### How many iterations, and is the decoder needed?
#
# `lessons sweep capsules --preset laptop_ablation --seeds 0-2 --record` trained eight
# networks on three seeds (three minutes a run; no headline hangs on it):

# %%
ablation = results.recorded("capsules", preset="laptop_ablation")
print("pairs, both right (%)      with reconstruction   without")
for r in (1, 2, 3, 5):
    cells = [
        f"{values.mean():5.1f} ± {values.std(ddof=1):3.1f}"
        for values in (
            ablation["pairs", f"capsnet_{r}", "percent"],
            ablation["pairs", f"capsnet_plain_{r}", "percent"],
        )
    ]
    print(f"  r = {r}                    {cells[0]}          {cells[1]}")
three = ablation["pairs", "capsnet_plain_3", "percent"]
one = ablation["pairs", "capsnet_plain_1", "percent"]
claims.above(
    "three iterations against one, without decoder, each seed (points)",
    three - one,
    2,
    digits=2,
    control=("one iteration of the next seed", np.roll(one, 1) - one),
)

# %%
show(figures.ablation(ablation, config.PRESETS["laptop_ablation"]))

# %% [markdown]
# **Figure 8.** At these first weights both lines rise by six to eight points from one to
# three iterations (bars: one standard deviation; dots: seeds). From three to five nothing certain happens: the
# paper sees more iterations overfit, we see a plateau. With and without reconstruction
# differ by less than the spread of three seeds: whether it helps to classify is not
# decided here. Its worth is figure 5.
#
# ## 11. What capsules leave open
#
# * **One thing of a kind per place.** A capsule has one pose. Two 3s over each other
#   cannot both be said: pairs of one class are excluded for that reason, in the paper
#   too. The paper calls it *crowding* and points out that people have it as well.
# * **Background.** Every part must go somewhere, since couplings sum to 1; clutter makes
#   noise in all classes. On CIFAR-10 the authors added a "none of the above" slot to the
#   softmax. `--set orphan=true` has it: a part that agrees with nothing keeps
#   $1/(J+1)$ in that slot, and less and less reaches the classes.
# * **Invariance where it is wanted.** Lengths are trained to be invariant; only directions
#   are equivariant, and only as far as the data showed them.
#
# ## 12. What does not reproduce here
#
# * **CapsNet better than a CNN.** Behind on pairs for the same epochs, far behind for the
#   same seconds (the table of section 9). At this size a CNN is the better classifier.
# * **The 13 points on affNIST** (79 against 66 %): under our affine maps the two are level
#   for the same epochs. `--preset paper_affnist --set affnist_path=test.mat` is that
#   experiment.
# * **Errors of 0.25 % and 5.2 %.** They need MNIST and hours of a GPU:
#   `lessons run capsules --preset paper`, or `paper_multimnist`.
# * **Three iterations better than one**, as a rule: it holds at the first weights of this
#   lesson and at half of them, and is reversed at twice these (section 9).
# * Rates, kernel sizes and the initial scale were chosen after some ten trial runs of
#   $r = 3$ judged on seed 0 of the test split: take the accuracies as optimistic, and the
#   differences too.
# * **Colour** (CIFAR-10, SVHN) and smallNORB: the networks here take grey images only.
#
# ## 13. What to try next
#
# Each of these after `lessons run capsules`:
#
# * `--set detach=true`: how much does the cut gradient cost?
# * `--set weight_scale=0.1`: does squash hold training back, and which $r$ more?
# * `--set iterations=10 --set variants=capsnet`: where does figure 8 go on to?
# * `--set learn_priors=true`: do learned logits find out that parts prefer some classes?
#
# **Exercise.** `lessons practice capsules`: four functions and one question. You will
# write squash without a small constant, routing, the margin loss, and the overlay.
#
# ## References
#
# * S. Sabour, N. Frosst, G. E. Hinton. *Dynamic routing between capsules*. NIPS 2017.
#   arXiv:1710.09829
# * G. E. Hinton, A. Krizhevsky, S. D. Wang. *Transforming auto-encoders*. ICANN 2011
# * D. Wang, Q. Liu. *An optimization view on dynamic routing between capsules*. ICLR
#   workshop 2018
# * T. Tieleman. *affNIST*, a data set of MNIST under affine maps, 2013
# * A. Beck, M. Teboulle. *Mirror descent and nonlinear projected subgradient methods for
#   convex optimization*. Operations Research Letters, 2003

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print(f"right answers in percent, mean (range) of {len(runs)} recorded seeds")
for name, variant in variants.chosen(settings).items():
    print(variant.label)
    for task in settings.tasks:
        for key, label in figures.TESTS[task]:
            words = results.in_words(runs[task, name, key])
            print(f"  {' '.join(label.split()):22s} {words}")

# %% tags=["summary"]
claims.table()
