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
# # Start here
#
# **In five minutes you will know how this course works, whether your machine is ready
# for it, and which lesson you want first: you will take one small step of every kind
# that a lesson asks of you.**
#
# ## Time
#
# About five minutes to read, less than half a minute to run on two cores. No network.
#
# ## How to use a notebook
#
# Run the cells from top to bottom (`Shift`+`Enter`), and change things: every notebook
# is yours, and `git checkout notebooks` brings back the stored one. What you see below a
# cell before you run it was computed on two CPU cores and is compared with a fresh run
# in every test of this repository.

# %%
from lessons.toolkit.ledger import Ledger

# isort: split
import numpy as np

from lessons import catalog, paths
from lessons.autoencoders.vae import config, experiment, theory
from lessons.toolkit import machine
from lessons.toolkit.figures import show
from lessons.toolkit.notebook import overview
from lessons.toolkit.source import show_source

claims = Ledger()

# %% [markdown]
# ## 1. Your machine
#
# Versions, processor, memory, and the time of one training step of a small network (100
# examples, 784-400-10). A lesson at laptop scale is some ten thousand such steps. A GPU
# is used where there is one; the scale of the papers needs it, the notebooks do not.

# %%
# NBVAL_IGNORE_OUTPUT
found = machine.describe()
milliseconds = machine.step_milliseconds()
for what, value in [*found, ("training step", f"{milliseconds:.1f} ms")]:
    print(f"{what:<24}{value}")
print(machine.forecast(milliseconds))
assert 0 < milliseconds < 1000, "a training step takes seconds: is the machine busy?"

# %% [markdown]
# ## 2. A lesson in five small steps
#
# Every lesson is a paper, and has the same five parts. Here they are in miniature, taken
# from the lesson on variational autoencoders; you need not understand the mathematics
# yet.
#
# ### Read
#
# A notebook goes from a question over a picture to an equation, and then to the code
# that is that equation. The code is never copied into the notebook but printed from the
# package, so what you read is what runs. How far is the Gaussian
# $N(\mu, \mathrm{diag}(s^2))$ from $N(0, I)$?
#
# $$\mathrm{KL} = \tfrac12 \sum_j \left( \mu_j^2 + s_j^2 - 1 - \log s_j^2 \right)$$

# %%
show_source(theory.gaussian_kl)

# %% [markdown]
# ### Check
#
# Nothing is to be taken on trust. Each claim is computed by another route, with a
# tolerance that means something, and the notebook stops if it fails. Below many claims
# stands a *control*: a plausible mistake, or a rival, for which the same check fails. A
# check that nothing can fail shows nothing. Here the other route is the definition,
# $E_q[\log q(z) - \log p(z)]$, as an average over a million draws:

# %%
mean, scale = np.array([[0.5, -1.0]]), np.array([[0.8, 1.5]])
z = mean + scale * np.random.default_rng(0).normal(size=(1_000_000, 2))
log_ratio = theory.diagonal_log_density(z, mean, scale)
log_ratio -= theory.diagonal_log_density(z, 0.0 * mean, np.ones_like(scale))
claims.equal(
    "the formula is the average over a million draws",
    float(np.asarray(theory.gaussian_kl(mean, scale))[0]),
    float(np.mean(log_ratio)),
    tolerance=0.005,
    digits=2,
)

# %% [markdown]
# ### Run
#
# A lesson trains in one line. `PRESETS` has its settings at three scales: `smoke` (for
# tests), `laptop` (for the notebooks), `paper` (for a GPU). Any field can be replaced;
# in a terminal the same is `lessons run vae --preset laptop --set epochs=8`. Chance
# enters through the *seed*, the number from which all random draws of a run follow. One
# run is one seed, so what a lesson says of training it says over several, whose
# *recorded* runs are stored with it (`lessons sweep vae --seeds 0-7 --record`) and
# shown as mean and range.

# %%
# NBVAL_IGNORE_OUTPUT
laptop = config.PRESETS["laptop"]
report = experiment.run(laptop.replace(epochs=8, variants=("bn_rmsprop",)))
print(f"test cost      {report.metrics['bn_rmsprop/test_cost']:.1f} nats per digit")
print(f"a mean digit   {report.metrics['mean_image/test_cost']:.1f} nats")
assert report.metrics["bn_rmsprop/test_cost"] < report.metrics["mean_image/test_cost"]

# %% [markdown]
# ### Look
#
# What was learned is shown, and the caption says what to see. Every figure has a
# description for those who do not see it.

# %%
show(report.figures["reconstructions"])

# %% [markdown]
# **Figure 1.** Digits of eight times eight pixels before (above) and after (below) they
# were squeezed through a code of a few numbers. After eight passes over 1,500 digits
# strokes are blurred, but most digits can be told.
#
# ### Re-implement
#
# Each lesson has an exercise, which `lessons practice vae` writes as a notebook: a few
# functions, judged by tests that say in words what is wrong. Suppose somebody forgets
# the logarithm:

# %%
wrong = 0.5 * np.sum(mean**2 + scale**2 - 1.0, axis=1)
right = np.asarray(theory.gaussian_kl(mean, scale))
hint = "without the logarithm nothing keeps s from shrinking to 0"
print("wrong:", wrong.round(3), " right:", right.round(3), " hint:", hint)
ratio = scale**2
other = 0.5 * np.sum(mean**2 + ratio - 1.0 - np.log(ratio), axis=1)
claims.above(
    "a test tells the wrong answer",
    float(abs(wrong - right)[0]),
    0.1,
    digits=2,
    control=("a right answer in other words", float(abs(other - right)[0])),
)

# %% [markdown]
# ## 3. The lessons
#
# In teaching order, with what each promises. The titles lead to the notebooks. A lesson
# names those it builds on; without such a name you can begin with it.

# %%
# NBVAL_IGNORE_OUTPUT
shown = overview.gallery(catalog.LESSONS)
assert shown == [lesson.slug for lesson in catalog.ready()]

# %% [markdown]
# And those that are planned:

# %%
for unit, title in catalog.UNITS.items():
    planned = [each for each in catalog.LESSONS if each.unit == unit and not each.ready]
    print(f"{title}:", "; ".join(each.title for each in planned) or "complete")

# %% [markdown]
# ## 4. Where to begin
#
# Three questions choose a path. Which of these do you ask yourself?
#
# 1. *Why does it work?* Then **theory**: bounds, fixed points, games and duality, with
#    every claim computed.
# 2. *What can it make?* Then **generation** if it should make pictures, **sequences** if
#    it should write, remember or speak.
# 3. *What does it cost?* Then **efficiency**: fewer bits, channels and layers.
#
# Each path names its lessons in the order to read them; those that are planned are left
# out. [Variational autoencoders](autoencoders/vae.ipynb) are a good first lesson of any.

# %%
for path in paths.PATHS:
    ready = [lesson.slug for lesson in path.lessons if lesson.ready]
    print(f"{path.name + ':':<12}{' -> '.join(ready) or 'not written yet'}")

# %% [markdown]
# The same lessons in a terminal:
#
# ```sh
# make lab                          # this course in JupyterLab
# make run LESSON=amsgrad           # one notebook from top to bottom, with progress
# .venv/bin/lessons list            # the table of contents
# .venv/bin/lessons show vae        # settings and headlines of a lesson
# .venv/bin/lessons practice vae    # its exercise, which checks your answers at once
# ```
#
# What this tour has verified:

# %% tags=["summary"]
claims.table()
