"""Tran & Blei 2018: genes, traits, and a confounder that both of them follow.

Modules: `theory` (losses), `genetics` (closed forms), `simulators`, `genotypes`
(reader), `data`, `association` (four classical tests), `networks`, `model` (SNPs),
`model_trait`, `interventions` (do), `variants`, `config` (presets), `evaluation`,
`experiment` (`run`), `figures`, `figures_theory`, `paper`.
"""
