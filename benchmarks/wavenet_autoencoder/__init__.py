"""A WaveNet autoencoder: dilated convolutions, gates, a code repeated over frames."""
