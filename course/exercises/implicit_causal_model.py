# %% [markdown]
# # Exercise: what else could make them go together?
#
# Five functions to write (20 points, marked by tests) and one question to answer in
# words (3 points, marked by a person). Read the lesson `implicit_causal_model` first. Time:
# about two hours.
#
# **How it works.** Write each answer where the cell says so, then run the cell below
# it. Its tests say in words what is wrong. When you hand the notebook in, hidden tests
# are added: other shapes, extreme values, and properties that follow from the
# mathematics. A question gives all of its points or none.
#
# **The rules**
#
# * The functions here are *variants* of those in the lesson. Each question says what is
#   different, so a formula copied from the lesson is a wrong answer. The lesson's own
#   package `lessons.control.implicit_causal_model` cannot be imported.
# * Arrays come in and go out as NumPy arrays; logarithms are natural. Inside you may use
#   what you like: NumPy, SciPy, TensorFlow. Do not change the arrays you are given.
# * No function may call another question's function: each question is marked by itself.

# %% nbgrader={"grade_id": "setup", "locked": true}
import numpy as np

# %% [markdown]
# ## Question 1: `drifted_frequencies` (4 points)
#
# Alleles drift: a population's frequency is a draw from a Beta distribution with the mean $p$ of the
# ancestors and the variance $F p (1 - p)$.
#
# **The variant.** Each *population* has drifted differently far: $F$ is given for each population, not
# for each SNP.

# %% [markdown] hints="drifted_frequencies"
# 1. Which mean and which variance must each entry have? Which of the two depends on the column?
# 2. The mean of Beta(a, b) is $a / (a + b)$, its variance is the mean times one minus the mean over
#    $a + b + 1$. What must $a + b$ be?
# 3. $a + b = (1 - F)/F$, split by $p$. `rng.beta` broadcasts a column of `p` against a row of `fst`, and
#    draws each entry by itself if you give it the shape.


# %% nbgrader={"grade_id": "drifted_frequencies", "solution": true}
def drifted_frequencies(p, fst, rng):
    """Allele frequencies of populations.

    Args:
        p: frequencies of the ancestors, shape (SNPs,), between 0 and 1.
        fst: F of each population, shape (populations,), between 0 and 1.
        rng: a NumPy generator, which you draw from.

    Returns:
        Shape (SNPs, populations); every entry is drawn by itself.
    """
    ### BEGIN SOLUTION
    size = (1 - fst)[None, :] / fst[None, :]
    shape = (len(p), len(fst))
    return rng.beta(p[:, None] * size, (1 - p[:, None]) * size, shape)
    ### END SOLUTION


# %% nbgrader={"grade_id": "drifted_frequencies_tests", "grade": true, "points": 4, "axes": 2}
def check_drifted_frequencies():
    rng = np.random.default_rng(0)
    found = drifted_frequencies(np.full(20_000, 0.3), np.array([0.1, 0.02]), rng)
    assert np.shape(found) == (20_000, 2), (
        "a row for each SNP, a column for each population"
    )
    assert np.all((found >= 0) & (found <= 1)), "frequencies are between 0 and 1"
    assert np.allclose(np.mean(found, axis=0), 0.3, atol=0.01), (
        "on average a population has the frequency of the ancestors"
    )
    assert np.allclose(np.var(found, axis=0), [0.021, 0.0042], rtol=0.1), (
        "the variance is F p (1 - p), so a small F means little drift"
    )


check_drifted_frequencies()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_drifted_frequencies():
    rng = np.random.default_rng(1)
    count = 30_000
    p = np.where(np.arange(count) < count // 2, 0.15, 0.8)
    fst = np.array([0.05, 0.3, 0.15])
    found = np.asarray(drifted_frequencies(p, fst, rng))
    assert found.shape == (count, 3), "a row for each SNP, a column for each population"
    for rows, mean in ((p < 0.5, 0.15), (p > 0.5, 0.8)):
        part = found[rows]
        assert np.allclose(part.mean(axis=0), mean, atol=0.012), (
            "the mean of an entry is its own SNP's p"
        )
        expected = fst * mean * (1 - mean)
        assert np.allclose(part.var(axis=0), expected, rtol=0.08), (
            "the variance is F p (1 - p) with the population's own F"
        )
        third = ((part - part.mean(axis=0)) ** 3).mean(axis=0) / part.std(axis=0) ** 3
        a, b = mean * (1 - fst) / fst, (1 - mean) * (1 - fst) / fst
        skew = 2 * (b - a) * np.sqrt(a + b + 1) / ((a + b + 2) * np.sqrt(a * b))
        assert np.allclose(third, skew, atol=0.12), "the law is Beta, not another one"
        goes_with = np.corrcoef(part.T)[np.triu_indices(3, 1)]
        assert np.all(np.abs(goes_with) < 0.04), (
            "populations drift by themselves: each entry needs a draw of its own"
        )
    near = np.corrcoef(found[:-1:2, 0] - p[:-1:2], found[1::2, 0] - p[1::2])[0, 1]
    assert abs(near) < 0.04, "SNPs drift by themselves"
    one = drifted_frequencies(
        np.array([0.5, 0.2]), np.array([0.1]), np.random.default_rng(3)
    )
    two = drifted_frequencies(
        np.array([0.5, 0.2]), np.array([0.1]), np.random.default_rng(3)
    )
    assert np.shape(one) == (2, 1) and np.array_equal(one, two), (
        "draw from the generator that you are given, and from nothing else"
    )
    again = drifted_frequencies(
        np.array([0.5, 0.2]), np.array([0.1]), np.random.default_rng(4)
    )
    assert not np.array_equal(one, again), "another generator, other numbers"


decide_drifted_frequencies()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 2: `x_chromosome_log_lik` (3 points)
#
# The log-likelihood of genotypes, given the logits of the allele's probability.
#
# **The variant.** The SNPs lie on the X chromosome: some people have two copies of it, others one. With one
# copy the genotype is 0 or 1. A genotype below 0 is missing and counts nothing. The logits may be as large
# as 1,000 or as small as -1,000.

# %% [markdown] hints="x_chromosome_log_lik"
# 1. In how many ways can a person with two copies of the chromosome carry the allele once? And a
#    person with one copy?
# 2. Write $\log \pi$ and $\log(1 - \pi)$ without forming $\pi$: `-np.logaddexp(0, -logits)` is the first.
# 3. $x \log \pi + (c - x) \log(1 - \pi)$ with $c$ the person's copies, plus $\log 2$ where $c = 2$ and $x = 1$;
#    0 where $x < 0$; then the sum.


# %% nbgrader={"grade_id": "x_chromosome_log_lik", "solution": true}
def x_chromosome_log_lik(x, copies, logits):
    """Log-likelihood of all genotypes together, in nats.

    Args:
        x: genotypes, integers of shape (people, SNPs); below 0 where missing.
        copies: of the chromosome, 1 or 2, shape (people,).
        logits: of the allele's probability, shape (people, SNPs).

    Returns:
        A number.
    """
    ### BEGIN SOLUTION
    x, c = x.astype(float), copies[:, None].astype(float)
    terms = -x * np.logaddexp(0, -logits) - (c - x) * np.logaddexp(0, logits)
    terms = terms + np.log(2) * ((c == 2) & (x == 1))
    return np.where(x < 0, 0, terms).sum()
    ### END SOLUTION


# %% nbgrader={"grade_id": "x_chromosome_log_lik_tests", "grade": true, "points": 3, "axes": 0}
def check_x_chromosome_log_lik():
    one = np.ones((1, 1))
    found = x_chromosome_log_lik(np.array([[2]]), np.array([2]), one)
    assert np.ndim(found) == 0, "one number for all genotypes"
    assert np.isclose(found, -0.626523), "two alleles of probability 0.731: 2 ln 0.731"
    found = x_chromosome_log_lik(np.array([[1]]), np.array([2]), one)
    assert np.isclose(found, -0.933376), "one of two: two ways, so ln 2 more"
    found = x_chromosome_log_lik(np.array([[1]]), np.array([1]), one)
    assert np.isclose(found, -0.313262), "who has one copy has it in one way only"
    found = x_chromosome_log_lik(np.array([[-1]]), np.array([2]), one)
    assert found == 0, "a missing genotype says nothing"


check_x_chromosome_log_lik()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_x_chromosome_log_lik():
    rng = np.random.default_rng(2)
    for people, snps in ((1, 1), (4, 4), (5, 3), (3, 6)):
        copies = rng.integers(1, 3, people)
        logits = rng.normal(0, 2, (people, snps))
        x = rng.integers(0, copies[:, None] + 1, (people, snps))
        x[rng.random(x.shape) < 0.2] = -1
        expected = 0.0
        for n in range(people):
            for m in range(snps):
                q = 1 / (1 + np.exp(-logits[n, m]))
                if x[n, m] < 0:
                    continue
                if copies[n] == 1:
                    expected += np.log([1 - q, q][x[n, m]])
                else:
                    expected += np.log([(1 - q) ** 2, 2 * q * (1 - q), q**2][x[n, m]])
        found = x_chromosome_log_lik(x, copies, logits)
        assert np.ndim(found) == 0, "one number for all genotypes"
        assert np.isclose(found, expected), (
            "the sum over people and SNPs that are known"
        )
    for c in (1, 2):
        every = [
            x_chromosome_log_lik(np.array([[g]]), np.array([c]), np.array([[0.7]]))
            for g in range(c + 1)
        ]
        assert np.isclose(np.exp(every).sum(), 1), (
            "probabilities of all genotypes sum to 1"
        )
    far = np.array([[-1000.0, 1000.0, -1000.0]])
    found = x_chromosome_log_lik(np.array([[2, 2, 0]]), np.array([2]), far)
    assert np.isclose(found, -2000), "logits of 1,000 need logarithms throughout"
    found = x_chromosome_log_lik(np.array([[-9, 1, -3]]), np.array([1]), far)
    assert np.isclose(found, 0), "whatever number below 0 stands for missing"
    small = np.array([[1, 2], [0, 1]], np.uint8)
    found = x_chromosome_log_lik(small, np.array([2, 1], np.uint8), np.zeros((2, 2)))
    assert np.isclose(found, np.log(2) - 6 * np.log(2)), (
        "genotypes come as uint8 from many files: minus such a number wraps round"
    )


decide_x_chromosome_log_lik()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 3: `gcat_root` (5 points)
#
# GCAT compares two binomial regressions of the *SNP*, with two trials each: on the factors $H$, and on $H$ and the
# trait $y$. Twice the gain in log-likelihood goes with $\chi^2_1$.
#
# **The variant.** Give the **signed root**: the root of that statistic, with the sign of the coefficient of
# the trait. Without an effect it is N(0, 1). It must not depend on the unit of the trait: $y$, $10^6 y$ and $10^{-6} y$ give
# the same. Where the SNP does not vary, or the trait is a combination of the columns of $H$, it is 0. $H$ has a constant column; a fit whose
# frequencies run to 0 or 1 must end near the limit, not in NaN.

# %% [markdown] hints="gcat_root"
# 1. What is predicted from what, and which two nested models are compared?
# 2. Newton: the slope of the log-likelihood is $D^T(x - 2p)$, its curvature $-D^T \mathrm{diag}(2p(1-p)) D$, for a
#    design $D$. Standardise $y$ first. What would the steps do if a frequency ran to 0 or 1?
# 3. Clip the logits (at 15, say) when you compute $p$ and the likelihood, take 50 steps with a little added to the diagonal
#    of the curvature, limit each step, and halve it while the likelihood falls. Twice the gain, not below 0; then root and sign.


# %% nbgrader={"grade_id": "gcat_root", "solution": true}
def gcat_root(x, y, H):
    """Signed root of the likelihood ratio of one SNP.

    Args:
        x: genotypes 0, 1, 2, shape (people,).
        y: trait, shape (people,).
        H: factors with a constant column, shape (people, d), of rank d.

    Returns:
        A number.
    """
    ### BEGIN SOLUTION
    x, y = np.asarray(x, float), np.asarray(y, float)

    def fit(design):
        def log_lik(b):
            logits = np.clip(design @ b, -15, 15)
            return np.sum(x * logits - 2 * np.logaddexp(0, logits))

        b = np.zeros(design.shape[1])
        for _ in range(60):
            p = 1 / (1 + np.exp(-np.clip(design @ b, -15, 15)))
            bend = design.T @ (design * (2 * p * (1 - p))[:, None])
            bend = bend + 1e-8 * np.eye(len(b))
            step = np.clip(np.linalg.solve(bend, design.T @ (x - 2 * p)), -5, 5)
            while log_lik(b + step) < log_lik(b) and np.abs(step).max() > 1e-10:
                step = step / 2
            b = b + step
        return log_lik(b), b

    y = y - y.mean()
    rest = y - H @ np.linalg.lstsq(H, y, rcond=None)[0]
    if np.ptp(x) == 0 or np.linalg.norm(rest) <= 1e-8 * np.linalg.norm(y):
        return 0.0
    without, _ = fit(H)
    with_trait, b = fit(np.column_stack([H, rest / rest.std()]))
    return float(np.sign(b[-1]) * np.sqrt(max(2 * (with_trait - without), 0)))
    ### END SOLUTION


# %% nbgrader={"grade_id": "gcat_root_tests", "grade": true, "points": 5, "axes": 0}
def check_gcat_root():
    x = np.array([0, 0, 1, 1, 2, 2])
    y = np.array([-1.0, 0, 2, 0, 1, 2])
    one = np.ones((6, 1))
    found = gcat_root(x, y, one)
    assert np.ndim(found) == 0, "one number"
    assert np.isclose(found, 2.21699, atol=1e-3), (
        "twice the gain in log-likelihood is 4.9150, and more of y goes with more of x"
    )
    assert np.isclose(gcat_root(x, -y, one), -2.21699, atol=1e-3), (
        "with the trait turned round the sign turns"
    )
    assert np.isclose(gcat_root(x, 1e6 * y, one), 2.21699, atol=1e-3), (
        "the unit of the trait does not matter"
    )
    assert gcat_root(np.zeros(6, int), y, one) == 0, "a SNP that does not vary"
    x = np.array([0, 0, 1, 0, 2, 2, 1, 2])
    y = np.array([0.1, -0.2, 0, 0.1, 5, 4.9, 5.2, 4.9])
    H = np.column_stack([np.ones(8), np.repeat([0, 1], 4)])
    assert abs(gcat_root(x, y, H)) < 1.2, (
        "two populations differ in both; H knows of them, and little is left"
    )


check_gcat_root()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_gcat_root():
    from scipy import optimize, stats

    rng = np.random.default_rng(3)

    def reference(x, y, H):
        def best(design):
            def loss(b):
                t = design @ b
                return np.sum(2 * np.logaddexp(0, t) - x * t)

            def slope(b):
                return design.T @ (2 / (1 + np.exp(-(design @ b))) - x)

            found = optimize.minimize(
                loss, np.zeros(design.shape[1]), jac=slope, tol=1e-12
            )
            return found.fun, found.x[-1]

        low, _ = best(H)
        high, b = best(np.column_stack([H, y]))
        return np.sign(b) * np.sqrt(2 * max(low - high, 0))

    for people, d in ((30, 1), (40, 2), (60, 3), (25, 4)):
        H = np.column_stack([rng.normal(size=(people, d - 1)), np.ones(people)])
        x = rng.binomial(2, 1 / (1 + np.exp(-0.8 * H.sum(axis=1) + 1.2)))
        y = rng.normal(size=people) + 0.5 * H[:, 0] + 0.2 * x
        expected = reference(x, (y - y.mean()) / y.std(), H)
        found = gcat_root(x, y, H)
        assert np.isclose(found, expected, atol=2e-3), (
            "compare the regressions of the SNP on H and on H with y, two trials each"
        )
        turned = H @ rng.normal(size=(d, d))
        assert np.isclose(gcat_root(x, y, turned), expected, atol=2e-3), (
            "another basis of the same factors gives the same"
        )
        for scale in (1e-6, 1e6):
            assert np.isclose(
                gcat_root(x, scale * y + 3 * scale, H), expected, atol=2e-3
            ), "neither unit nor zero of the trait matters"
        assert np.isclose(gcat_root(2 - x, y, H), -expected, atol=2e-3), (
            "counting the other allele turns the sign alone"
        )
        shown = gcat_root(x, H @ rng.normal(size=d), H)
        assert np.isfinite(shown) and abs(shown) < 1e-3, (
            "what H knows already adds nothing: 0, whatever the solver says"
        )
    rare = np.array([0, 0, 0, 1, 0, 1])
    y = np.array([0.3, -1, 0.2, 1, -0.5, -0.1])
    one = np.ones((6, 1))
    found = gcat_root(rare, y, one)
    assert np.isclose(found, reference(rare, y, one), atol=2e-3), (
        "the model without the trait has an intercept, for the SNP is rare"
    )
    found = gcat_root(np.array([0, 0, 2, 2]), np.array([0.0, 0, 1, 1]), np.ones((4, 1)))
    assert np.isfinite(found) and abs(found - np.sqrt(11.0904)) < 0.02, (
        "two groups that y tells apart: the gain has a limit, 16 ln 2, and no NaN"
    )
    assert gcat_root(np.full(8, 2), rng.normal(size=8), np.ones((8, 1))) == 0, (
        "a SNP that does not vary"
    )
    member = np.repeat([0, 1], 60)
    H = np.column_stack([np.ones(120), member])
    shown = []
    for _ in range(80):
        x = rng.binomial(2, np.where(member == 0, 0.2, 0.8))
        shown.append(gcat_root(x, member + rng.normal(size=120), H))
    assert stats.kstest(shown, "norm").pvalue > 1e-4, (
        "with the populations in H the root is N(0, 1) for SNPs without effect"
    )


decide_gcat_root()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 4: `kl_to_prior` (3 points)
#
# The KL divergence of $q(z) = N(\mu, \mathrm{diag}\,s^2)$ to a prior.
#
# **The variant.** The prior is $N(0, \mathrm{diag}\,t^2)$, with a deviation of its own for each coordinate. Both deviations are
# given as logarithms. Give one number for each person, the sum over the coordinates. Deviations of $e^{-400}$ are fine if both
# sides have them.

# %% [markdown] hints="kl_to_prior"
# 1. Which arguments are logarithms? What must the result be where $q$ is the prior?
# 2. Divide $\mu$ and $s$ by $t$: the KL does not change when both are measured in another unit. What remains is
#    the KL to N(0, 1).
# 3. Half of ($s^2/t^2 + \mu^2/t^2 - 1$), less $\log s - \log t$; subtract logarithms before you take exponentials.


# %% nbgrader={"grade_id": "kl_to_prior", "solution": true}
def kl_to_prior(mean, log_sd, prior_log_sd):
    """KL(q, prior) of each person, in nats.

    Args:
        mean, log_sd: of q, shape (people, K).
        prior_log_sd: of the prior, shape (K,).

    Returns:
        Shape (people,).
    """
    ### BEGIN SOLUTION
    log_ratio = log_sd - prior_log_sd
    scaled = mean * np.exp(-prior_log_sd)
    terms = 0.5 * (np.exp(2 * log_ratio) + scaled**2 - 1) - log_ratio
    return terms.sum(axis=1)
    ### END SOLUTION


# %% nbgrader={"grade_id": "kl_to_prior_tests", "grade": true, "points": 3, "axes": 1}
def check_kl_to_prior():
    found = kl_to_prior(np.array([[0.5]]), np.array([[np.log(2)]]), np.array([0.0]))
    assert np.shape(found) == (1,), "one number for each person"
    assert np.isclose(found[0], 0.931853), (
        "half of (4 + 0.25 - 1), less ln 2: the second argument is a logarithm"
    )
    found = kl_to_prior(np.zeros((2, 3)), np.full((2, 3), 0.7), np.full(3, 0.7))
    assert np.allclose(found, 0), "0 where q is the prior"


check_kl_to_prior()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_kl_to_prior():
    from scipy import stats

    rng = np.random.default_rng(5)
    for people, size in ((1, 1), (4, 4), (3, 5), (6, 2)):
        mean, log_sd = rng.normal(size=(2, people, size))
        prior = rng.normal(size=size)
        nodes, weights = np.polynomial.hermite_e.hermegauss(40)
        z = mean[..., None] + np.exp(log_sd)[..., None] * nodes
        log_q = stats.norm.logpdf(z, mean[..., None], np.exp(log_sd)[..., None])
        log_p = stats.norm.logpdf(z, 0, np.exp(prior)[:, None])
        terms = (log_q - log_p) @ (weights / weights.sum())
        found = np.asarray(kl_to_prior(mean, log_sd, prior))
        assert found.shape == (people,), "one number for each person"
        assert np.allclose(found, terms.sum(axis=1)), (
            "KL of q to the prior, summed over coordinates, each with its own deviation"
        )
    tiny = np.full((1, 2), -400.0)
    found = kl_to_prior(np.zeros((1, 2)), tiny, tiny[0])
    assert np.allclose(found, 0), (
        "subtract logarithms before you take exponentials, and divide the mean by t "
        "before you square it"
    )
    found = kl_to_prior(np.zeros((1, 2)), np.full((1, 2), -300.0), np.zeros(2))
    assert np.allclose(found, 599), "a deviation of e to the -300 gives a finite number"


decide_kl_to_prior()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 5: `report` (5 points)
#
# The precision of a study, and its genomic inflation, from p-values.
#
# **The variant.** Both at once. Inflation is taken at a *quantile* of the statistic that you are told, not only at the
# median: $\lambda_u$ is the $u$-quantile of the observed $\chi^2_1$ statistics of the SNPs without effect (`np.quantile`) over the $u$-quantile of the $\chi^2_1$ law. With
# u = 0.5 it is the usual $\lambda$. A SNP is selected if its p is **below** the threshold; precision is 0 if none is.

# %% [markdown] hints="report"
# 1. What is the denominator of the precision when nothing is selected? Whose p-values enter $\lambda$?
# 2. Which $\chi^2$ has this p? Small p, large statistic: `scipy.stats.chi2.isf`, not `ppf`.
# 3. `causal` holds indices: make truth values of them first. Then the quantile of `isf(p, 1)` over
#    `chi2.ppf(u, 1)`.


# %% nbgrader={"grade_id": "report", "solution": true}
def report(p, causal, threshold, u):
    """Precision and inflation of a study.

    Args:
        p: p-values, shape (SNPs,).
        causal: indices of the SNPs that act on the trait, shape (causes,).
        threshold: a number.
        u: which quantile, between 0 and 1.

    Returns:
        (precision, inflation): two numbers.
    """
    ### BEGIN SOLUTION
    from scipy.stats import chi2

    acts = np.zeros(len(p), bool)
    acts[causal] = True
    selected = p < threshold
    precision = np.mean(acts[selected]) if selected.any() else 0.0
    inflation = np.quantile(chi2.isf(p[~acts], 1), u) / chi2.ppf(u, 1)
    return precision, inflation
    ### END SOLUTION


# %% nbgrader={"grade_id": "report_tests", "grade": true, "points": 5, "axes": [0, 0]}
def check_report():
    p = np.append([0.001, 0.002, 0.3], (np.arange(1000) + 0.5) / 1000)
    precision, inflation = report(p, np.array([0, 1, 2]), 0.0035, 0.5)
    assert np.isclose(precision, 2 / 5), (
        "five p-values are below 0.0035: two of causal SNPs, three of others"
    )
    assert np.isclose(inflation, 1, atol=0.01), "uniform p-values are not inflated"
    precision, _ = report(p, np.array([0, 1, 2]), 1e-9, 0.5)
    assert precision == 0, "nothing is selected: 0"
    _, inflation = report(np.full(9, 0.01), np.array([0]), 0.5, 0.5)
    assert np.isclose(inflation, 14.5842, atol=0.01), "small p, large statistic"


check_report()


# Hidden tests are added here when the notebook is handed in.
### BEGIN HIDDEN TESTS
def decide_report():
    from scipy import stats

    rng = np.random.default_rng(6)
    for snps, causes in ((50, 3), (400, 10), (7, 6), (1000, 400)):
        statistic = 2.5 * rng.chisquare(1, snps)
        causal = rng.permutation(snps)[:causes]
        statistic[causal] += 3
        p = stats.chi2.sf(statistic, 1)
        for threshold in (0.5, 0.05, 1e-4):
            for u in (0.5, 0.9, 0.2):
                below, right = 0, 0
                for m in range(snps):
                    if p[m] < threshold:
                        below += 1
                        right += m in causal
                precision, inflation = report(p, causal, threshold, u)
                assert np.ndim(precision) == 0 and np.ndim(inflation) == 0, (
                    "two numbers"
                )
                expected = right / below if below else 0
                assert np.isclose(precision, expected), (
                    "causal ones among the selected, over all selected"
                )
                null = np.delete(statistic, causal)
                expected = np.quantile(null, u) / stats.chi2.ppf(u, 1)
                assert np.isclose(inflation, expected, rtol=1e-6), (
                    "the u-quantile of the statistics of SNPs without effect over that "
                    "of the law"
                )
    precision, inflation = report(
        np.array([0.05, 0.01, 1.0, 0.5]), np.array([0]), 0.05, 0.5
    )
    assert precision == 0, "below the threshold, not at it"
    precision, _ = report(np.array([0.3, 0.2, 1.0]), np.array([1]), 0.1, 0.5)
    assert precision == 0, "0 where nothing is selected"
    precision, _ = report(np.array([0.3, 0.02, 1.0]), np.array([1]), 0.1, 0.5)
    assert precision == 1, "one SNP is selected, and it is causal"
    zero = np.append(np.zeros(3), np.full(8, 0.4))
    _, inflation = report(zero, np.array([9]), 0.05, 0.5)
    assert np.isfinite(inflation), (
        "a p of 0 is an infinite statistic, but no quantile here"
    )


decide_report()
### END HIDDEN TESTS

# %% [markdown]
# ## Question 6: has the gene been found? (3 points)
#
# A colleague reports: "On our simulated populations our method selects 4 SNPs, 3 of them right; GCAT selects 7, 3 of them right. So our
# precision is 0.75 against 0.43. Our latent $z$ explains 99 % of the true structure, so the network has discovered it; and since
# we turned the confounder off in a control and p-values were inflated just the same, the inflation is not confounding."
#
# 1. What do the two precisions show, given that 1,490 null SNPs are tested at 0.0025? What would you ask for, and which row would you add to the table?
# 2. The latents were initialised at scaled principal components. Which two numbers would you ask for before you believe "discovered"?
# 3. The control: the confounder's share was 0, the SNPs' share 10 %. Why are p-values of null SNPs still inflated, and what is the right control?
#
# Six to twelve sentences; formulas may be written in LaTeX.

# %% [markdown] nbgrader={"grade_id": "found", "grade": true, "solution": true, "points": 3}
# ### BEGIN SOLUTION
# **Marking guide** (one point for each part)
#
# 1. Both found the same number of causal SNPs; 3.7 false ones are expected of *any* calibrated test, with a deviation of about 1.9: 1 and 4 do not differ. Ask for many seeds
#    (pooled counts), $\lambda$, and a row with the true structure as covariate (the ceiling); "select the one smallest p" can have precision 1. *Half a point* for seeds alone.
# 2. $R^2$ at step 0 (it is as high there), and $R^2$ or $\lambda$ from another start, or of a model fitted to permuted SNPs.
# 3. The causal SNPs differ in frequency between populations, so their effects make the trait differ between populations: structure confounds without any other confounder. The right
#    control has no effects either (shares 0/0/1), or true structure as a covariate.
# ### END SOLUTION
