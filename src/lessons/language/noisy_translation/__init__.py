"""Belinkov & Bisk 2018, arXiv:1711.02173.

Modules, in reading order: `config` (settings, presets), `paper` (what it states),
`variants` (what is compared), `theory` (the equations), `model`, `evaluation`,
`experiment` (`run`), `figures`.
"""
