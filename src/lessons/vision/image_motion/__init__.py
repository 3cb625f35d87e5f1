"""Jaegle et al. 2018, arXiv:1612.00472.

Modules, in reading order: `config` (settings, presets), `paper` (what it states),
`variants` (what is compared), `theory` (the equations), `model`, `evaluation`,
`experiment` (`run`), `figures`.
"""
