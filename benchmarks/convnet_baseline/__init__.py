"""The convolutional baseline: three convolutions, three dense layers."""
