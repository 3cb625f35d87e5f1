"""Huang et al. 2018 (arXiv:1703.09844): a grid of scales with exits.

Modules: `plan` and `units` (the grid as data: cells, channels, costs), `theory` (shares
of exits, thresholds, loss), `networks` (the Keras graph of a plan), `model`, `lazy`
(evaluation that goes on from cached maps), `clock`, `variants`, `config` (presets),
`data`, `evaluation` (anytime and budgeted), `experiment` (`run`), `records`
(recorded runs at equal cost), `figures`, `figures_theory`, `paper`.
"""
