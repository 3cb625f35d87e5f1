"""Autoencoders: latent variable models trained through a bound."""
