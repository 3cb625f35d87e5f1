"""What all rows and peers share."""

NUM_STEPS = 20  # per epoch
LEARNING_RATE = 1e-3
