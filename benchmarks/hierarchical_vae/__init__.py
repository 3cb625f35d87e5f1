"""The chain of latents that completes images."""
