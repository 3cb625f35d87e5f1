"""Graves, Wayne & Danihelka 2014 (arXiv:1410.5401): Neural Turing Machines.

Modules: `config` (presets), `paper` (its facts), `variants` (what is compared), `data`
(the five tasks), `theory` (addressing, read, write, loss), `heads` (head parameters and
their ranges), `cell` (one time step), `model` (the machine and the LSTM it is compared
with), `programs` (a machine written by hand), `dynamics` (how weightings blur),
`counts` (parameters in closed form), `ngrams` (the optimal predictor), `evaluation`,
`experiment` (`run`).
"""
