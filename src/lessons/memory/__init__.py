"""Memory: networks that read and write, and that choose how long to compute."""
