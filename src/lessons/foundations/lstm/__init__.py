"""Hochreiter & Schmidhuber 1997, Graves 2013 (arXiv:1308.0850): long short-term memory.

Modules: `config` (presets), `variants` (what is compared on a long lag), `theory` (the
cell, its gradient and its sampling in NumPy), `theory_error_flow` (what vanishes and
what does not), `fizzbuzz` (a recurrent network by hand), `recurrence` (the step, and
the compiled loop), `cells` and `layers` (Keras), `model` (networks), `generate`
(compiled sampling), `data`, `tasks`, `ngrams`, `units` (what single cells stand for),
`evaluation`, `experiment` (`run`).
"""
