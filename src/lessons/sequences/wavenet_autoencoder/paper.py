"""What the paper states, and the rows of the results table."""

from lessons.toolkit.headlines import Effect, Headline, group

# Computed from the equations; the paper states no counts. The released code also makes
# the last residual convolution, which nothing reads: its weights would never move.
DEAD = 512 * 512 + 512
PARAMETERS = {
    "wavenet": 61_804_048 - DEAD,
    "spectral": 36_770_689,
}
RECEPTIVE_FIELD = 6_139  # of 30 layers; the start convolution adds 2

_NOTE = "from memory, not verified: the paper's classifier hears real instruments"


def _rows(metric, labels, paper=None, digits=2):
    paper = paper or {}
    return [
        Headline(
            label,
            f"{name}/{metric}",
            paper=paper.get(name, "—"),
            note=_NOTE if name in paper else "",
            digits=digits,
        )
        for name, label in labels.items()
    ]


_WAVENETS = {
    "autoencoder": "WaveNet autoencoder",
    "causal": "code that sees the past only",
    "level": "level of each frame as the code",
    "unconditional": "no code",
}
_HEARD = {
    "original": "original notes",
    "autoencoder": "WaveNet autoencoder",
    "spectral": "spectral autoencoder",
    "untrained": "untrained WaveNet autoencoder",
    "mean": "the mean spectrum",
}

HEADLINES = (
    *group(
        "Cross-entropy of test notes, nats a sample",
        *_rows("nll", {**_WAVENETS, "entropy": "entropy, no model is better"}),
    ),
    *group(
        "Cross-entropy with codes of other notes",
        *_rows(
            "exchanged", {n: _WAVENETS[n] for n in ("autoencoder", "causal", "level")}
        ),
    ),
    *group(
        "Pitch that a classifier hears in reconstructions, accuracy",
        *_rows(
            "heard_pitch",
            _HEARD,
            {"original": "91.6 %", "autoencoder": "79.6 %", "spectral": "46.9 %"},
        ),
    ),
    *group(
        "Family (in the paper: quality) that it hears, accuracy",
        *_rows(
            "heard_family",
            _HEARD,
            {"original": "90.1 %", "autoencoder": "88.9 %", "spectral": "85.2 %"},
        ),
    ),
    *group(
        "Pitch read from the code by a linear probe, accuracy",
        *_rows(
            "pitch_probe",
            {
                "autoencoder": "WaveNet autoencoder",
                "untrained": "untrained",
                "energy": "energy of frames",
                "spectral": "spectral autoencoder",
            },
        ),
    ),
)

EFFECT = Effect(
    paper="a classifier hears the pitch of 79.6 % of WaveNet's reconstructions and of "
    "46.9 % of the spectral baseline's (from memory, not verified)",
    here="pitch heard: WaveNet {autoencoder/heard_pitch}, spectral "
    "{spectral/heard_pitch}, original {original/heard_pitch}",
    reproduces="no",
    reason="after 360 steps a WaveNet's draws are mostly noise, and the spectral "
    "autoencoder of as large a code is heard; that the decoder relies on the code does "
    "show",
)
