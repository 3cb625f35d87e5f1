"""Wu, Li, Chen & Shi 2018 (arXiv:1802.04680): training with integers (WAGE).

Modules: `variants` (bit widths and baselines), `config` (presets), `theory` (the four
quantisers), `integers` (the same forward pass in whole numbers, in NumPy), `networks`
(architectures as the paper writes them), `layers`, `optimizer` (an integer store of
weights), `model`, `data`, `evaluation`, `experiment` (`run`), `figures`,
`figures_theory`, `paper` (what it states).
"""
