"""Ye, Lu, Lin & Wang 2018 (arXiv:1802.00124): pruning channels by their BN's scale.

Modules: `variants` (penalties, cuts, baselines), `config` (presets), `theory` (penalty,
shrinking, folding, scaling), `theory_norms` and `theory_lasso` (NumPy routes to the
arguments), `networks` (architectures with gates), `model`, `optimizer` (ISTA),
`surgery` (fold, rescale), `cuts` (which channels go), `data`, `evaluation`,
`experiment` (`run`), `figures`, `figures_theory`, `paper` (what it states).
"""
