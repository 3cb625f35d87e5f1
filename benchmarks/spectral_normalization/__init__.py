"""Spectrally normalised critics."""
