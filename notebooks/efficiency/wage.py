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
# **One sentence: what the reader will know and be able to do.**
#
# ## Objectives
#
# * Three to five things, each with a verb.
#
# ## Prerequisites
#
# What is assumed.
#
# ## Time
#
# Minutes to read, seconds to run. No network.
#
# ## Source
#
# Wu et al. 2018, arXiv:1802.04680.

# %% [markdown]
# ## Symbols
#
# | symbol | name in the code | shape | meaning |
# |---|---|---|---|
# | $y$ | `labels` | (batch,) | right class |

# %%
from lessons.toolkit.ledger import Ledger  # lessons first: it keeps TensorFlow quiet

# isort: split
import numpy as np

from lessons.efficiency.wage import config, experiment, theory
from lessons.efficiency.wage.variants import VARIANTS
from lessons.toolkit.figures import show
from lessons.toolkit.source import show_source

claims = Ledger()

# %% [markdown]
# ## 1. The question
#
# Question, picture, derivation, code, a computation that confirms it.

# %%
show_source(theory.cross_entropy)

# %%
uniform = theory.cross_entropy(np.array([3]), np.zeros((1, 10)))
claims.equal("equal logits cost ln 10", uniform, np.log(10), tolerance=1e-6)

# %% [markdown]
# ## 2. The experiment

# %%
show_source(experiment.run)

# %%
# NBVAL_IGNORE_OUTPUT
report = experiment.run(config.PRESETS["laptop"])
for name in report.config.variants:
    accuracy = report.metrics[f"{name}/accuracy"]
    print(f"{VARIANTS[name].label:20s} {accuracy:.3f}")
    assert accuracy > report.metrics["nearest_mean/accuracy"]

# %%
show(report.figures["cost"])

# %% [markdown]
# **Figure 1.** What to see here.

# %% tags=["cover"]
show(report.figures["guesses"])

# %% [markdown]
# **Figure 2.** The picture that makes one want to start is tagged `cover`.

# %% [markdown]
# ## What does not reproduce here
#
# With numbers.
#
# ## What to try next
#
# **Exercise.** `course/exercises/wage.py`.
#
# ## References
#
# * Wu et al. 2018, arXiv:1802.04680

# %% [markdown]
# ## Results and claims verified

# %% tags=["summary"]
claims.table()
