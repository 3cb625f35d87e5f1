"""What is known of the paper, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# With K = 6, two hidden layers of 512 for SNPs, and 32 and 256 for the trait; weights,
# and beside them what batch normalisation trains.
SNP_PARAMETERS, SNP_NORM = 269_825, 2_048
TRAIT_PARAMETERS, TRAIT_NORM = 10_382_081, 576

_OTHERS, _NULL, _STARTS = "laptop_others", "laptop_null", "laptop_starts"
_TOY, _TRAIT = "laptop_toy", "laptop_trait"

HEADLINES = (
    *group(
        "Inflation λ of SNPs without effect (1: uniform p-values)",
        Headline("three populations, uncorrected", "hapmap/uncorrected/inflation"),
        Headline("random factors", "hapmap/random/inflation"),
        Headline("PCA", "hapmap/pca/inflation"),
        Headline("LFA and GCAT", "hapmap/gcat/inflation"),
        Headline("causal model with a network", "hapmap/neural/inflation"),
        Headline(
            "mixtures, causal model, network started at random",
            "psd_0.1/neural_random/inflation",
            preset=_STARTS,
            note="120 steps of training are too few from there",
        ),
        Headline(
            "the same, 120 epochs in the place of 20",
            "psd_0.1/neural_random/inflation",
            preset="laptop_starts_long",
            note="so a random start only takes longer",
        ),
        Headline(
            "three populations, effects but no confounder, uncorrected",
            "hapmap/uncorrected/inflation",
            preset="laptop_unconfounded",
            note="causal SNPs are spread unevenly, so they confound the others",
        ),
    ),
    *group(
        "Causal SNPs among the ten smallest p, mixtures (a = 0.1)",
        Headline("uncorrected", "psd_0.1/uncorrected/top_ten"),
        Headline("LFA and GCAT", "psd_0.1/gcat/top_ten"),
        Headline("causal model with a network", "psd_0.1/neural/top_ten"),
        Headline(
            "true structure",
            "psd_0.1/oracle/top_ten",
            note="all calibrated tests tie; the paper's lead does not show",
        ),
        Headline(
            "trait network with group lasso, by its effects",
            "psd_0.1/lasso/top_ten",
            preset=_TRAIT,
        ),
        Headline(
            "implicit trait network with group lasso, by its effects",
            "psd_0.1/implicit/top_ten",
            preset=_TRAIT,
        ),
    ),
    *group(
        "Error of the variance of y = (0.2 + x) e",
        Headline("additive noise", "scale/toy_additive/error", preset=_TOY),
        Headline("mean and deviation", "scale/toy_gaussian/error", preset=_TOY),
        Headline("implicit", "scale/toy_implicit/error", preset=_TOY),
    ),
    *group(
        "Draws between the two branches of y = ±(0.5 + x) + 0.1 e (0 is right)",
        Headline("mean and deviation", "bimodal/toy_gaussian/gap", preset=_TOY),
        Headline("implicit", "bimodal/toy_implicit/gap", preset=_TOY),
    ),
)

EFFECT = Effect(
    paper="precision 15 to 45 points above the best baseline over eleven settings",
    here="three populations: inflation {hapmap/uncorrected/inflation} uncorrected, "
    "{hapmap/pca/inflation} with PCA, {hapmap/gcat/inflation} with GCAT, "
    "{hapmap/neural/inflation} with the causal model; {psd_0.1/neural/top_ten} of ten "
    "causal SNPs lead its list, {psd_0.1/gcat/top_ten} that of GCAT",
    reproduces="partly",
    reason="the model corrects for structure, but no better than classical tests; all "
    "calibrated tests tie, and the lead in precision does not show",
)
