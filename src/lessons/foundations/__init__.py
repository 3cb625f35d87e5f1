"""Foundations: what every later lesson rests on."""
