"""Messages for names that are not in a list."""

from lessons.toolkit.errors import UserError, unknown


def test_the_message_names_what_was_given_and_everything_allowed():
    assert str(unknown("preset", "huge", ["smoke", "laptop"])) == (
        "unknown preset 'huge'. Allowed: smoke, laptop."
    )


def test_a_near_miss_is_suggested():
    assert "Did you mean 'laptop'?" in str(unknown("preset", "labtop", ["laptop"]))


def test_a_note_comes_before_the_list():
    message = str(unknown("lesson", "x", ["y"], note="It is planned."))
    assert message == "unknown lesson 'x'. It is planned. Allowed: y."


def test_an_empty_list_is_said_to_be_empty():
    assert str(unknown("run", "x", [])).endswith("Allowed: none.")


def test_it_is_a_value_error_for_those_who_use_the_package():
    assert issubclass(UserError, ValueError)
