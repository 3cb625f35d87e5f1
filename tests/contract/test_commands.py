"""Every command that a notebook or a guide suggests starts, or says what is missing.

A command's configuration is built, run up to its first step, and each model that it
would train is made, unless its runs are recorded or another test takes the step. Steps
are not compiled: that XLA takes them in is checked in `test_objects`.
"""

import pytest

from tests.contract import commands

TEXT = """
Run `lessons run vae --set epochs=3`, or `--set beta=4 --set
seed=1`; `lessons sweep` alone is no command, `beta=2` here is none either.

```
.venv/bin/lessons sweep vae --seeds 0-1 \\
    --set "beta=1|2"   # a grid
```

## 10. What to try next

* `latent_dim=8`, `other=3`, `lessons run SLUG`.

## References

`latent_dim=9`
"""


def test_commands_are_found_in_all_their_forms():
    found = commands.find(TEXT, "text", "vae", ("latent_dim", "beta"))
    assert [suggestion.words for suggestion in found] == [
        ("sweep", "vae", "--seeds", "0-1", "--set", "beta=1|2"),
        ("run", "vae", "--set", "epochs=3"),
        ("run", "vae", "--set", "beta=4", "--set", "seed=1"),
        ("run", "SLUG"),
        ("run", "vae", "--set", "latent_dim=8"),
    ]
    assert len(commands.find(TEXT, "text")) == 3  # of no lesson: the whole ones alone


def test_every_suggested_command_starts(lesson, subtests):
    suggestions = commands.of_lesson(lesson)
    assert suggestions, "no command suggests what to try next"
    seen = set()
    for suggestion in suggestions:
        with subtests.test(str(suggestion)):
            for config in commands.configurations(lesson, suggestion):
                if repr(config) in seen or commands.runs_elsewhere(lesson, config):
                    continue
                seen.add(repr(config))
                assert_starts(lesson, config)


def assert_starts(lesson, config):
    """A run takes its first step, or is refused since its data is not here."""
    try:
        commands.start(lesson, config)
    except commands.UserError as error:
        if not commands.lacks_data(error):
            pytest.fail(f"refused: {error}")
