"""Miyato et al. 2018 (arXiv:1802.05957): spectral normalization for GANs.

Modules: `config` (presets), `theory` (power iteration, normalisers, losses),
`theory_exact` (spectra, norms of convolutions, optimal critics, in NumPy), `layers`
(normalised layers), `model` (a GAN with any of the regularisers), `networks` and
`networks_images`, `plane` (critics without a generator), `experiment` (`run`).
"""
