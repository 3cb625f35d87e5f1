"""M2: a variational autoencoder that sums over the labels."""
