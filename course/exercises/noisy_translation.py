# %% [markdown]
# # Exercise: Synthetic and natural noise both break neural machine translation
#
# Read the lesson `noisy_translation` first. Time: about two hours. Each question asks for a
# *variant* of a function of the lesson; the lesson's own package `lessons.language.noisy_translation` cannot be
# imported.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `cross_entropy` (2 points)
#
# **The variant.** In bits, from probabilities.

# %% [markdown] hints="cross_entropy"
# 1. Of each row one probability counts: that of the right class.
# 2. An event of probability 1/2 costs one bit, of 1/4 two: which logarithm says so?


# %% nbgrader={"grade_id": "cross_entropy", "solution": true}
def cross_entropy(labels, probabilities):
    """Cost of the right classes.

    Args:
        labels: shape (batch,).
        probabilities: shape (batch, classes).

    Returns:
        Bits, shape (batch,).
    """
    ### BEGIN SOLUTION
    return -np.log2(probabilities[np.arange(len(labels)), labels])
    ### END SOLUTION


# %% nbgrader={"grade_id": "cross_entropy_tests", "grade": true, "points": 2}
def check_cross_entropy():
    found = cross_entropy(np.array([1]), np.array([[0.75, 0.25]]))
    assert np.allclose(found, [2]), "a quarter is two bits"


check_cross_entropy()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_cross_entropy():
    uniform = np.full((3, 8), 1 / 8)
    found = cross_entropy(np.array([0, 3, 7]), uniform)
    assert np.shape(found) == (3,), "one number for each example"
    assert np.allclose(found, 3), "one of eight is three bits"


decide_cross_entropy()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: in words (1 point)

# %% [markdown] nbgrader={"grade_id": "why", "grade": true, "solution": true, "points": 1}
# Your answer.
# ### BEGIN SOLUTION
# The marking guide.
# ### END SOLUTION
