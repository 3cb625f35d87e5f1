"""Capsules: a layer with routing by itself, and a small network."""
