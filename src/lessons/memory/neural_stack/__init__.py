"""Grefenstette et al. 2015 (arXiv:1506.02516): differentiable stacks and queues.

Modules: `config` (presets), `paper` (its facts), `variants` (what is compared),
`theory` (pop, push and read), `theory_loops` (the same from sums in Python, and
Python's own structures), `programs` (signals written by hand, and how far they reach),
`data` (the tasks), `grammars` (two of them), `cell` (one time step of a controller with
its structure), `model` (the transducer), `signals` (what to put in place of a
controller's own), `evaluation`, `experiment` (`run`), `figures`, `figures_theory`.
"""
