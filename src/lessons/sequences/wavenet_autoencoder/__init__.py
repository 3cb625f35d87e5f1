"""WaveNet autoencoders of musical notes, beside a spectral autoencoder.

Source: Engel et al. 2017 (arXiv:1704.01279). Modules: `variants` (what is compared),
`config` (presets), `theory` (mu-law, receptive field, losses, weights), `spectra`
(short-time Fourier transform, Griffin-Lim, constant Q, rainbowgrams: NumPy), `layers`
and `model` (the WaveNet autoencoder), `generation` (ring buffers), `spectral` (the
baseline), `data`, `nsynth` (a user's files), `evaluation`, `probes`, `yardsticks`,
`experiment` (`run`), `figures`, `figures_theory`, `paper` (what the paper states).
"""
