"""Variational autoencoders on images."""
