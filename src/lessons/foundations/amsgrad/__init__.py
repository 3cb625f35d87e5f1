"""Reddi, Kale & Kumar 2018 (arXiv:1904.09237): the convergence of Adam and AMSGrad.

Modules: `config` (presets), `variants` (the methods compared), `framework` (the generic
adaptive method in NumPy), `problems` (the counter-examples), `games` (a method against
one of them), `theory` (regret, Gamma, bounds), `optimizers` (the methods as one Keras
optimizer), `model` (the three networks of the paper), `data` (CIFAR-10 from a file),
`evaluation` (loss and accuracy), `experiment` (`run`).
"""
