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
# why three iterations are enough and a thousand are wrong, and what a capsule network
# can do with two digits printed over each other that its length alone does not show.
# Every number you are told is computed in front of you, including those where a plain
# convolutional network is as good.**
#
# ## Objectives
#
# * Say what max-pooling throws away, and tell *invariance* from *equivariance*.
# * Write squash and routing, and prove that routing climbs an objective.
# * Take a gradient through routing, and say what is lost when it is cut.
# * Build the published network and count its 8,215,568 parameters by hand.
# * Train small ones on overlapping digits and judge routing, reconstruction and a
#   convolutional baseline, with error bars.
#
# ## Prerequisites
#
# Convolutions, softmax, gradients; `keras.Model`, `compile` and `fit`. The lesson on the
# convolutional baseline helps, and is not needed.
#
# ## Time
#
# About 60 minutes to read, about one minute to run on two cores. No network.
#
# ## Source
#
# Sabour, Frosst & Hinton, *Dynamic routing between capsules* (NIPS 2017,
# arXiv:1710.09829), whose equation numbers we use. The full list is at the end.

# %% [markdown]
# ## Symbols
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

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np
import tensorflow as tf

from lessons.toolkit import results, runtime
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source
from lessons.vision.capsules import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    layers,
    model,
    model_cnn,
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
claims.true("four places, one answer: pooling forgets", np.ptp(pooled, axis=0) == 0)

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
claims.below(
    "no other radius has more", 2 * radii / (1 + radii**2) ** 2, steepest + 1e-9
)
claims.true(
    "gradient at zero is finite",
    np.isfinite(theory_routing.gradient_at_zero(theory.squash)),
)

# %% [markdown]
# A short vector has almost no gradient (it is 0 at $s = 0$), so the vote matrices must not
# start too small. Our laptop networks use a standard deviation of 0.4; with 0.1 they
# need several times as many steps, because every coupling starts at $1/10$.
#
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
)

# %%
show(
    figures_theory.votes_and_wholes(
        figures_theory.planted_votes(np.random.default_rng(3))
    )
)

# %% [markdown]
# **Figure 1.** Eight parts, two wholes. Above: five parts agree about the first whole.
# Below: the same parts' votes for the second point everywhere. The darker an arrow, the
# larger its coupling; black is $v_j$ in the unit circle. Agreeing parts move to the first
# whole, which grows; what they take away from the second makes it shrink.
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
claims.equal(
    "turned votes: same couplings",
    turned.couplings,
    plain.couplings,
    tolerance=1e-12,
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
# The last equality holds because $\log c - b$ is the same for all $j$. $F$ never falls. And
# as a convex function has its maxima at corners, routing without end drives every part
# to a single whole. **$r$ is a knob for sharpness, not an iteration to convergence.**

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
claims.above("F never falls: 200 tensors, 100 iterations", gain, -1e-12)
least = [
    theory_routing.symmetric_kl(trace.couplings[k], trace.couplings[k + 1])
    for k in range(10)
]
claims.above("it gains at least the symmetric KL", gain[:10] - least, -1e-10)

# %%
entropy = trace.entropy
print("mean entropy of a part's couplings (nats)")
for r in (1, 2, 3, 10, 100):
    print(f"  r = {r:3d}: {entropy[r - 1].mean():.2f}")
claims.equal("uniform at r = 1: log 10", entropy[0], np.log(10), tolerance=1e-9)
claims.true("the mean entropy falls", np.diff(entropy.mean(axis=1)) < 0)
means = {2: 2.222, 3: 1.945, 10: 0.68, 100: 0.09}
errors = [
    abs(entropy[r - 1].mean() - m) / entropy[r - 1].std() * 200**0.5
    for r, m in means.items()
]
claims.below("2.22, 1.95, 0.68, 0.09 at r = 2, 3, 10, 100 (standard errors)", errors, 4)

# %%
show(
    figures_theory.couplings_and_objective(
        theory_routing.random_votes(np.random.default_rng(4), 50, (10, 24, 8))
    )
)

# %% [markdown]
# **Figure 2.** Random votes, which agree about nothing. Routing makes up its mind all the
# same: each part picks a whole and $F$ rises. That is the danger of a large $r$: agreement
# found by sharpening, not in the data. (Colours show small shares enlarged.)
#
# ## 5. A gradient through routing
#
# Training differentiates through all iterations. Some public code treats the couplings
# as constants instead (`detach`). At $r = 1$ they *are* constant. After that the cut
# gradient points in nearly the same direction and has another size:

# %%
votes = tf.constant(np.random.default_rng(1).normal(0, 0.5, size=(4, 10, 32, 16)))
apart, cosines = [], []
for r in (1, 2, 3):
    whole, cut = (theory_routing.gradient(votes, 3, r, d) for d in (False, True))
    norms = np.linalg.norm(whole), np.linalg.norm(cut)
    apart.append(np.linalg.norm(whole - cut) / norms[0])
    cosines.append(np.sum(whole * cut) / np.prod(norms))
    print(f"r = {r}: relative difference {apart[-1]:.1f}, cosine {cosines[-1]:.2f}")
claims.equal("at r = 1 both gradients are the same", apart[0], 0.0, tolerance=1e-12)
claims.equal(
    "their relative difference, r = 2, 3", apart[1:], [0.45, 0.71], tolerance=0.06
)
claims.equal("their cosine, r = 2, 3", cosines[1:], [0.97, 0.90], tolerance=0.03)

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
# twice. Routing is bound by memory, not by arithmetic. The layout matters more than
# anything else; on one core a training step through routing takes 250 ms with the batched products above, 400 with
# broadcasting, 700 with `einsum` over the same tensor, and 145 if XLA compiles the
# routing alone (`jit_routing`), which takes about a second the first time.
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
show_source(data.pairs, layers.RandomShift.call, model.SceneModel.compose)

# %%
settings = config.PRESETS["laptop"]
tasks = data.load(settings)
scenes, labels = tasks["pairs"].tests["test"]
seen = {digit.tobytes() for digit in tasks["pairs"].scenes.reshape(-1, 144)}
unshifted = data.load(settings.replace(pair_shift=0))["pairs"].tests["test"][0]
claims.true("no pair shares a class", labels[:, 0] != labels[:, 1])
claims.equal(
    "test digits seen in training",
    sum(digit.tobytes() in seen for digit in unshifted.reshape(-1, 144)),
    0,
    tolerance=0.5,
)

# %% [markdown]
# ## 9. The experiment
#
# Three networks on two tasks: **pairs** (6,000 training pairs, an answer is right only
# if both digits are) and **single digits**, which are also tested under random affine
# maps (rotation, shear, scale) that training never shows. CapsNet with $r = 3$ and with
# $r = 1$ (the same network and weights at the start), and a convolutional network of
# similar size, all for ten epochs.

# %%
# NBVAL_IGNORE_OUTPUT
report = experiment.run(settings)
m = report.metrics
assert m["single/capsnet_3/percent"] > 93

# %%
claims.above("one digit, CapsNet r = 3 (%)", m["single/capsnet_3/percent"], 93)
claims.above("one digit, CNN (%)", m["single/cnn/percent"], 93)
claims.above("pairs, CapsNet r = 3, both right (%)", m["pairs/capsnet_3/percent"], 35)
claims.above(
    "pairs: both reconstructions closer to their own digit (%)",
    m["pairs/capsnet_3/separated_percent"],
    60,
)

# %% [markdown]
# One seed proves little. The runs of three seeds are recorded with the lesson:
#
# ```
# lessons sweep capsules --preset laptop --seeds 0-2 --record
# ```

# %%
runs = results.recorded("capsules", preset="laptop")
longer = results.recorded("capsules", preset="laptop_cnn")
gains = runs["pairs", "capsnet_3", "percent"] - runs["pairs", "capsnet_1", "percent"]
print("three against one iteration, points on pairs:", np.round(gains, 1).tolist())
claims.above(
    "gain of r = 3 over r = 1 on pairs, mean of seeds (points)", np.mean(gains), 2
)
claims.above("  and on every seed", gains, 0)
claims.above(
    "pairs separated, every seed (%)",
    runs["pairs", "capsnet_3", "separated_percent"],
    60,
)

# %%
show(figures.accuracy_bars(runs, settings))

# %% [markdown]
# **Figure 3.** Bars are means over three seeds, lines their standard deviation. Routing
# helps where digits overlap: three iterations beat one. On single digits nobody has
# anything to gain. And the CNN? At the same number of epochs it is level with CapsNet on
# pairs, within the spread, and a little ahead under affine maps, which is the opposite of
# what the paper saw on affNIST. And an epoch of it takes half the time. Given as many
# *seconds*, that is twice the epochs, it wins:

# %%
table = (
    ("CapsNet, r = 3", runs, "capsnet_3"),
    ("CNN, as many epochs", runs, "cnn"),
    ("CNN, as many seconds", longer, "cnn"),
)
for text, found, name in table:
    pairs = found["pairs", name, "percent"]
    moved = found["single", name, "affine_percent"]
    print(
        f"{text:22s} pairs {pairs.mean():4.1f} ± {pairs.std(ddof=1):3.1f}   "
        f"affine {moved.mean():4.1f} ± {moved.std(ddof=1):3.1f}"
    )
routed = runs["pairs", "capsnet_3", "percent"]
claims.above(
    "the CNN wins on pairs for the same seconds (points)",
    longer["pairs", "cnn", "percent"].mean() - routed.mean(),
    0,
)
plain = runs["single", "cnn", "affine_percent"]
claims.above(
    "and under affine maps, for the same epochs (points)",
    np.mean(plain - runs["single", "capsnet_3", "affine_percent"]),
    0,
)

# %% [markdown]
# The paper's comparison (5.2 against 8.1 % error on MultiMNIST) is at a size where its
# CNN has three times the parameters and both are trained to the end. Ours says nothing
# against it, and nothing for it.
#
# ## 10. Inside the network
#
# What the CNN cannot do at all is say *which stroke is whose*.

# %% tags=["cover"]
show(figures.separation(report.models["model"], scenes, labels))

# %% [markdown]
# **Figure 4.** The input (top) is all that the network sees. Each capsule draws its own
# digit, blurred, in the right place (bottom, against the truth in the middle); white is
# where both have ink. In the last two columns we asked for a digit that is not in the
# image: there is no pose in that capsule, and what it draws fits nothing. So the
# network is not simply explaining every pixel with whatever it is asked for. (This is the
# work of the decoder's loss, not of routing: with $r = 1$ as many pairs are separated.)
#
# That can be said in numbers: the squared error of what a capsule draws, against the
# closer of the two digits in the image, for the classes that are there and for the next
# class that is not.

# %%
net = report.models["model"]
absent = (labels[:, :1] + np.arange(1, 4)) % 10
missing = np.array(
    [
        [next(k for k in row if k not in pair)]
        for row, pair in zip(absent, labels, strict=True)
    ]
)
errors = [
    np.square(evaluation.reconstruct(net, scenes, asked)[:, :1] - scenes)
    .sum(axis=(2, 3, 4))
    .min(axis=1)
    .mean()
    for asked in (labels, missing)
]
claims.above(
    "error of a class that is absent / of one present", errors[1] / errors[0], 1.1
)

# %% [markdown]
# Now look at its routing, as in figure 2, but with the votes it has learned.

# %%
learned = evaluation.votes_of(net, data.images_of(scenes))
trace = theory_routing.trace(learned, 10)
rows = np.arange(len(labels))[:, None]
fraction = [c[rows, labels].sum(axis=1).mean() for c in trace.couplings]
claims.equal("fraction of the two classes at r = 1", fraction[0], 0.2, tolerance=1e-9)
claims.true("their fraction grows with every iteration", np.diff(fraction) > 0)
claims.above("F never falls here either", np.diff(trace.objective, axis=0), -1e-12)
claims.above(
    "couplings at r = 3 are still soft (nats of 2.303)", trace.entropy[2].mean(), 1.8
)
claims.true(
    "|changes of b| grow over the first three",
    np.diff(trace.change.mean(axis=1)[:3]) > 0,
)

# %%
show(figures_theory.couplings_and_objective(learned, marked=sorted(labels[0].tolist())))

# %% [markdown]
# **Figure 5.** The first test pair; the ticks mark its two classes. At $r = 3$, where the
# network was trained, couplings have hardly left the uniform ones: routing is a *nudge*,
# which training has learned to use. At ten most parts have chosen, and mostly one of the
# two digits that are there.
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
# **Figure 6.** Along a row the digit changes smoothly and stays the same class. Slant,
# width, place and the size of a part share out among the components; nobody told the
# network to do that, only to reconstruct.
#
# ### How many iterations, and is the decoder needed?
#
# `lessons sweep capsules --preset laptop_ablation --seeds 0-2 --record` trained eight
# networks on three seeds:

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
claims.above(
    "three iterations against one, without decoder (points)",
    np.mean(three - ablation["pairs", "capsnet_plain_1", "percent"]),
    2,
)

# %%
show(figures.ablation(ablation, config.PRESETS["laptop_ablation"]))

# %% [markdown]
# **Figure 7.** From one to three iterations both lines rise by six to eight points, more
# than the spread of seeds (bars: one standard deviation; dots: seeds). From three to five
# nothing certain happens: the paper sees more iterations overfit, we see a plateau.
# Reconstruction gives two points at $r = 3$, the paper's direction, and within the spread.
# Its worth here is figure 4.
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
# * **CapsNet better than a CNN.** Level for the same epochs, behind for the same seconds
#   (the table of section 9). At this size a tuned CNN is the better classifier.
# * **The 13 points on affNIST** (79 against 66 %): under our affine maps the CNN is ahead by
#   a few points. `--preset paper_affnist --set affnist_path=test.mat` is
#   that experiment.
# * **Errors of 0.25 % and 5.2 %.** They need MNIST and hours of a GPU:
#   `lessons run capsules --preset paper`, or `paper_multimnist`.
# * Rates, kernel sizes and the initial scale were chosen after some ten trial runs judged
#   on seed 0 of the test split: take the accuracies as optimistic, the differences less so.
#
# ## 13. What to try next
#
# * `lessons run capsules --set detach=true`: how much does the cut gradient cost?
# * `--set weight_scale=0.1`: watch squash hold training back.
# * `--set iterations=10 --set variants=capsnet`: where does figure 7 go on to?
# * `--set learn_priors=true`: do learned logits find out that parts prefer some classes?
#
# **Exercise.** `course/exercises/capsules.py`: four functions and one question. You will
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
print("right answers in percent, mean of three seeds  pairs  one digit  affine")
for name, variant in variants.chosen(settings).items():
    cells = [
        runs[task, name, key].mean()
        for task in settings.tasks
        for key, _ in figures.TESTS[task]
    ]
    print(f"  {variant.label:42s} {cells[0]:7.1f} {cells[1]:10.1f} {cells[2]:7.1f}")

# %% tags=["summary"]
claims.table()
