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
# # Cats, dogs and the convolutional baseline
#
# **In one hour you will build a convolutional network, write its loss and both of its
# optimizers by hand, see it stay at chance because of its first weights, and mend it in three
# ways. You will also learn how sure an accuracy is.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 50 minutes to read, about a minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** Derivatives of a composed function; `keras.Sequential`, `compile`
# > and `fit`. No earlier lesson is needed.
# >
# > **Source.** The blogs and the code of two students of the course IFT6266 (Montréal,
# > winter 2015), J. Chung (`jych/ift6266h15`) and K. Kastner (`kastnerkyle/ift6266h15`):
# > a baseline for Kaggle's "Dogs vs. Cats". What is not there is from papers named below.
#
# **You will be able to**
#
# * Count the parameters and the receptive fields of a convolutional network on paper.
# * Write the cross-entropy so that no logit breaks it, and its gradient.
# * Write Nesterov's momentum in three forms and Adam in two, and say where they differ.
# * Explain why small first weights stop one optimizer and not another.
# * Say whether two accuracies differ, what is missing when you cannot say it, and why two
#   networks that differ are not two methods that differ.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $x$ | `images` | (batch, side, side, 3) | pictures, in $[0, 1]$ |
# | $y$ | `labels` | (batch,) | 0 for a cat, 1 for a dog |
# | $n$, $k$, $s$ | `side`, `kernel`, `stride` | numbers | of a map and of a convolution |
# | $z$, $p$ | `logits` | (batch, 1) or (batch, 2) | what the network puts out; $p = \sigma(z)$ |
# | $w$, $g$ | `weights`, `gradient` | any | parameters, $\partial L / \partial w$ of the loss $L$ |
# | $m$, $v$ | `momentum`, `first`, `second` | as $w$ | running sums and means of $g$ and $g^2$ |
# | $\eta$, $\mu$ | `rate`, `mu` | numbers | rate and momentum of descent |
# | $\alpha$, $\beta_1$, $\beta_2$, $\epsilon$ | `rate`, `beta_1`, ... | numbers | of Adam |
# | $\lambda$ | `curvatures` | (coordinates,) | second derivatives of a quadratic |
# | $\gamma$, $\beta$ | `gamma`, `beta` | (channels,) | scale and shift after batch normalisation |
# | $a$, $q$, $d$ | `accuracy`, `share`, `difference` | numbers | see section 8 |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import keras
import numpy as np
import tensorflow as tf

from lessons.foundations.convnet_baseline import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    model,
    networks,
    optimizers,
    paper,
    theory,
    theory_norm,
    uncertainty,
)
from lessons.foundations.convnet_baseline import theory_momentum as momentum
from lessons.foundations.convnet_baseline.variants import VARIANTS
from lessons.toolkit import results, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)
laptop = config.PRESETS["laptop"]

# %% [markdown]
# ## 1. The pictures
#
# The students had 25,000 photographs. We draw: a head of any colour, off-centre, tilted,
# before patches of two photographs or before textures. A cat has pointed ears that stand up,
# a dog has round ears that hang (half of them darker) and a slightly wider nose. Training and
# test pictures have backgrounds from parts of the photographs that share no pixel.

# %% tags=["cover"]
split = data.load(laptop)
show(figures.pictures(split.train_images, split.train_labels, split.class_names))

# %% [markdown]
# **Figure 1.** Each class. Colour, place, size and background are drawn from the same
# distributions for both; only ears and nose tell them apart.
#
# A picture is a point with $32 \cdot 32 \cdot 3 = 3072$ coordinates. Each of these *features*
# gets the mean 0 and the standard deviation 1 (*deviation*, for short) over the **training**
# images, and validation and test images are treated with the same numbers. A pixel that never
# changes would be divided by 0; its deviation counts as 1.

# %%
show_source(theory.feature_statistics)

# %%
mean, deviation = theory.feature_statistics(split.train_images)
normalised = (split.train_images - mean) / deviation
held_out = (split.test_images - mean) / deviation
claims.below(
    "training images: greatest mean of a feature",
    np.abs(normalised.mean(axis=0, dtype=np.float64)),
    1e-5,
)
claims.equal(
    "training images: deviation of each feature",
    normalised.std(axis=0, dtype=np.float64),
    np.ones(mean.shape),
    tolerance=1e-4,
    control=("of test images", held_out.std(axis=0, dtype=np.float64)),
)
show(figures.normalisation(split.train_images, normalised))

# %% [markdown]
# **Figure 2.** The mean picture is nearly flat: what must be learned is not in any single
# pixel. (So a linear model of the pixels will be at chance; section 9 shows it.)
#
# ## 2. The network
#
# A *convolution* moves a kernel, $k \times k$ weights for each channel, over the picture in
# steps of the *stride* $s$ and sums the products; what one kernel finds is a *map*. A *pool*
# keeps the greatest number of each $2 \times 2$ block. Without padding the two make of a map of
# side $n$
#
# $$n' = \Big\lfloor \frac{n - k}{s} \Big\rfloor + 1, \qquad
#   n'' = \Big\lfloor \frac{n'}{2} \Big\rfloor,$$
#
# and a layer has (inputs of a unit + 1) parameters for each unit, the 1 for its bias. J.
# Chung's blog describes three convolutions with 64 maps each and two dense layers of 512; the
# blog names no kernel sizes, those are from his code.

# %%
show(figures_theory.network_drawing(networks.PUBLISHED["chung"]))

# %% [markdown]
# **Figure 3.** Maps to scale (side × maps), parameters above the arrows, and how many pixels
# of the picture one number sees. After the third pool 576 numbers enter the dense layers;
# dashed arrows drop half of their inputs at training. Three quarters of the parameters are
# dense; three quarters of the multiplications are in the second convolution.

# %%
for name, count in paper.PARAMETERS.items():
    stages = networks.stages(networks.PUBLISHED[name])
    maps = "-".join(f"{s.side}-{s.pooled}" for s in stages if s.kind == "conv")
    print(f"{name:12s} {maps:24s} {sum(s.parameters for s in stages):>9,}")
    claims.equal(
        f"parameters of {name}",
        networks.count_parameters(networks.PUBLISHED[name]),
        count,
        tolerance=0.5,
        digits=9,
    )
built = model.baseline((48, 48, 3))
claims.equal(
    "parameters of the network that Keras builds",
    sum(int(np.prod(w.shape)) for w in built.trainable_weights),
    paper.PARAMETERS["chung"],
    tolerance=0.5,
    digits=9,
    control=(
        "with padding (6x6 in place of 3x3)",
        paper.PARAMETERS["chung"] + (36 - 9) * 64 * 512,
    ),
)

# %% [markdown]
# `kastner_bn` counts biases *before* a batch normalisation, as the released code had them.
# Section 6 shows that they do nothing; without them there are 110,178. What is trained below
# is `laptop`, on pictures of 32x32. The order in a layer is convolution, normalisation (if any),
# pool, ReLU: since ReLU never falls, the pool may come before it, with the same result and a
# quarter of the work. (*ReLU* is $\max(x, 0)$.) `ConvNet` is a subclass of `keras.Model`: `call`
# computes the answer, `compute_loss` the loss; `compile` and `fit` work as with `Sequential`.

# %%
show_source(model.ConvNet.activations)

# %% [markdown]
# ## 3. The loss
#
# The *sigmoid* $p = \sigma(z) = 1/(1 + e^{-z})$ of the network's *logit*
# $z = \log \frac{p}{1 - p}$, the *log-odds*, is its probability of "dog". Minus the logarithm
# of the right class's probability is the *cross-entropy*, $-y \log p - (1 - y) \log(1 - p)$, in
# *nats* (units of the natural logarithm). Computed like this it breaks: $\sigma(-1000)$ is 0,
# and its logarithm infinite. Insert $\log p = -\log(1 + e^{-z})$ and
# $\log(1 - p) = -z - \log(1 + e^{-z})$:
#
# $$\ell = (1 - y)\,z + \log(1 + e^{-z}) = \max(z, 0) - z y + \log(1 + e^{-|z|}),
#   \qquad \frac{\partial \ell}{\partial z} = p - y.$$
#
# The last form takes no exponential of a positive number. The gradient is *predicted minus
# wanted*.

# %%
show_source(theory.binary_cross_entropy)
z, y = np.array([-2.0, 0, 3]), np.array([0.0, 1, 1])
loss = np.asarray(theory.binary_cross_entropy(z, y)).mean()
gradient = np.asarray(theory.binary_cross_entropy_gradient(z, y)) / 3
print(f"mean loss {loss:.7f}, gradient {np.round(gradient, 7)}")
claims.equal("mean cross-entropy of three logits", loss, 0.2895542, tolerance=1e-7)
claims.equal(
    "its gradient",
    gradient,
    [0.0397343, -0.1666667, -0.0158086],
    tolerance=1e-7,
    control=("wanted minus predicted", -gradient),
)
large = np.array([-1000.0, 1000.0])
with np.errstate(all="ignore"):
    p = 1 / (1 + np.exp(-large))
    clipped = -np.log(np.clip(p, 1e-7, 1))
claims.equal(
    "cross-entropy of z = ±1000 for a dog",
    np.asarray(theory.binary_cross_entropy(large, np.ones(2))),
    [1000, 0],
    tolerance=1e-9,
    control=("p kept above 1e-7", clipped),
)

# %% [markdown]
# K. Kastner's network has two outputs and a *softmax*, $p_k = e^{z_k} / \sum_j e^{z_j}$; its
# cross-entropy is $-\log p_y$. It is the same thing: dividing numerator and denominator by
# $e^{z_0}$ gives $p = \sigma(z_1 - z_0)$.

# %%
pairs, labels = rng.normal(0, 5, (100, 2)), rng.integers(0, 2, 100)
softmax = np.asarray(theory.softmax_cross_entropy(pairs, labels))
sigmoid = np.asarray(theory.binary_cross_entropy(pairs[:, 1] - pairs[:, 0], labels))
claims.equal(
    "softmax of two minus sigmoid of the difference",
    np.abs(softmax - sigmoid).max(),
    0,
    tolerance=1e-12,
    control=(
        "sigmoid of z₁ alone",
        np.abs(
            softmax - np.asarray(theory.binary_cross_entropy(pairs[:, 1], labels))
        ).max(),
    ),
)

# %% [markdown]
# One trap is left. Keras's `BinaryAccuracy` asks whether the output is above 0.5. That is
# right for $p$; for a logit the border is 0, and one must pass `threshold=0.0`.
#
# ## 4. Momentum, in three forms
#
# Textbooks take the gradient *ahead*, where the momentum would carry the weights:
#
# $$m' = \mu m - \eta\, g(\theta + \mu m), \qquad \theta' = \theta + m'.$$
#
# A library has the gradient only at the weights it holds. So it holds $w = \theta + \mu m$
# instead. Then $w' = \theta' + \mu m' = \theta + m' + \mu m' = w - \mu m + m' + \mu m'$, and with
# $m' - \mu m = -\eta g$:
#
# $$m' = \mu m - \eta\, g(w), \qquad w' = w + \mu m' - \eta g = w + \mu^2 m - (1 + \mu)\,\eta g.$$
#
# The released code has the last form, we the one before. Keras calls `update_step` per variable.

# %%
show_source(theory.nesterov_step, optimizers.NesterovMomentum.update_step)

# %%
curvatures, start = np.array(momentum.CURVATURES), np.array(momentum.START)
w, m = start, 0 * start
released, sum_of_steps = start, 0 * start
once = start, 0 * start
for _ in range(50):
    w, m = theory.nesterov_step(w, m, curvatures * w, 0.01, 0.95)
    g = 0.01 * curvatures * released
    released = released + 0.95**2 * sum_of_steps - 1.95 * g
    sum_of_steps = 0.95 * sum_of_steps - g
    g = 0.01 * curvatures * once[0]
    once = once[0] + 0.95 * once[1] - 1.95 * g, 0.95 * once[1] - g
theta, ahead = momentum.look_ahead(curvatures, start, 0.01, 0.95, 50)
ball = momentum.path("heavy_ball", curvatures, start, 0.01, 0.95, 50)[-1]
print("w after 50 steps:", np.round(w, 8), " θ:", np.round(theta[-1], 8))
claims.equal(
    "w, after 50 steps with curvatures 1 and 10",
    w,
    [-0.00691051, -0.01723277],
    tolerance=1e-8,
    control=[("heavy ball", ball), ("μ in place of μ²", once[0])],
)
claims.equal(
    "three forms: greatest difference",
    max(np.abs(w - released).max(), np.abs(w - theta[-1] - 0.95 * ahead[-1]).max()),
    0,
    tolerance=1e-14,
    control=("θ itself", np.abs(w - theta[-1]).max()),
)
own = keras.Variable(start.astype("float32"))
peer = keras.Variable(start.astype("float32"))
by_hand = optimizers.NesterovMomentum(0.01, 0.95)
keras_sgd = keras.optimizers.SGD(0.01, momentum=0.95, nesterov=True)
for _ in range(50):
    for optimizer, variable in ((by_hand, own), (keras_sgd, peer)):
        optimizer.apply([curvatures.astype("float32") * variable], [variable])
claims.equal(
    "Keras's SGD with nesterov=True, in float32",
    np.asarray(peer),
    w,
    tolerance=2e-7,
    control=("heavy ball", ball),
)
claims.equal("ours as a Keras optimizer", np.asarray(own), w, tolerance=2e-7)

# %% [markdown]
# What does looking ahead buy? On a quadratic each coordinate obeys a recursion of two steps,
# and the greater root of its polynomial says what the distance shrinks by in each step:
#
# $$\text{Nesterov: } r^2 - (1 + \mu)(1 - \eta\lambda)\, r + \mu (1 - \eta\lambda) = 0, \qquad
#   \text{heavy ball: } r^2 - (1 + \mu - \eta\lambda)\, r + \mu = 0.$$
#
# The product of the roots is their last term. As soon as the heavy ball swings (two complex
# roots) both have the size $\sqrt \mu$, whatever the curvature. Nesterov's are smaller by
# $\sqrt{1 - \eta\lambda}$: steep directions are damped.

# %%
print("ηλ     descent  heavy ball  Nesterov")
table = [
    [momentum.factor(name, step, 0.95) for name in momentum.METHODS]
    for step in (0.01, 0.1, 1.0)
]
for step, row in zip((0.01, 0.1, 1.0), table, strict=True):
    print(f"{step:<6g} {row[0]:.6f} {row[1]:.6f}    {row[2]:.6f}")
claims.equal(
    "factors at ηλ = 0.01, 0.1, 1 (Nesterov)",
    np.array(table)[:, 2],
    [0.969794, 0.924662, 0],
    tolerance=1e-6,
    control=("heavy ball", np.array(table)[:, 1]),
)
mus = (0.0, 0.5, 0.8, 0.9, 0.95, 0.99)
turning.show(figures_theory.momentum_turning(mus, start=3))

# %% [markdown]
# **Figure 4.** Turn $\mu$. *Left:* 40 steps in a valley ten times as steep in one direction as
# in the other. *Right:* the factor of a step; dotted lines
# are the two curvatures. The heavy ball's curve has a floor at $\sqrt\mu$. Nesterov's falls to 0
# where $\eta\lambda = 1$. Note where momentum pays: at the left, where the curvature is small
# against the rate, descent crawls; at the right it needs none. One warning: momentum sums up gradients, so that $\mu = 0.95$ makes the
# long-run step $1/(1-\mu) = 20$ times the rate. A rate that was good without it diverges.
#
# ## 5. Adam, in two forms
#
# Adam keeps a running mean of the gradients and one of their squares, and divides:
#
# $$m' = \beta_1 m + (1 - \beta_1) g, \quad v' = \beta_2 v + (1 - \beta_2) g^2, \quad
#   w' = w - \alpha\, \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}\,
#   \frac{m'}{\sqrt{v'} + \epsilon}.$$
#
# The fractions of powers undo that both means start at 0. After one step $m' = (1 - \beta_1) g$ and
# $v' = (1 - \beta_2) g^2$: the step is $\alpha\, g / |g|$, of size $\alpha$ **whatever the size of the
# gradient**, down to where $\epsilon$ counts. And where that is, depends on the form. Algorithm
# 1 of the paper (Kingma & Ba 2015) adds $\epsilon$ after the correction; the faster form at the
# end of its section 2, which Keras takes too, before it: there $\epsilon$ weighs
# $1/\sqrt{1 - \beta_2} = 32$ times as much in the first step.

# %%
show_source(theory.adam_step)
sizes = np.array([200, 5, 1e-3, 1e-5, 1e-6, 1e-7])
ours = np.array([-theory.adam_step(0.0, 0.0, 0.0, g, 1, 1.0)[0] for g in sizes])
algorithm_1 = sizes / (sizes + 1e-7)
kerass = []
for g in sizes:
    variable = keras.Variable(0.0)
    keras.optimizers.Adam(1.0).apply([tf.constant(g, tf.float32)], [variable])
    kerass.append(-float(variable))
print("gradient   first step / rate: this form, Keras, Algorithm 1")
for row in zip(sizes, ours, kerass, algorithm_1, strict=True):
    print("{:<8g}   {:.4f}  {:.4f}  {:.4f}".format(*row))
claims.equal(
    "first step of Adam, ours and Keras's, six gradients",
    ours,
    kerass,
    tolerance=2e-5,
    control=("Algorithm 1", algorithm_1),
)
claims.equal(
    "first step over rate, gradients 0.001 to 200",
    ours[:3],
    1,
    tolerance=0.005,
    control=("gradient 1e-7", ours[-1:]),
)

# %% [markdown]
# "A step of the size of the rate for any gradient" is thus true down to about $10^{-5}$ here.
# Keep this in mind for section 9.
#
# ## 6. Batch normalisation, dropout, and what they do to weights
#
# Batch normalisation (Ioffe & Szegedy 2015) makes of each channel
#
# $$y = \gamma\, \frac{x - \mathrm{mean}}{\sqrt{\mathrm{var} + \epsilon}} + \beta,$$
#
# with mean and variance over the batch and all places. A bias before it is subtracted again: it
# is *dead*. And a factor in front of the kernel cancels, so the loss is constant along each
# ray $c\,W$. From $L(cW) = L(W)$ follow, by deriving with respect to $c$ and to $W$,
#
# $$\Big\langle W_j, \frac{\partial L}{\partial W_j} \Big\rangle = 0
#   \quad\text{and}\quad
#   \frac{\partial L}{\partial W}(3 W) = \frac13\, \frac{\partial L}{\partial W}(W).$$
#
# The gradient is perpendicular to the weights of each unit: a step of plain descent can only
# lengthen them, and the longer they are, the smaller the next gradient. All this is exact for $\epsilon = 0$ only.

# %%
show_source(theory.batch_norm)
x, kernel = rng.normal(size=(32, 8)), rng.normal(size=(8, 5))
out, wanted = rng.normal(size=5), rng.integers(0, 2, 32)


def loss_and_gradient(kernel, **options):
    """Cross-entropy of one hidden layer, and its gradient by the kernel."""
    return theory_norm.loss_and_gradient(x, kernel, out, wanted, **options)


base, slope = loss_and_gradient(kernel)
scaled, scaled_slope = loss_and_gradient(3 * kernel, bias=7.0)
claims.equal(
    "BN: loss with 3 W and a bias of 7, relative change",
    scaled / base - 1,
    0,
    tolerance=1e-12,
    control=[
        (
            "ε = 0.001",
            loss_and_gradient(3 * kernel, bias=7.0, epsilon=1e-3)[0]
            / loss_and_gradient(kernel, epsilon=1e-3)[0]
            - 1,
        ),
        (
            "without BN",
            loss_and_gradient(3 * kernel, bias=7.0, normal=False)[0]
            / loss_and_gradient(kernel, normal=False)[0]
            - 1,
        ),
    ],
)
claims.equal(
    "BN: greatest |⟨W, dL/dW⟩| of a unit",
    np.abs((kernel * slope).sum(axis=0)).max(),
    0,
    tolerance=1e-13,
    control=(
        "without BN",
        np.abs((kernel * loss_and_gradient(kernel, normal=False)[1]).sum(0)).max(),
    ),
)
claims.equal(
    "BN: gradient at 3 W, times 3",
    3 * scaled_slope,
    slope,
    tolerance=1e-12,
    control=("without BN", 3 * loss_and_gradient(3 * kernel, normal=False)[1]),
)

# %% [markdown]
# Two things to know before you use it. *At test time* Keras normalises with running means; with
# its default memory of 0.99 they need hundreds of steps to forget their start, so that five
# short epochs seem broken: we take 0.9. The released code had no running means at all and
# normalised 5000 validation images with their own statistics, so that a prediction depended on
# the other images. And it divided by $\mathrm{std} + \epsilon$, which differs where the variance is
# small.
#
# **Dropout** sets a unit to 0 with probability $p$ and divides the others by $1 - p$. The mean
# stays, and the variance grows by $x^2 p / (1 - p)$:

# %%
draws = theory.dropout(np.ones(1_000_000), 0.5, rng.random(1_000_000))
print(f"mean {draws.mean():.2f}, variance {draws.var():.2f}")
claims.equal(
    "dropout 0.5 of 1: mean and variance",
    [draws.mean(), draws.var()],
    [1, 1],
    tolerance=0.01,
    control=("without the division", [draws.mean() / 2, draws.var() / 4]),
)

# %% [markdown]
# **Max-norm** shortens the weights of a unit that are longer than a bound (Chung: 1.9365), and
# his gradients were clipped to a length of 5 all together. **Mirroring** half of the training
# images makes two images of one. It must not happen in place: the released loop flipped slices
# of the stored array, so that after the first epoch nobody knew which images were mirrored.
# `--set max_norm=1.9365`, `--set clip_norm=5` and the variant `glorot_flip` do these things;
# that they help is not claimed here.
#
# ## 7. When to stop
#
# After each epoch the validation loss is compared with the best one. Training stops when
# `patience` epochs in a row were not better, and **the weights of the best epoch** are put back.

# %%
show_source(theory.early_stop)
for losses in ((3, 2, 2, 2), (3, 4, 2, 3, 1, 2, 2), (3, 2, 1)):
    print(losses, "→ stops after epoch, best epoch:", theory.early_stop(losses, 2))
claims.equal(
    "patience 2: stop and best epoch of 3 4 2 3 1 2 2, from 0",
    theory.early_stop((3, 4, 2, 3, 1, 2, 2), 2),
    (6, 4),
    tolerance=1e-9,
    control=("counting epochs that do not follow each other", (3, 2)),
)

# %% [markdown]
# The best of many noisy epochs is too good: choosing on the validation set uses it up. That is
# why there is a third part, the test set, which chooses nothing.
#
# ## 8. How sure is an accuracy?
#
# An accuracy $a$ on $n$ images is a share, with the standard error $\sqrt{a (1 - a) / n}$. Kastner's
# log has these, on 5000 validation images:

# %%
error = uncertainty.standard_error(0.82, paper.KASTNER_VALID)
print(f"standard error of 0.82 on 5000 images: {error:.5f}")
for name, (train_accuracy, valid_accuracy) in paper.KASTNER_RUNS.items():
    print(f"{name:24s} training {train_accuracy:.3f}, validation {valid_accuracy:.4f}")
last, epoch_10 = 0.8220, 0.8138
print(f"epoch 10 to 96: {uncertainty.deviations(epoch_10, last, 5000):.2f} deviations")
simulated = rng.binomial(5000, 0.82, 100_000) / 5000
claims.equal(
    "standard error of 0.82 on 5000 images",
    error,
    simulated.std(),
    tolerance=5e-5,
    digits=2,
    control=("on 2500 images", uncertainty.standard_error(0.82, 2500)),
)
claims.equal(
    "0.8138 and 0.8220 as independent: deviations",
    uncertainty.deviations(epoch_10, last, 5000),
    1.06,
    tolerance=0.005,
    digits=3,
    control=("0.8020 and 0.8220", uncertainty.deviations(0.8020, last, 5000)),
)

# %% [markdown]
# One deviation: "not distinguishable"? Wait. Both runs saw the **same** 5000 images. Hard images
# are hard for both, so their errors move together, and what counts are the images that exactly
# one of the two gets right, a share $q$. The difference $d$ then has the variance
# $(q - d^2)/n$ (McNemar 1947):

# %%
for share in (0.05, 0.10, 0.15, 0.20):
    apart = uncertainty.paired_deviations(last - epoch_10, share, 5000)
    print(f"q = {share:.2f}: {apart:.1f} deviations")
hard = rng.random((4000, 500)) < 0.3
one, other = (np.where(hard, rng.random(hard.shape) < 0.4, True) for _ in range(2))
found = other.mean(axis=1) - one.mean(axis=1)
share = np.mean(one != other)
as_if = np.sqrt(2) * uncertainty.standard_error(one.mean(), 500)
claims.equal(
    "drawn runs on the same images: deviation of the difference",
    found.std(),
    np.sqrt(share / 500),
    tolerance=0.001,
    digits=2,
    control=("as if independent", as_if),
)

# %% [markdown]
# With 5 percent of the images answered differently, 0.0082 is 2.6 deviations; with 20 percent,
# 1.3. The log does not say which: the answer is *unknown*, not "no difference". Moreover 0.8220
# is the best of 96 epochs.
#
# All this is about two *networks*. Whether one way to train is better than another is a
# question about other first weights and other pictures too, which no test set answers, only
# further seeds do. Section 10 shows how far the two questions are apart.
#
# ## 9. Small first weights
#
# Both students drew first weights uniformly from a fixed interval, $\pm 0.08$ and $\pm 0.1$,
# whatever the number of inputs. A unit with $n$ inputs of mean square 1 then has the variance
# $n s^2 / 3$, of which ReLU leaves half: each layer scales signals by about
# $s \sqrt{n / 6}$. The product over the layers:

# %%
rows = (("chung", 0.08), ("kastner", 0.1), ("laptop", 0.08), ("laptop", 0.3))
for name, scale in rows:
    product = networks.gain(networks.PUBLISHED[name], scale)
    print(f"{name:8s} ±{scale:<5g} product of gains {product:.2g}")
draws = []
for _ in range(40):  # random layers of 400, 300 and 200 inputs
    values = rng.normal(size=(200, 400))
    for n, units in ((400, 300), (300, 200), (200, 300)):
        values = np.maximum(values @ rng.uniform(-0.1, 0.1, (n, units)), 0)
    draws.append(np.mean(values**2))
fans = np.array([400, 300, 200])
claims.equal(
    "three random ReLU layers: output over input, root mean square",
    np.sqrt(np.mean(draws)),
    np.prod(0.1 * np.sqrt(fans / 6)),
    tolerance=0.012,
    digits=2,
    control=("without ReLU's half", np.prod(0.1 * np.sqrt(fans / 3))),
)

# %% [markdown]
# Chung's wide layers would bear $\pm 0.08$. In a network as narrow as ours a signal arrives a thousandth
# as large, and on the way back the gradient shrinks in the same way. How small are gradients?


# %%
def gradient_sizes(variant, scale):
    """Root mean square of the loss's gradient by each kernel, before training."""
    changed = laptop.replace(scale=scale)
    return experiment.gradient_sizes(changed, VARIANTS[variant], split)


sizes_of = {
    "±0.08": gradient_sizes("nesterov", 0.08),
    "Glorot": gradient_sizes("glorot", 0.08),
    "±0.08, BN": gradient_sizes("nesterov_bn", 0.08),
}
print("gradient of a weight, root mean square, first to last layer")
for name, values in sizes_of.items():
    print(f"{name:10s}", " ".join(f"{v:.0e}" for v in values))
claims.below(
    "first kernel's gradient at ±0.08, against Glorot's start",
    sizes_of["±0.08"][0] / sizes_of["Glorot"][0],
    0.05,
    digits=1,
    control=("±0.08 with BN", sizes_of["±0.08, BN"][0] / sizes_of["Glorot"][0]),
)

# %% [markdown]
# Descent moves weights by $\eta g$, so such a network hardly moves. Three ways out: an optimizer
# that divides the gradient by its size (section 5), a normalisation on the way (section 6),
# or larger first weights. (*Glorot's start*, Keras's default, draws them uniformly from
# $\pm\sqrt{6/(n_{in} + n_{out})}$, so that narrow layers get larger ones.) Here are the first
# two networks, five epochs each:

# %%
show_source(experiment.train)

# %%
# NBVAL_IGNORE_OUTPUT
report = experiment.run(laptop.replace(variants=("nesterov", "adam")))
m = report.metrics
for name in ("nesterov", "adam"):
    print(f"{VARIANTS[name].label:12s} test accuracy {m[f'{name}/accuracy']:.3f}")
for name in ("majority", "colours", "logistic"):
    print(f"{name:12s} test accuracy {m[f'{name}/accuracy']:.3f}")

# %% [markdown]
# Over eight seeds, each with its own pictures, weights and order, recorded with
# `lessons sweep convnet_baseline --preset laptop --seeds 0-7 --record`:

# %%
runs = results.recorded("convnet_baseline")
accuracy = {name: runs[name, "accuracy"] for name in laptop.variants}
for name, values in accuracy.items():
    print(f"{VARIANTS[name].label:28s}", results.in_words(values))
for name in ("logistic", "colours", "majority"):
    print(f"{name:28s}", results.in_words(runs[f"{name}/accuracy"]))
ears = runs["adam", "without_ears"]
print("Adam, dogs with a cat's ears:", results.in_words(ears))
for name in ("nesterov_bn", "glorot"):
    ahead_by = accuracy["adam"] - accuracy[name]
    print(
        f"Adam minus {VARIANTS[name].label}:",
        results.in_words(ahead_by),
        f"above 0 on {np.sum(ahead_by > 0)}",
    )
claims.above(
    "Adam from ±0.08: accuracy",
    m["adam/accuracy"],
    0.7,
    recorded=accuracy["adam"],
    digits=3,
    control=[
        ("Nesterov from ±0.08, best", accuracy["nesterov"].max()),
        ("logistic regression, best", runs["logistic/accuracy"].max()),
    ],
)
show(
    figures.accuracy_bars(
        accuracy,
        "five epochs, eight seeds",
        [("logistic\nregression", runs["logistic/accuracy"].mean())],
    )
)

# %% [markdown]
# **Figure 5.** From one and the same small start: momentum stays at chance, Adam and batch
# normalisation learn, and so does momentum from larger weights. *Five times the rate* is above
# 0.57 within the five epochs on four seeds: "stuck" is said of a rate and a budget. All three
# ways out work. Adam is above batch normalisation on each of the eight seeds, by 0.02 on average
# and on two seeds by three pictures only, and above larger weights on five; section 10 gives the
# same networks more time. And a linear model of the pixels, or of the six means and
# deviations of the colours, is at chance: there is no shortcut. (Batch and number of epochs were
# chosen on seed 0, so that larger first weights learn in time; the rates, 0.01 and Adam's usual
# 0.001, were not tuned, so that the order of the three says little about the methods.)
#
# What in Adam does it, the division or its own momentum? Take the momentum away
# (`lessons sweep convnet_baseline --preset laptop --seeds 0-7 --set variants=adam_no_momentum --record`):

# %%
memoryless = results.recorded(
    "convnet_baseline", "laptop", variants=("adam_no_momentum",)
)["adam_no_momentum", "accuracy"]
print("Adam with β₁ = 0:", results.in_words(memoryless))
claims.above(
    "Adam with β₁ = 0 from ±0.08: accuracy, each seed",
    memoryless,
    0.7,
    digits=3,
    control=("Nesterov, whose momentum is 0.95, best", accuracy["nesterov"].max()),
)

# %%
claims.above(
    "Nesterov with BN from ±0.08: accuracy, each seed",
    accuracy["nesterov_bn"],
    0.7,
    digits=3,
    control=("without BN, best", accuracy["nesterov"].max()),
)
claims.above(
    "Nesterov from Glorot's start: accuracy, each seed",
    accuracy["glorot"],
    0.7,
    digits=3,
    control=("from ±0.08, best", accuracy["nesterov"].max()),
)
claims.above(
    "Adam: accuracy lost where dogs have a cat's ears, each seed",
    accuracy["adam"] - ears,
    0.15,
    digits=3,
    control=(
        "untrained for want of gradient",
        np.max(accuracy["nesterov"] - runs["nesterov", "without_ears"]),
    ),
)

# %% [markdown]
# Is it the *size* of the first weights? Turn it
# (`lessons sweep convnet_baseline --preset laptop_scales --seeds 0-3 --set "scale=0.02|0.05|0.08|0.12|0.2|0.3" --record`):

# %%
scales = (0.02, 0.05, 0.08, 0.12, 0.2, 0.3)
study = {
    scale: results.recorded("convnet_baseline", "laptop_scales", scale=scale)
    for scale in scales
}
by_scale = {
    name: np.array([study[scale][name, "accuracy"] for scale in scales])
    for name in ("nesterov", "adam", "adam_tiny", "nesterov_bn")
}
for name, rows in by_scale.items():
    for scale, found in zip(scales, rows, strict=True):
        print(f"{VARIANTS[name].label:14s} ±{scale:<5g}", results.in_words(found))
starts = []
for scale in scales:
    net = experiment.build_model(laptop.replace(scale=scale), VARIANTS["nesterov"])
    net.adapt(split.train_images)
    found = net.activations(split.train_images[:100])
    starts.append([np.asarray(values) for values in found])
turning.show(figures_theory.scale_turning(scales, by_scale, starts))

# %% [markdown]
# **Figure 6.** Turn the scale. *Left:* where each way to train reaches within five epochs, mean
# and range of four seeds. *Right:* the outputs of each layer before training, of seed 0; their
# medians fall from layer to layer up to $\pm 0.12$. Momentum begins to learn at $\pm 0.12$, does
# best at $\pm 0.2$, there above Adam on all four seeds, and at $\pm 0.3$, where signals grow on
# their way, two of four seeds are back at chance. Adam learns from $\pm 0.05$ on and does best
# near $\pm 0.08$; batch normalisation learns from $\pm 0.02$ on and loses least at $\pm 0.3$. So it is
# the first weights *together with* the way to train, and neither alone.
#
# Why does Adam fail at $\pm 0.02$, if it divides by the size of the gradient? Section 5 offers an
# answer, its $\epsilon$: compare the gradients of the kernels with it.

# %%
tiny = gradient_sizes("adam", 0.02)
print("gradient of a weight at ±0.02, root mean square, first to last layer")
print(" ".join(f"{v:.0e}" for v in tiny))
moved = theory.adam_step(0.0, 0.0, 0.0, tiny, 1, 1.0)[0]
print("so Adam's first step over its rate is", " ".join(f"{-v:.3f}" for v in moved))
first_epsilon = 1e-7 / np.sqrt(1 - 0.999)
claims.below(
    "gradients at ±0.02 over ε/√(1−β₂), greatest of six layers",
    tiny / first_epsilon,
    0.1,
    digits=1,
    control=("at ±0.08", gradient_sizes("adam", 0.08) / first_epsilon),
)
lowest = {name: rows[0] for name, rows in by_scale.items()}
for name in ("adam", "adam_tiny", "nesterov_bn"):
    spread = study[0.02][name, "spread"]
    print(f"{VARIANTS[name].label:18s} ±0.02: accuracy", results.in_words(lowest[name]))
    print(f"{'':18s} spread of the log-odds", " ".join(f"{v:.0e}" for v in spread))
claims.above(
    "Nesterov with BN from ±0.02: accuracy, each of four seeds",
    lowest["nesterov_bn"],
    0.57,
    digits=3,
    control=[
        ("Nesterov, best", by_scale["nesterov"][0].max()),
        ("Adam, best", lowest["adam"].max()),
    ],
)

# %% [markdown]
# So Adam's first steps are far shorter than its rate. That looks like an explanation, but it is
# not the cause: with $\epsilon = 10^{-14}$, and the same weights, rate and order, three of
# four seeds stay at chance. Something else holds them. All kernels are tiny, so signals at the
# last hidden layer are of the size $10^{-6}$. But *biases* start at 0 and their gradients are
# larger, so that Adam moves them by nearly its rate, $10^{-3}$: within a few steps the biases,
# not the picture, say which unit is on. Take the hidden biases away and keep all else, the
# usual $\epsilon$ too
# (`lessons sweep convnet_baseline --preset laptop_scales --seeds 0-3 --set scale=0.02 --set variants=adam_no_biases --record`):

# %%
bare = results.recorded(
    "convnet_baseline", "laptop_scales", scale=0.02, variants=("adam_no_biases",)
)["adam_no_biases", "accuracy"]
for label, values in (
    ("Adam", lowest["adam"]),
    ("Adam, ε = 1e-14", lowest["adam_tiny"]),
    ("Adam, no hidden biases", bare),
):
    print(f"±0.02: {label:24s}", np.round(np.sort(values), 3))
claims.above(
    "±0.02, Adam without hidden biases: accuracy, each of four seeds",
    bare,
    0.6,
    digits=3,
    control=("with them, best", lowest["adam"].max()),
)

# %% [markdown]
# Look into the networks of seed 1 after one epoch: how many units of the last hidden layer are
# above 0 for any picture?

# %%
# NBVAL_IGNORE_OUTPUT
other = data.load(laptop.replace(seed=1))
first_epoch = laptop.replace(seed=1, scale=0.02, epochs=1)


def alive(net):
    """Share of the last hidden layer's units that are above 0 for some picture."""
    values = np.asarray(net.activations(other.valid_images)[-2])
    return float(np.mean(values.max(axis=0) > 0))


begun = experiment.compiled(first_epoch, VARIANTS["adam"])
begun.adapt(other.train_images)
after = {
    name: alive(experiment.train(first_epoch, VARIANTS[name], other).model)
    for name in ("adam", "adam_no_biases")
}
print(f"{'before training':22s} ±0.02: {alive(begun):.2f}")
for name, share in after.items():
    print(f"{VARIANTS[name].label:22s} ±0.02, one epoch: {share:.2f}")
claims.below(
    "±0.02, seed 1: units of the last hidden layer above 0 after an epoch of Adam",
    after["adam"],
    0.3,
    varies=True,
    control=[
        ("before training", alive(begun)),
        ("without hidden biases", after["adam_no_biases"]),
    ],
)

# %% [markdown]
# With biases hardly any is left, and a unit that is at 0 for every picture gets no gradient of
# its own. So $\epsilon$ shortens the steps of the kernels, but that only delays; what stops Adam
# here are the biases. An explanation that fits the numbers is not yet the cause: take the cause
# away and see whether the effect goes. Batch normalisation spreads the pictures before each
# ReLU; it learns on all four seeds, on one of them slowly.
#
# ## 10. Learning by heart
#
# Now from Glorot's start, with Adam, for ten epochs, without and with dropout. Training accuracy
# is measured after each epoch as validation accuracy is, with dropout off (Keras's own is a
# running mean with dropout *on*, which is lower).

# %%
# NBVAL_IGNORE_OUTPUT
longer = config.PRESETS["laptop_long"]
long_names = ("glorot_adam", "glorot_dropout")
trained = {name: experiment.train(longer, VARIANTS[name], split) for name in long_names}
history = {
    f"{name}/{key}": values
    for name, found in trained.items()
    for key, values in found.history.items()
}
show(figures.learning_curves(history, long_names))

# %% [markdown]
# **Figure 7.** Seed 0 only. *Left:* bold on validation images, pale on training images. *Right:* the
# dots are the epochs whose weights are kept. What is put back is really that:

# %%
restored = {
    name: evaluation.evaluate(found.model, split.valid_images, split.valid_labels)
    for name, found in trained.items()
}
claims.below(
    "loss of the weights put back minus least of the curve",
    max(
        abs(restored[name]["loss"] - min(trained[name].history["val_loss"]))
        for name in long_names
    ),
    1e-3,
)

# %% [markdown]
# Do the two networks differ on the test images? Section 8 says what to count:

# %%
# NBVAL_IGNORE_OUTPUT
right = [
    (evaluation.probabilities(found.model, split.test_images) > 0.5)
    == split.test_labels
    for found in trained.values()
]
paired = uncertainty.compare(*right)
print(
    f"dropout minus none: {paired['difference']:+.3f}; exactly one is right on "
    f"{paired['share']:.3f} of the images: {paired['paired']:+.1f} deviations, "
    f"{paired['independent']:+.1f} if they were independent"
)
assert abs(paired["paired"]) >= abs(paired["independent"])

# %% [markdown]
# Now over eight seeds
# (`lessons sweep convnet_baseline --preset laptop_long --seeds 0-7 --record`). The *gap* is
# training minus validation accuracy after the last epoch:

# %%
long_runs = results.recorded("convnet_baseline", "laptop_long")
for name in longer.variants:
    print(
        f"{VARIANTS[name].label:30s} test",
        results.in_words(long_runs[name, "accuracy"]),
    )
    print(f"{'':30s} gap ", results.in_words(long_runs[name, "gap"]))
    reached = long_runs[name, "reached"].astype(bool)
    if reached.any():
        updates = long_runs[name, "updates"][reached]
        print(f"{'':30s} updates to 0.8", results.in_words(updates))
    else:
        print(f"{'':30s} never at 0.8")
dropped = long_runs["glorot_adam", "gap"] - long_runs["glorot_dropout", "gap"]
print("gap without dropout minus with it:", results.in_words(dropped))
chosen_best = long_runs["glorot_adam", "valid_best"]
lost = chosen_best - long_runs["glorot_adam", "accuracy"]
print("Adam, validation minus test, best epoch:", results.in_words(lost))
for name in ("glorot_dropout", "glorot_bn"):
    ahead_by = long_runs[name, "accuracy"] - long_runs["glorot_adam", "accuracy"]
    print(
        f"{VARIANTS[name].label} minus Adam:",
        results.in_words(ahead_by),
        f"above 0 on {np.sum(ahead_by > 0)}",
    )

# %% [markdown]
# From Glorot's start and with the right labels, three ways to train end at means
# within 0.012 of each other, while seeds move each of them by 0.04 or more. Dropout makes the gap
# smaller on seven of the eight seeds, but the test accuracy higher on two only; seed 0, compared
# above, is one of them. Counting pictures tells whether two *networks* differ. Whether two *ways to
# train* do, only several seeds can tell. Momentum from
# $\pm 0.08$, given twice the time of section 9, is above 0.57 on five seeds and near chance on
# three: it was slow, not dead. *Shuffled labels* stay at chance, and yet they have a gap like the
# others: a gap says how much was learned by heart, not how well. And Adam's validation accuracy of
# the best epoch is above its test accuracy on each seed, for two reasons that these runs do not
# tell apart: it is the best of ten, and test pictures have backgrounds from other parts of the
# photographs.

# %%
claims.above(
    "Adam, ten epochs: accuracy, each seed",
    long_runs["glorot_adam", "accuracy"],
    0.7,
    digits=3,
    control=("shuffled labels, best", long_runs["glorot_shuffled", "accuracy"].max()),
)
claims.true(
    "0.8 on validation images in two epochs in a row, each seed",
    long_runs["glorot_adam", "reached"] == 1,
    control=("shuffled labels", long_runs["glorot_shuffled", "reached"] == 1),
)
claims.above(
    "gap with shuffled labels, mean of 8 seeds",
    np.mean(long_runs["glorot_shuffled", "gap"]),
    0.05,
    digits=2,
    control=(
        "after the second epoch",
        np.mean(long_runs["glorot_shuffled", "gap_early"]),
    ),
)

# %% [markdown]
# ### What does it look at?
#
# A square of the picture's mean colour is moved over it, and the log-odds $z$ of the right class
# fall where it hides something, or where it *is* something.

# %%
# NBVAL_IGNORE_OUTPUT
net = trained["glorot_adam"].model
sure = evaluation.probabilities(net, split.test_images)
sure = np.where(split.test_labels == 1, sure, 1 - sure)
order = np.argsort(-sure)
chosen = np.concatenate(
    [
        order[split.test_labels[order] == label][:count]
        for label, count in ((0, 3), (1, 2))
    ]
)
shown = split.test_images[chosen], split.test_labels[chosen]
most = [evaluation.occlusion(net, *pair)[0].max() for pair in zip(*shown, strict=True)]
untrained = experiment.build_model(longer, VARIANTS["glorot_adam"])
untrained.adapt(split.train_images)
claims.above(
    "log-odds lost at the worst place, each of five pictures",
    most,
    1.0,
    varies=True,
    control=(
        "before training",
        evaluation.occlusion(untrained, shown[0][0], shown[1][0])[0].max(),
    ),
)
adam = report.models["adam"]
for part in ("ears", "nose"):
    exchanged = evaluation.without(adam, laptop, part)
    print(f"Adam of section 9, dogs with a cat's {part}: accuracy {exchanged:.3f}")
show(figures.occlusions(net, *shown, split.class_names))

# %% [markdown]
# **Figure 8.** The test pictures that this network is surest of. The square is a new shape
# itself: pale on a dark head, it can cost most in the middle of a face, where nothing tells the
# classes apart. A map of this kind proposes; an exchange of parts decides. Where dogs get a cat's
# ears, Adam's accuracy falls to what guessing gives, on every seed; a cat's nose changes
# little (seed 0, printed above the figure).

# %%
# NBVAL_IGNORE_OUTPUT
begun = experiment.build_model(longer, VARIANTS["glorot_adam"])
first, last = (np.asarray(n.products[0].kernel).ravel() for n in (begun, net))
cosine = first @ last / np.linalg.norm(first) / np.linalg.norm(last)
strange = experiment.build_model(longer.replace(seed=1), VARIANTS["glorot_adam"])
elsewhere = np.asarray(strange.products[0].kernel).ravel()
claims.above(
    "cosine of all first kernels with their start",
    cosine,
    0.5,
    varies=True,
    control=(
        "with another start",
        elsewhere @ last / np.linalg.norm(elsewhere) / np.linalg.norm(last),
    ),
)
show(figures.filters(net))

# %% [markdown]
# **Figure 9.** Its first kernels, each stretched to its own contrast. Do not expect
# the edges of textbooks: after some hundred updates they still point much where they began.
#
# ## 11. What does not reproduce here
#
# * **0.80 to 0.82 on photographs.** They are not here. The networks are built and counted, the
#   reader of the folder is tested on small folders, and every preset trains a step in our
#   tests; to train them takes Kaggle's folder and a GPU. Drawn animals are another task: that a
#   number here is close to theirs means nothing.
# * **Batch normalisation with momentum as the better recipe.** The second blog ends with it. Here
#   it is below Adam on each seed after five epochs from $\pm 0.08$, and above it on five of eight
#   after ten epochs from Glorot's start, by less than 0.01 on average. At a scale of 0.3 it is
#   ahead of both others (figure 6).
# * **First weights of a fixed scale did work for the students.** By its product of gains Chung's
#   wide network would bear $\pm 0.08$; Kastner's plain one, at $\pm 0.1$, has 0.009, between our
#   scales of 0.08 and 0.12. We trained neither.
# * **Minutes.** "80 percent in two minutes on a Titan Black" became a number of updates, which no
#   machine changes.
# * **Mirrored images, max-norm, clipping, label-free test statistics.** They are built and tested; that
#   they help was not measured.
# * **One network, one task.** That Adam and batch normalisation forgive small weights is shown for
#   six layers of this width; deeper networks have a lesson of their own,
#   [`self_normalizing`](self_normalizing.ipynb).
#
# ## 12. What to try next
#
# * `--set scale=0.5`: how do the curves of figure 6 go on?
# * `--set centred=true --set plain=true`: is it the place of the head and the background that
#   are hard?
# * `--set same=ears`: is a slightly wider nose enough?
# * `--set scale=0.02 --set variants=adam_tiny --set adam_rate=0.0001 --seed 1`: do shorter
#   steps help?
# * `--preset laptop_long --set variants=glorot_adam,glorot_flip`: do mirrored pictures help?
#
# With the real photographs: `lessons run convnet_baseline --preset paper --set data_path=FOLDER`,
# where the folder holds `cat.0.jpg`, `dog.0.jpg` and so on. It is only read.
#
# **Exercise.** `lessons practice convnet_baseline`: five functions and one question.
#
# ## References
#
# * J. Chung. *IFT6266 course project*, 2015. K. Kastner. *KK... JK... OK : /*, 2015 (blogs)
# * D. Kingma, J. Ba. *Adam: a method for stochastic optimization*. ICLR 2015.
#   arXiv:1412.6980
# * Y. Bengio, N. Boulanger-Lewandowski, R. Pascanu. *Advances in optimizing recurrent
#   networks*. ICASSP 2013. arXiv:1212.0901 (Nesterov's momentum in this form)
# * S. Ioffe, C. Szegedy. *Batch normalization*. ICML 2015. arXiv:1502.03167
# * N. Srivastava et al. *Dropout*. JMLR 15, 2014
# * K. He, X. Zhang, S. Ren, J. Sun. *Delving deep into rectifiers*. ICCV 2015.
#   arXiv:1502.01852 (gain of a layer)
# * Q. McNemar. *Note on the sampling error of the difference between correlated
#   proportions*. Psychometrika 12, 1947

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("accuracy on test images, recorded runs: mean (lowest to highest)")
for words, found in (
    ("±0.08, Nesterov, 5 epochs", accuracy["nesterov"]),
    ("±0.08, Nesterov, 5 times the rate", accuracy["nesterov_fast"]),
    ("±0.08, Adam", accuracy["adam"]),
    ("±0.08, Nesterov with BN", accuracy["nesterov_bn"]),
    ("Glorot's start, Nesterov", accuracy["glorot"]),
    ("Glorot's start, Adam, 10 epochs", long_runs["glorot_adam", "accuracy"]),
    ("the same with dropout", long_runs["glorot_dropout", "accuracy"]),
    ("the same with shuffled labels", long_runs["glorot_shuffled", "accuracy"]),
    ("logistic regression on pixels", runs["logistic/accuracy"]),
):
    print(f"  {words:36s}{results.in_words(found)}")

# %% tags=["summary"]
claims.table()
