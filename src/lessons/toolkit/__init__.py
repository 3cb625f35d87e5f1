"""What several lessons share, and nothing else."""
