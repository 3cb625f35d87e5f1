"""Motion learned without labels, by the laws of a group, and what that gives.

Source: Jaegle, Phillips, Ippolito and Daniilidis, 2018 (arXiv:1612.00472). Modules:
`variants` (inputs, distances, controls), `config` (presets), `se2` (motions of the
plane), `theory` (sub-sequences, the loss), `theory_routes` (NumPy routes, exact codes),
`data` (digits and cameras that move), `kitti` (clips of a folder), `networks` (from a
sequence to its embedding), `model` (learning from six sub-sequences), `readouts` (what
codes hold), `evaluation` (the tests of the paper), `saliency`, `baselines`,
`strangers` (images of different films), `experiment` (`run`), `figures`,
`figures_theory`, `tables`, `paper`.
"""
