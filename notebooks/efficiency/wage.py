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
# # Training and inference with integers
#
# **In one hour you will train a network in which no real number is left: weights of three
# values, activations and errors of 8 bits, steps that are whole numbers. You will see which
# of the four kinds of numbers is the delicate one, and replay the trained network in int32
# arithmetic with identical predictions.**
#
# ![The picture that stands for this lesson](attachment:cover.png)
#
# > **Time.** About 50 minutes to read, about half a minute to run on two cores. No
# > network.
# >
# > **Prerequisites.** The lesson [`convnet_baseline`](../foundations/convnet_baseline.ipynb):
# > first weights, momentum, `compile` and `fit`; backpropagation through a dense layer.
# >
# > **Source.** S. Wu, G. Li, F. Chen and L. Shi, *Training and inference with integers
# > in deep neural networks*, ICLR 2018 (arXiv:1802.04680), whose equation numbers we
# > use.
#
# **You will be able to**
#
# * Write the four quantisers of WAGE and say what each of them throws away.
# * Explain why a gradient may be rounded by chance, and what rounding to the nearest does.
# * Settle by computation two places where the paper contradicts itself.
# * Show that the simulation in floats *is* integer arithmetic, to the last digit.
# * Tell apart the number of bits and the size of the steps, which change together.

# %% [markdown]
# <details><summary>Symbols</summary>
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $k_W, k_A, k_G, k_E$ | `bits` | 4 numbers | bits of weights, activations, gradients, errors |
# | $\sigma(k) = 2^{1-k}$ | `step(bits)` | number | distance of two levels |
# | $W$, $W_q$ | `kernel`, `weights_in_use()` | (inputs, units) | stored weights, quantised weights |
# | $n_{in}$ | `fan_in` | number | inputs of a unit |
# | $L_0$, $L_{min}$, $L$ | `initial_limit()`, `least_limit()` | numbers | limit of the usual start, least limit, the greater of both |
# | $a$, $e$ | `values`, `errors` | (batch, units) | activations, $\partial L / \partial a$ |
# | $g$, $g_s$ | `gradient`, `scaled` | as $W$ | $\partial L / \partial W$ of the loss $L$; the same in steps of the store |
# | $\Delta W$ | `change` | as $W$ | what is taken from the stored weights |
# | $A$, $B$ | `values`, `kernel` of `replay` | as $a$, $W$ | activations and weights as whole numbers |
# | $\alpha$ | `scale` | number | power of two that divides a layer's sums |
# | $\eta$ | `rate` | number | size of an update in steps of the store |
# | $\beta$ | `beta` | number | sets the least limit of the first weights |
# | $\gamma$ | `gamma` | number | moves the window of the errors |
#
# </details>

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np

from lessons.efficiency.wage import (
    config,
    data,
    evaluation,
    experiment,
    figures,
    figures_theory,
    integers,
    layers,
    networks,
    optimizer,
    paper,
    theory,
)
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit import results, turning
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()
rng = np.random.default_rng(0)

# %% [markdown]
# ## 1. Four kinds of numbers
#
# A processor multiplies 8-bit integers with about a twentieth of the energy that 32-bit
# floats take. Many methods make a *trained* network small. Training is harder: besides
# **w**eights and **a**ctivations there are **e**rrors that go backward and **g**radients
# that change the weights. WAGE gives each kind a quantiser of its own; "2-8-8-8" means 2
# bits for weights and 8 for $A$, $G$ and $E$.

# %%
show(figures_theory.layer_drawing())

# %% [markdown]
# **Figure 1.** One layer. Blue goes forward, orange backward, green updates. The *store*
# holds weights of $k_G$ bits; products see only their ternary version $W_q$. There are no
# biases, and neither batch normalisation nor softmax: roots and exponentials need real
# numbers. Between the gates sums are whole numbers of more bits, $g$ among them.
#
# ## 2. Rounding to levels
#
# With the step $\sigma(k) = 2^{1-k}$ (eq. 1 and 2):
#
# $$Q(x, k) = \mathrm{clip}\Big(\sigma\,\mathrm{round}\frac{x}{\sigma},\;
#   -1 + \sigma,\; 1 - \sigma\Big), \qquad
#   \mathrm{Shift}(x) = 2^{\mathrm{round}(\log_2 x)}.$$
#
# The levels are whole multiples of a power of two, symmetric around 0: there are $2^k - 1$
# of them, one fewer than $k$ bits could hold. Dividing by $\mathrm{Shift}$ is a shift of
# bits in hardware.

# %%
show_source(theory.quantize, theory.shift)

# %%
found = np.asarray(theory.quantize(np.array([-1, 0.2, 0.6]), 2))
print("Q([-1, 0.2, 0.6], 2) =", found)
claims.equal("Q([-1, 0.2, 0.6], 2)", found, [-0.5, 0, 0.5], tolerance=1e-12)
fine = np.linspace(-2, 2, 100_001)
bits = np.array([2, 3, 4, 8])
counts = [len(np.unique(theory.quantize(fine, int(k)))) for k in bits]
print("bits", bits, " levels", counts)
claims.equal(
    "levels of 2, 3, 4, 8 bits: 2^k − 1",
    counts,
    2**bits - 1,
    tolerance=1e-12,
    control=("the paper's 2^(k−1) − 1", 2 ** (bits - 1) - 1),
)

# %% [markdown]
# `shift` does not take a logarithm. A float32 *is* an exponent and a mantissa, so the
# nearest power of two on a logarithmic scale is found by carrying the exponent up where the
# mantissa is above $\sqrt 2$: exact on every processor, and what hardware would do.

# %%
sizes = np.exp(rng.normal(0, 3, 100_000))
ratios = sizes / np.asarray(theory.shift(sizes), np.float64)
by_value = 2.0 ** np.floor(np.log2(sizes))
by_value = np.where(sizes > 1.5 * by_value, 2 * by_value, by_value)
print(np.asarray(theory.shift(np.array([1, 1.4, 1.42, 3, 0.3, 0.75, 6]))))
claims.below(
    "x / Shift(x), greatest of 100,000",
    ratios,
    np.sqrt(2) + 1e-6,
    digits=4,
    control=("the power that is nearest in value", sizes / by_value),
)
claims.above(
    "x / Shift(x), least of 100,000",
    ratios,
    np.sqrt(0.5) - 1e-6,
    digits=4,
    control=("rounding up", sizes / 2.0 ** np.ceil(np.log2(sizes))),
)

# %% [markdown]
# ## 3. Weights: a start that three values can hold
#
# The usual start draws weights uniformly from $\pm L_0$ with $L_0 = \sqrt{6 / n_{in}}$, which
# keeps signals at their size (`convnet_baseline`, section 9: a layer of ReLUs scales them by
# $s \sqrt{n/6}$). For a layer with many inputs all of them are below $\sigma(2)/2 = 1/4$, so
# that every quantised weight is 0: nothing goes forward, no error comes back. WAGE raises the
# limit to $L_{min} = \beta\,\sigma(k_W)$ with $\beta = 1.5$ and undoes the larger variance by
# dividing the layer's sums by
#
# $$\alpha = \max\Big(\mathrm{Shift}\Big(\frac{L_{min}}{L_0}\Big),\, 1\Big).$$

# %%
shares = {}
for beta in (1.5, 1.0, 0.5):
    limit = theory.least_limit(2, beta)
    drawn = np.asarray(theory.quantize(rng.uniform(-limit, limit, 2_000_000), 2))
    shares[beta] = [np.mean(drawn == level) for level in (-0.5, 0, 0.5)]
    print(f"β = {beta}: shares of -1/2, 0, 1/2:", np.round(shares[beta], 2))
claims.equal(
    "β = 1.5: a third each",
    shares[1.5],
    1 / 3,
    tolerance=0.002,
    control=("β = 1", shares[1.0]),
)

# %% [markdown]
# (A third each, whatever $k_W$ is, where $L_{min}$ is the greater limit: it is one and a half
# steps. With 8 bits for weights the network starts just as ternary, only at tiny values.)
# With $\beta \le 1/2$ a layer with more than 96 inputs is dead. The width below is 256:

# %%
laptop = config.PRESETS["laptop"]
alive = {}
for beta in (1.5, 0.5):
    start = experiment.build_model(
        laptop.replace(beta=beta, network="256FC-256FC"), VARIANTS["wage"], (12, 12, 1)
    )
    kernels = [integers.ternary(layer).ravel() for layer in start.products]
    alive[beta] = np.mean(np.concatenate(kernels) != 0)
    print(f"β = {beta}: share of weights that are not 0: {alive[beta]:.2f}")
claims.equal(
    "β = 0.5: weights that are not 0 at the start",
    alive[0.5],
    0,
    tolerance=1e-9,
    control=("β = 1.5", alive[1.5]),
)

# %% [markdown]
# ### Two contradictions, settled
#
# The text defines $L = \max(\sqrt{6/n_{in}}, L_{min})$ *before* it takes
# $\alpha = \max(\mathrm{Shift}(L_{min}/L), 1)$. Then $L \ge L_{min}$, and $\alpha = 1$ always. The
# $L$ of the second formula must be the one *before* the maximum. And which limit: the text's
# $\sqrt{6/n}$, or the code's $\sqrt{3/n}$? The log that the authors published prints the
# scales of their CIFAR-10 network:

# %%
for name, shape in (("lenet", (28, 28, 1)), ("vgg7", (32, 32, 3))):
    costs = networks.costs(networks.PUBLISHED[name], shape, 10)
    fans = [cost.fan_in for cost in costs]
    for recipe, factor in (("paper", 6.0), ("code", 3.0)):
        scales = [theory.layer_scale(n, 2, factor=factor) for n in fans]
        literal = [max(0.75 / max(np.sqrt(factor / n), 0.75), 1.0) for n in fans]
        print(f"{name:6s} sqrt({factor:g}/n):", " ".join(f"{a:3g}" for a in scales))
        claims.equal(
            f"α of {name} with sqrt({factor:g}/n)",
            scales,
            paper.ALPHAS[name][recipe],
            tolerance=1e-12,
            control=("as printed", literal),
        )

# %% [markdown]
# The log shows 2 16 16 16 16 32 32 16: the code's $\sqrt{3/n}$. We follow the text, and
# `--set recipe=code` does as the code does: the smaller limit, a store that starts ternary,
# and stops at $\pm 1/2$ instead of $\pm(1 - \sigma(k_G))$. (The code also divides the weights
# instead of their sums by $\alpha$, which changes no prediction.)
#
# The sizes below follow from the text's architectures with padding, which keeps the sides of
# an image. The log of VGG7 prints the same number. That of LeNet does *not*: it prints 581,408
# weights and the scales 2 16 16 8. Its convolutions do not pad, so that the first dense layer
# has 1,024 inputs where ours has 3,136.

# %%
for name in ("paper_lenet", "paper"):
    settings = config.PRESETS[name]
    shape, classes = data.shape_and_classes(settings)
    costs = networks.costs(settings.network, shape, classes)
    claims.equal(
        f"weights of {settings.network}",
        sum(cost.weights for cost in costs),
        paper.PAPER_PARAMETERS[name],
        tolerance=0.5,
        digits=9,
    )
products = sum(cost.products for cost in costs)
print(f"VGG7 multiplies {products:,} times for one image")

# %%
show(figures_theory.energy(paper.ENERGY, products))

# %% [markdown]
# **Figure 2.** What these products (blue) and sums (orange) would cost with the paper's table 5. It is
# arithmetic, no measurement: memory traffic, which is often more, is left out, and the
# simulation that you run here computes in floats and saves nothing.
#
# ## 4. Errors: direction without size
#
# Errors span many powers of ten, from layer to layer and during training. $Q_E$ divides them
# by the power of two next to the greatest one and rounds:
#
# $$Q_E(e) = Q\Big(\frac{e}{\mathrm{Shift}(\max |e|)},\, k_E\Big) \qquad \text{(eq. 10)}$$
#
# and **does not multiply back**. The size of errors is lost in every layer, on purpose:
# gradients are brought to a common size anyway (section 5), so only the direction counts.

# %%
show_source(theory.quantize_error, layers.gated)
errors = rng.standard_t(3, size=(64, 10)).astype(np.float32)
base = np.asarray(theory.quantize_error(errors, 8))
again = np.asarray(theory.quantize_error(32 * errors, 8))
plain = [np.asarray(theory.quantize(factor * errors, 8)) for factor in (1, 32)]
claims.equal(
    "Q_E(32 e) − Q_E(e), greatest",
    np.abs(again - base).max(),
    0,
    tolerance=1e-12,
    control=("Q without the division", np.abs(plain[0] - plain[1]).max()),
)

# %% [markdown]
# How much of the direction is left? Take errors with a wide distribution, log-normal of width
# 2 with random signs. (They are drawn; a network's own errors may be distributed otherwise.)
# What is smaller than half a step, 1/256, becomes 0, and most errors are. Should the window be moved down by a factor $\gamma$, at the price of
# cutting the largest?

# %% tags=["cover"]
wide = rng.lognormal(0, 2, 100_000) * rng.choice([-1, 1], 100_000)
turning.show(figures_theory.error_window(wide))

# %% [markdown]
# **Figure 3.** Turn $\gamma$. *Left:* the sizes of the errors, with the window that 8 bits
# hold. *Right:* the cosine of the angle between $e$ and $Q_E(e)$. At $\gamma = 1$ 96 percent
# of these errors are flushed to 0 and the direction is nearly kept. At $\gamma = 16$ fewer are
# flushed, but one in a thousand is cut, and that turns the direction far more. One draw is one
# story, for the greatest of all numbers sets the scale; so draw sixty times 30,000 numbers:

# %%
gammas, cosines, zeros, small, top = (0.5, 1.0, 2.0, 4.0, 8.0), [], [], [], []
for seed in range(60):
    own = np.random.default_rng(seed)
    wide = own.lognormal(0, 2, 30_000) * own.choice([-1, 1], 30_000)
    rows = [theory.window(wide, 8, gamma) for gamma in gammas]
    cosines.append([row[2] for row in rows])
    zeros.append(rows[1][0])
    lost = np.asarray(theory.quantize_error(wide, 8)) == 0
    small.append(np.linalg.norm(wide[lost]) / np.linalg.norm(wide))
    top.append(np.linalg.norm(wide[~lost]) / np.linalg.norm(wide))
cosines = np.array(cosines)
for gamma, column in zip(gammas, cosines.T, strict=True):
    print(
        f"γ = {gamma:3g}: cosine {column.mean():.2f} "
        f"({column.min():.2f} to {column.max():.2f})"
    )
print(f"errors that become 0 at γ = 1: {min(zeros):.2f} to {max(zeros):.3f}")
print(
    f"cosine if only they were kept: {np.mean(small):.2f}, "
    f"if only the others, unrounded: {np.mean(top):.3f}"
)
claims.below(
    "cosine at 2γ minus at γ, for γ = 1, 2, 4, greatest of 60 draws",
    np.diff(cosines[:, 1:], axis=1),
    0,
    digits=1,
    control=("for γ = 1/2", np.diff(cosines[:, :2], axis=1)),
)
claims.above(
    "cosine at γ = 1, least of 60 draws",
    cosines[:, 1],
    0.95,
    digits=2,
    control=("keeping only the errors that become 0", small),
)

# %% [markdown]
# In such draws the few large errors carry the direction: moving the window down turned it
# each time. Between $\gamma = 1/2$ and 1 there is little to choose. On some draws 1/2 is even
# the better one: there the greatest error lies well above its power of two, and $\gamma = 1$
# cuts it already. In the paper, $\gamma = 8$ raises the test error of CIFAR-10 from 6.78 to
# 16.92 percent.
#
# ## 5. Gradients: steps by chance
#
# Gradients change the store, which has $k_G$ bits: no step can be smaller than
# $\sigma(k_G)$. They are brought to a common size like errors, multiplied by a power of two
# $\eta$, and rounded *by chance* (eq. 11 and 12):
#
# $$g_s = \eta\,\frac{g}{\mathrm{Shift}(\max |g|)}, \qquad
#   \Delta W = \sigma(k_G)\,\mathrm{sgn}(g_s)\,\big(\lfloor |g_s| \rfloor +
#   \mathrm{Bernoulli}(|g_s| - \lfloor |g_s| \rfloor)\big).$$

# %%
show_source(
    theory.stochastic_round, theory.weight_step, optimizer.IntegerSGD.update_step
)

# %%
show(figures_theory.quantisers())

# %% [markdown]
# **Figure 4.** *Left:* $Q$. *Right:* the step that is taken against the step that is wanted.
# The mean of the coin is the diagonal, $E\,\Delta W = \sigma\,g_s$, and its variance is
# $f (1 - f)\,\sigma^2$ with $f = |g_s| - \lfloor |g_s| \rfloor$. The price of few bits is noise,
# not bias. (The paper draws coins from 16 bits; its code and we draw a float.)

# %%
for value in (1.4, -0.3, 0.05):
    draws = rng.random(200_000)
    steps = np.asarray(theory.stochastic_round(np.full(200_000, value), draws))
    part = abs(value) % 1
    claims.equal(
        f"mean of the steps for {value}",
        steps.mean(),
        value,
        tolerance=0.004,
        digits=2,
        control=("nearest", np.round(value)),
    )
    claims.equal(
        "  variance f (1 − f)",
        steps.var(),
        part * (1 - part),
        tolerance=0.003,
        digits=2,
    )

# %% [markdown]
# "Gradients are ternary when $\eta \le 1$", says the paper. Not quite: $|g_s|$ may reach
# $\sqrt 2$. For $g = (1.4, 0.7, -0.2, 0.05)$ the first weight moves by *two* steps with
# probability 0.4. And below half a step, rounding to the nearest never moves anything:

# %%
gradient = np.array([1.4, 0.7, -0.2, 0.05])
many = np.tile(gradient, (5000, 1))
steps = np.asarray(theory.weight_step(many, 1.0, 8, rng.random(many.shape)))
twos = steps[:, 0] == 2 / 128
print(f"g = 1.4, η = 1: two steps in {np.mean(twos):.2f} of 5000 draws")
claims.equal(
    "probability of two steps",
    np.mean(twos),
    0.4,
    tolerance=0.03,
    digits=1,
    control=("ternary steps", 0.0),
)
gradient = rng.normal(size=70_000)
nearest = np.asarray(theory.weight_step(gradient, 0.25, 8))
drawn = np.asarray(theory.weight_step(gradient, 0.25, 8, rng.random(70_000)))
print(f"η = 1/4: by chance {np.mean(drawn != 0):.1%} of the weights move")
claims.equal(
    "η = 1/4, nearest: share of the weights that move",
    np.mean(nearest != 0),
    0,
    tolerance=1e-9,
    control=("by chance", np.mean(drawn != 0)),
)

# %% [markdown]
# ## 6. A network without real numbers
#
# The loss is $\frac12 \sum_c (o_c - [c = y])^2$, summed over the batch: its error $o - [c=y]$
# needs neither exponentials nor a division by the batch. Backward, a quantised weight passes
# its gradient to the store as it is ("straight through"), and a clipped activation passes
# none. The order in a layer is the authors': the clip's mask, $Q_E$, ReLU's mask.
#
# The task: 8x8 digits, two hidden layers of 256 units, 30 epochs, $\eta = 2$ and then 1/4
# for the last third. Beside it the same network in real numbers with momentum, and one
# that rounds its steps to the nearest.

# %%
show_source(experiment.train, experiment.make_optimizer)

# %%
# NBVAL_IGNORE_OUTPUT
settings = laptop.replace(variants=("wage", "nearest", "float_momentum"))
report = experiment.run(settings)
m = report.metrics
for name in settings.variants:
    print(f"{VARIANTS[name].label:18s} test accuracy {m[f'{name}/accuracy']:.3f}")
print(f"{'linear model':18s} test accuracy {m['linear/accuracy']:.3f}")
model = report.models["model"]
assert evaluation.on_grid(model, 8)

# %%
# NBVAL_IGNORE_OUTPUT
show(figures.accuracy_curves(report.history))

# %% [markdown]
# **Figure 5.** Seed 0, on which 2-8-8-8 does best of the eight seeds of section 8: judge
# nothing by it. Both networks with whole steps take a step up where the rate falls to 1/4 and
# fewer weights jump; from there on rounding to the nearest lets *no* weight move, and its
# line is flat.

# %%
# NBVAL_IGNORE_OUTPUT
show(figures.weights(model))

# %%
values = np.concatenate([np.asarray(layer.kernel).ravel() for layer in model.products])
claims.equal(
    "stored weights: distance to the grid of 8 bits",
    np.abs(values * 128 - np.round(values * 128)).max(),
    0,
    tolerance=1e-9,
    control=("to the grid of 2 bits", np.abs(2 * values - np.round(2 * values)).max()),
)

# %% [markdown]
# **Figure 6.** The store has 255 levels; the network knows only whether a weight lies left
# of, between or right of the orange lines. The start was flat from $-3/4$ to $3/4$ with a third
# of zeros, and much of that is left. Most weights must wander several small steps before they
# change anything, those beside a line only one: the store is the memory of the gradients.
#
# ## 7. The same numbers in int32
#
# We have simulated integers with floats. Is it true? An activation is $A / 128$ with a whole
# $A$, a quantised weight is $B / 2$. A sum of products is a whole number of 1/256, and
# dividing by $\alpha$ and rounding to 8 bits is one shift to the right. So the whole test set
# can be computed without a float:

# %%
show_source(integers.replay, integers.shift_right)

# %%
images = data.load(settings).test_images
whole = integers.replay(model, images)
outputs = model.predict(images, verbose=0)
step_out = 2.0**-8 / model.products[-1].scale
stored = 2 * images.reshape(len(images), -1) - 1
for layer in model.products:
    last = stored @ np.asarray(layer.kernel) / layer.scale
    stored = np.asarray(theory.quantize(np.maximum(last, 0), 8))
print("dtype of the replay:", whole.dtype)
claims.equal(
    "outputs: int32 replay minus Keras, greatest",
    np.abs(whole * step_out - outputs).max(),
    0,
    tolerance=1e-9,
    control=("with the stored weights", np.abs(last - outputs).max()),
)
claims.equal(
    "same prediction on the test images (share)",
    np.mean(whole.argmax(axis=1) == outputs.argmax(axis=1)),
    1,
    tolerance=1e-9,
    control=("with the stored weights", np.mean(last.argmax(1) == outputs.argmax(1))),
)

# %% [markdown]
# Exactly the same, because float32 holds whole numbers up to $2^{24}$. In this network that
# goes for training too: errors, gradients and steps are whole numbers, a gradient sums at most
# $64 \cdot 127^2$, about a million, no sum depends on its order, and the coins follow from the
# seed. So this run is the recorded one, wherever TensorFlow draws the same coins. (In VGG7 a
# gradient also sums over 1,024 places, up to $2 \cdot 10^9$: there float32 rounds in training.)

# %%
again = results.recorded("wage")["wage", "accuracy"]
claims.equal(
    "accuracy of seed 0, here and when it was recorded",
    m["wage/accuracy"],
    again[0],
    tolerance=1e-9,
    digits=4,
    control=("seed 1", again[1]),
)

# %% [markdown]
# The sum needs room, though: 8-bit activations and ternary weights add up to 127 per input,
# and 16 bits hold only

# %%
most = integers.most_inputs(16)
print(f"16-bit sums: at most {most} inputs; 32-bit sums: {integers.most_inputs(32):,}")
claims.equal("inputs that a 16-bit sum can take", most, 258, tolerance=0.5)

# %% [markdown]
# ## 8. What matters, over eight seeds
#
# Each seed draws the split, the weights, the order and the coins. Recorded with
# `lessons sweep wage --preset laptop --seeds 0-7 --record`:

# %%
runs = results.recorded("wage")
for name in laptop.variants:
    print(f"{VARIANTS[name].label:20s}", results.in_words(runs[name, "accuracy"]))
linear = runs["linear/accuracy"]
print(f"{'linear model':20s}", results.in_words(linear))
print(f"{'most frequent class':20s}", results.in_words(runs["majority/accuracy"]))

# %%
chosen = ("wage", "unrounded", "nearest", "slow", "nearest_slow", "last_layer")
chosen += ("w2a8", "w2a8_bn", "float", "float_momentum", "vanilla")
show(
    figures.accuracy_bars(
        {name: runs[name, "accuracy"] for name in chosen},
        "digits, eight seeds",
        [("linear model", linear.mean())],
    )
)

# %% [markdown]
# **Figure 7.** Read all of it. *Whole numbers learn*: far above a network whose last layer
# alone learns. *They lose a little*: 1.3 images in a hundred against real numbers with
# momentum, on seven of eight seeds. (Against real numbers without momentum they lose nothing,
# but that baseline is weak.) Rounding the steps is not what costs it: the same store with
# unrounded steps is no better. Ternary weights with real gradients lie between the two, ahead
# of 2-8-8-8 on five of eight seeds only; so which of the four kinds of numbers costs most, we
# cannot say. And **the linear model of the pixels does as well**: digits are no proof that whole
# numbers train *deep* networks; section 9 takes a harder task. The rates of the baselines were
# chosen on a split that is not among these: from two or three each, but the network with batch
# normalisation had only one. For 2-8-8-8 no other $\eta$ is in this table: a better one may
# close the gap.

# %%
accuracy = {name: runs[name, "accuracy"] for name in laptop.variants}
claims.above(
    "2-8-8-8: accuracy",
    m["wage/accuracy"],
    0.9,
    recorded=accuracy["wage"],
    control=("last layer only, best", accuracy["last_layer"].max()),
)
claims.equal(
    "int32 replay: share of equal predictions, 8 seeds",
    runs["wage", "replayed"],
    1,
    tolerance=1e-9,
    control=(
        "this run with the stored weights",
        np.mean(last.argmax(1) == outputs.argmax(1)),
    ),
)
claims.below(
    "2-8-8-8 minus real numbers with momentum, mean of 8 seeds",
    np.mean(accuracy["wage"] - accuracy["float_momentum"]),
    0,
    digits=2,
    control=(
        "ternary weights, real gradients, BN",
        np.mean(accuracy["w2a8_bn"] - accuracy["float_momentum"]),
    ),
)

# %% [markdown]
# **Coin or nearest.** At $\eta = 2$ the nearest still passes steps above one half, and the
# network learns, though worse on every seed (its last ten epochs, at $\eta = 1/4$, are lost). At $\eta = 1/4$ no step is left: it stays as it
# was drawn, at chance, while coins of the same rate learn. It is the *small* steps that need
# the coin; the rate and the rounding must be varied together to see it.

# %%
claims.above(
    "coin minus nearest at η = 2, accuracy, each seed",
    accuracy["wage"] - accuracy["nearest"],
    0.0,
    digits=1,
    control=("coin minus unrounded", accuracy["wage"] - accuracy["unrounded"]),
)
claims.below(
    "nearest at η = 1/4: accuracy, each seed",
    accuracy["nearest_slow"],
    0.3,
    digits=1,
    control=("by chance, least", accuracy["slow"].min()),
)

# %% [markdown]
# ## 9. Bits or steps?
#
# The paper takes bits of the gradients away and finds that accuracy falls: test errors on
# CIFAR-10 of 6.8 percent with 8 bits, 7.6 with 7, 18 with 5, 54 with 2. But with each bit it
# also halves $\eta$. One bit less makes the *step* $\sigma(k_G)$ twice as long, and half the rate
# makes a move half as *likely*: the mean movement stays, its variance doubles. Two things
# change at once. Here are both, varied apart
# (`lessons sweep wage --preset laptop_bits --seeds 0-7 --record`):

# %%
study = results.recorded("wage", "laptop_bits")
table = {
    "8 bits, rate η": accuracy["wage"],
    "8 bits, rate η/64": study["g8_slow", "accuracy"],
    "2 bits, rate η": study["g2_fast", "accuracy"],
    "2 bits, rate η/64 (the paper's)": study["g2", "accuracy"],
}
for words, found in table.items():
    print(f"{words:32s}", results.in_words(found))
shown = {name: study[name, "accuracy"] for name in ("g2", "g4", "g6")}
shown |= {"wage": accuracy["wage"]}
shown |= {name: study[name, "accuracy"] for name in ("g2_fast", "g8_slow")}
shown |= {name: study[name, "accuracy"] for name in ("e2", "gamma8")}
for name, found in shown.items():
    print(f"{VARIANTS[name].label:32s}", results.in_words(found))

# %%
show(figures.accuracy_bars(shown, "bits of gradients, of errors, and γ; eight seeds"))

# %% [markdown]
# **Figure 8.** *Two bits of gradient cost accuracy at either of the two rates*: with the full
# rate weights move 64 times as far as with 8 bits, and nothing is learned; with the small one,
# which keeps the mean movement, seven in a hundred more are wrong. And *eight bits at the small
# rate are worse than that*: they move a sixty-fourth as far, and 30 epochs are too few. So
# neither bits nor rate alone make the curve. What costs the seven in a hundred, the noise of
# the long steps or the lack of a memory (with 2 bits the store *is* the ternary weight, and
# each step changes the network; the paper calls the difference of $k_G$ and $k_W$ a buffer),
# these runs do not tell apart. *A window that cuts large errors* ($\gamma = 8$) costs accuracy on
# every seed, although fewer errors become 0, as the drawn errors of section 4 let us expect.
# Two bits of error ($-1/2$, 0, $1/2$) cost 1.4 in a hundred, on seven of eight seeds.

# %%
best_of_two = np.maximum(study["g2", "accuracy"], study["g2_fast", "accuracy"])
claims.above(
    "8 bits minus the better of both runs with 2 bits, mean of 8 seeds",
    np.mean(accuracy["wage"] - best_of_two),
    0.03,
    digits=1,
    control=("6 bits", np.mean(accuracy["wage"] - study["g6", "accuracy"])),
)
claims.above(
    "2 bits minus 8 bits at the small rate, each seed",
    study["g2", "accuracy"] - study["g8_slow", "accuracy"],
    0.1,
    digits=1,
    control=("at the full rate", study["g2_fast", "accuracy"] - accuracy["wage"]),
)

claims.above(
    "γ = 1 minus γ = 8, accuracy, each seed",
    accuracy["wage"] - study["gamma8", "accuracy"],
    0.0,
    digits=1,
    control=("8 minus 2 bits of error", accuracy["wage"] - study["e2", "accuracy"]),
)

# %% [markdown]
# ### A task that is not linear
#
# Is the number odd? The same images with two labels. A linear model is wrong on five to
# eleven digits in a hundred, so a network must use its hidden layers
# (`lessons sweep wage --preset laptop_parity --seeds 0-7 --record`):

# %%
parity = results.recorded("wage", "laptop_parity")
for name in ("wage", "float_momentum", "last_layer"):
    print(f"{VARIANTS[name].label:20s}", results.in_words(parity[name, "accuracy"]))
print(f"{'linear model':20s}", results.in_words(parity["linear/accuracy"]))
claims.above(
    "odd or even: 2-8-8-8 minus the linear model, each seed",
    parity["wage", "accuracy"] - parity["linear/accuracy"],
    0.02,
    digits=1,
    control=(
        "its last layer only",
        parity["last_layer", "accuracy"] - parity["linear/accuracy"],
    ),
)

# %% [markdown]
# So the hidden layers do learn, with errors and steps of 8 bits.
#
# ## 10. What does not reproduce here
#
# * **Bits of errors.** The paper finds 4 to 8 bits enough. We trained with 8 and 2 only, and
#   with $\gamma = 1$ and 8 only. That 2 bits cost a little is seen on seven of eight seeds, like
#   the loss against real numbers, and stands in no claim.
# * **The smooth curve over bits of gradients.** Its lower end appears; 6 bits are as good as 8.
#   More than 8 were not trained.
# * **Few bits as a regulariser**, which the paper suggests, was not tested.
# * **The published errors**: MNIST 0.40, SVHN 1.92, CIFAR-10 6.78 percent. The networks are
#   built and counted here and every preset trains a step in our tests; to train them takes a
#   file of images and a GPU: `lessons run wage --preset paper --set data_path=FILE.npz` (the
#   last tenth of the file is held out; LeNet is not the log's, see section 3).
# * **ImageNet.** AlexNet's layers are in `networks.PUBLISHED`; the data are not here, and the
#   paper keeps a softmax there.
# * **Saved energy.** Figure 2 is arithmetic. This simulation computes in floats.
# * **Equality with real numbers** is not reached in the paper either (ImageNet: 27.8 percent of
#   top-5 errors against 19.3). Here 2-8-8-8 is one percent below, and ternary weights with real
#   gradients, batch normalisation and softmax *together* close that gap.
#
# ## 11. What to try next
#
# * `--set beta=0.5`: is the network really dead? Which layer is it?
# * `--set recipe=code`: does a store that stops at one half learn as well?
# * `--set network=8C3-16C3-MP2-64FC`: which $\alpha$ do the layers of this one get? (Ask
#   `theory.layer_scale`.)
# * `--set rate=8`: more noise at first, less after the drop. Who wins?
# * `--set variants=gamma8,e2`: a window that cuts, or one that holds a single level.
#
# **Exercise.** `lessons practice wage`: five functions and one question. You will write a
# quantiser for hardware, errors that are never cut, a start with a given share of zeros, a
# truly ternary step and a layer in whole numbers.
#
# ## References
#
# * S. Wu, G. Li, F. Chen, L. Shi. *Training and inference with integers in deep neural
#   networks*. ICLR 2018. arXiv:1802.04680
# * S. Gupta, A. Agrawal, K. Gopalakrishnan, P. Narayanan. *Deep learning with limited
#   numerical precision*. ICML 2015. arXiv:1502.02551 (stochastic rounding)
# * S. Zhou et al. *DoReFa-Net*. 2016. arXiv:1606.06160
# * Y. Bengio, N. Léonard, A. Courville. *Estimating or propagating gradients through
#   stochastic neurons*. 2013. arXiv:1308.3432 (straight-through)
# * M. Horowitz. *Computing's energy problem*. ISSCC 2014

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
print("accuracy on test images, recorded runs: mean (lowest to highest)")
for words, found in (
    ("digits, 2-8-8-8", accuracy["wage"]),
    ("digits, 2-8-8-8, nearest rounding", accuracy["nearest"]),
    ("digits, real numbers, momentum", accuracy["float_momentum"]),
    ("digits, linear model", linear),
    ("digits, 2 bits of gradient", study["g2", "accuracy"]),
    ("odd or even, 2-8-8-8", parity["wage", "accuracy"]),
    ("odd or even, real numbers, momentum", parity["float_momentum", "accuracy"]),
    ("odd or even, linear model", parity["linear/accuracy"]),
):
    print(f"  {words:38s}{results.in_words(found)}")

# %% tags=["summary"]
claims.table()
