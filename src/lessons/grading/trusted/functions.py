"""A function of an answer, as tests see it."""


class Function:
    """A function of the answer.

    Args:
        answer: the `proxies.Answer` it belongs to.
        name: its name, for messages.
        handle: its number behind the wall.
    """

    def __init__(self, answer, name, handle):
        self._answer, self._name, self.handle = answer, name, handle
        self.__name__ = self.__qualname__ = name

    def __call__(self, *args, **kwargs):
        """Call it behind the wall."""
        return self._answer.call(self.handle, args, kwargs)

    def __repr__(self):
        return f"<{self._name} of the answer>"
