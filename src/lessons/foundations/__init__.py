"""Foundations: what makes deep networks train at all."""
