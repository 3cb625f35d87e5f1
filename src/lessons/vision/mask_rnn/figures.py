"""Pictures."""


def all_of(report, test):
    """None yet."""
    return {}
