"""Crowding: convolutions that several scales share, pooled over space and scales."""
