"""Takes the power as it is written: equal weights underflow to 0/0."""

# loses: sharpen


def sharpen(w, gamma):
    powers = w**gamma
    return powers / powers.sum()
