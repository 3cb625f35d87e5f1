"""Figures that need no run: a clip with its sub-sequences, the network as a drawing."""

from lessons.toolkit import figures
from lessons.toolkit.drawing import Drawing
from lessons.toolkit.figures import Figure
from lessons.vision.image_motion import theory

COLORS = {"F": "blue", "B": "orange", "E": "green"}


def paths(clip, a=1, b=3):
    """The frames of a clip and its six sub-sequences.

    Args:
        clip: shape (time, height, width, 1).
        a, b: middle frames.
    """
    last = len(clip) - 1
    found = theory.six_subsequences(a, b, last)
    figure, axes = figures.new(3, 3, size=(7.6, 3.7))
    low, high = clip.min(), clip.max()
    figures.show_tiles(
        axes[0, 1], clip, len(clip), title="the clip", low=low, high=high
    )
    for axis in (axes[0, 0], axes[0, 2]):
        axis.set_axis_off()
    for place, (name, path) in enumerate(found.items()):
        axis = axes[1 + place % 2, place // 2]
        text = ", ".join(map(str, path))
        figures.show_tiles(
            axis, clip[list(path)], 3, title=f"{name}: {text}", low=low, high=high
        )
        axis.title.set_color(figures.COLORS[COLORS[name[0]]])
    return Figure(
        figure,
        f"Above, {len(clip)} frames of a thing that moves. Below, six rows of three: "
        "two ways forward from the first frame to the last, through different middle "
        "frames; the same two backward; and two that return to the frame where they "
        "began.",
        "Two forward, two backward, two that come home; the numbers are those of the "
        "frames.",
    )


def drawing():
    """The network, the six paths over time, and the kinds of their pairs."""
    picture = Drawing()
    for place, name in enumerate(("0", "a", "e")):
        picture.node(
            f"i{name}", 2.0 * place, 0, f"$I_{name}$\n24 x 24", kind="array", width=0.9
        )
    for place, (one, other) in enumerate((("0", "a"), ("a", "e"))):
        x = 1.0 + 2 * place
        picture.node(f"p{place}", x, 0.9, "pair\n24 x 24 x 2", kind="array", width=1.2)
        picture.arrow(f"i{one}", f"p{place}")
        picture.arrow(f"i{other}", f"p{place}")
        picture.node(
            f"c{place}",
            x,
            1.8,
            r"$\Phi$: convolutions" + "\n16, 32, 48",
            kind="layer",
            color="blue",
            width=1.5,
        )
        picture.arrow(f"p{place}", f"c{place}")
        picture.node(
            f"l{place}", x, 2.75, "LSTM", kind="layer", color="orange", width=0.9
        )
        picture.arrow(f"c{place}", f"l{place}", f"$f_{place}$ (64)")
    picture.arrow("l0", "l1")
    picture.node("r", 4.4, 2.75, "$R$ (64)", kind="latent", width=0.85)
    picture.arrow("l1", "r")
    picture.text(2.0, 1.8, "same\nweights")
    _time(picture)
    _matrix(picture)
    return picture.figure(
        "A drawing in three parts. Left: frames I0, Ia, Ie are stacked in pairs, one "
        "network of convolutions turns each pair into 64 features, an LSTM reads them "
        "from left to right and its last state is R. Middle: six rows of arrows over a "
        "time axis with the marks 0, a, b, e: two forward, two backward, two there and "
        "back. Right: a table of six by six kinds of pairs, three of them positive, "
        "twelve negative, and a line that says that E of one clip and E of another are "
        "positive.",
        "What is shared stands once in the code: one network for all pairs, one LSTM "
        "for all sequences.",
    )


def _time(picture, left=5.6, wide=2.4):
    """Six paths as arrows over the axis of time."""
    places = {0: 0.0, 1: 0.3, 2: 0.65, 3: 1.0}
    for mark, name in zip(places, "0abe", strict=True):
        picture.text(left + wide * places[mark], 3.15, f"${name}$")
    picture.text(left + wide / 2, 3.45, "frame")
    for row, (name, path) in enumerate(theory.six_subsequences(1, 2, 3).items()):
        y, color = 2.75 - 0.52 * row, COLORS[name[0]]
        picture.text(left - 0.3, y, name, color=color)
        for step in range(2):
            shift = 0.09 * (1 - 2 * step) if name[0] == "E" else 0
            ends = []
            for end, at in enumerate(path[step : step + 2]):
                node = f"{name}{step}{end}"
                picture.node(
                    node,
                    left + wide * places[at],
                    y + shift,
                    "",
                    kind="text",
                    width=0.06,
                    height=0.06,
                )
                ends.append(node)
            picture.arrow(*ends, color=color)


def _matrix(picture, left=9.0, side=0.42):
    """The kinds of the fifteen pairs of a clip."""
    for i, name in enumerate(theory.NAMES):
        color = COLORS[name[0]]
        if i < 5:
            picture.text(left + side * i, 3.15, name, color=color)
        picture.text(left - side, 2.75 - side * i, name, color=color)
        for j in range(i):
            same = (j, i) in theory.POSITIVE
            picture.node(
                f"m{i}{j}",
                left + side * j,
                2.75 - side * i,
                "+" if same else "−",
                kind="array",
                color="green" if same else "grey",
                width=0.36,
                height=0.36,
            )
    picture.text(left + 1.0, 0.15, "+ as well: E1 and E2 of two clips")
