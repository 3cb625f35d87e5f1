"""What every question promises, held by each exercise for all calls of its functions.

The text of `watched` stands in the first cell of every exercise (`setup_cell` puts it
there) and is used by each cell of tests (`exercise` puts that there), so that the same
rule holds in a student's own notebook, in the sandboxed grader, in the authoring check
and in plain nbgrader. In the sandbox it runs beside the tests, out of the answer's
reach. Feedback pages show the sentences of its errors, not what is added to them.
"""


def watched(function, axes=None):
    """Watch a function: its arguments stay as they are, its results are as promised.

    Args:
        function: what is called; anything that cannot be called is given back.
        axes: number of axes of the result, 0 for a number; a list of such for a tuple,
            a dictionary of such for a dictionary, "each N" for a sequence of results
            with N axes each, "like N" for as many as argument number N has; None where
            any number is right.

    Returns:
        A function that calls it. A changed argument is an AssertionError at once; other
        axes, or less than float64 where no argument is less, is one only when `.held()`
        is called, so that the tests speak first.
    """
    import numpy as np

    function = getattr(function, "watches", function)
    if not callable(function):
        return function
    wrong = []

    def state(value):
        if isinstance(value, np.ndarray):
            return value.shape, value.tobytes()
        if isinstance(value, (list, tuple)):
            return [state(part) for part in value]
        if isinstance(value, dict):
            return [(key, state(part)) for key, part in value.items()]
        return value if isinstance(value, (int, float, str)) else None

    def look(result, axes, what, given):
        if isinstance(axes, str) and axes.startswith("like "):
            place = int(axes.removeprefix("like "))
            axes = np.ndim(given[place]) if place in given else None
        if isinstance(axes, int) and np.ndim(result) != axes:
            wanted = f"{axes} axes" if axes > 1 else ("a number", "1 axis")[axes]
            details = f"{what} has the shape {np.shape(result)}, not {wanted}"
            wrong.append("the result has other axes than promised" + f": {details}")
        if isinstance(axes, str):
            axes = [int(axes.removeprefix("each "))] * len(result)
        if isinstance(axes, list) and len(axes) != len(result):
            details = f"{what} has {len(result)} parts, not {len(axes)}"
            wrong.append("the result has other parts than promised" + f": {details}")
        if isinstance(axes, (list, dict)):
            for key in axes if isinstance(axes, dict) else range(len(axes)):
                look(result[key], axes[key], f"part {key} of {what}", given)

    def rough(value):
        if isinstance(value, (list, tuple)):
            return any(map(rough, value))
        if isinstance(value, dict):
            return any(map(rough, value.values()))
        dtype = getattr(value, "dtype", None)
        return getattr(dtype, "name", None) in ("float16", "bfloat16", "float32")

    def watching(*args, **kwargs):
        given = {**dict(enumerate(args, 1)), **kwargs}
        before = state(given)
        result = function(*args, **kwargs)
        after = state(given)
        if before != after:
            pairs = zip(before, after, strict=True)
            place = next(old[0] for old, new in pairs if old != new)
            text = "do not change the arrays and lists that you are given"
            raise AssertionError(text + f" (argument {place})")
        if rough(result) and not rough(given):
            wrong.append("the result must be float64, not less")
        try:
            look(result, axes, "the result", given)
        except Exception:  # the tests say what it should have been
            text = "the result has another form than promised"
            wrong.append(text + f": it is a {type(result).__name__}")
        return result

    def held():
        if wrong:
            raise AssertionError(wrong[0])

    watching.watches, watching.held = function, held
    return watching
