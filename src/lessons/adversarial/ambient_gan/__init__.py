"""Bora, Price & Dimakis 2018: generative models from lossy measurements.

Modules: `config` (presets), `measurements` and `projections` (what is seen of an
image), `theory` (distributions over finite sets) and `theory_fourier` (convolution),
`unmeasure` (estimates of the image), `networks`, `model` (GANs that measure what they
generate), `data`, `experiment` (`run`), `figures` and `figures_theory`.
"""
