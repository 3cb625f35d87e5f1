"""What the tour says about the machine."""

import keras

from lessons.toolkit import machine


def test_versions_are_those_that_run():
    found = dict(machine.describe())
    assert found["Keras"] == keras.__version__
    assert all(found.values())


def test_a_step_takes_time_and_the_forecast_grows_with_it():
    assert 0.05 < machine.step_milliseconds() < 1000
    reference = machine.REFERENCE_MILLISECONDS
    assert "about 60 seconds" in machine.forecast(reference)
    assert "about 120 seconds" in machine.forecast(2 * reference)
    assert "10 minutes" in machine.forecast(10 * reference)
    assert "slow or busy" in machine.forecast(10 * reference)
