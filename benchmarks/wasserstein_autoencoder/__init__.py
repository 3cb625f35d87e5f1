"""WAE-MMD on images."""
