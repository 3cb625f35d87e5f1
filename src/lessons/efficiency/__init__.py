"""Efficiency."""
