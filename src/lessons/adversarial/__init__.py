"""Adversarial models: distances between distributions that are learned or solved."""
