"""Miyato et al. 2018 (arXiv:1802.05957): spectral normalization for GANs.

Modules: `variants` (the regularisers), `config` (presets), `theory` (power iteration,
normalisers, hinge loss; the other losses are in `lessons.toolkit.adversarial`),
`theory_exact` (spectra, norms of convolutions, optimal critics, in NumPy), `layers`
(normalised layers), `model` (a GAN with any of the regularisers), `networks` and
`networks_images`, `plane` (critics without a generator), `evaluation`, `experiment`
(`run`), `figures`, `cost` (of an update).
"""
