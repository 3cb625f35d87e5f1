"""An RNN that predicts a waveform and is trained to read its own predictions.

Source: a course project of 2014 (IFT6266); Bengio et al. 2015 (arXiv:1506.03099) for
scheduled sampling. Modules: `variants` (what is fed), `config` (presets), `theory`
(windows, mixing, schedules), `theory_loop` (errors that are fed back, NumPy routes),
`rollout` (the loop of all modes), `model`, `data`, `timit` (a user's files),
`evaluation` (errors, baselines), `experiment` (`run`), `figures`, `figures_theory`,
`paper` (what the seed states).
"""
