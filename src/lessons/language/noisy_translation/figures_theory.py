"""A drawing of the translator and its readers."""

from lessons.toolkit.drawing import Drawing


def translator_drawing():
    """Noise, four readers, encoder, attention and decoder."""
    drawing = Drawing()
    drawing.node("clean", 0, 1.7, "die lampe", kind="text")
    drawing.node(
        "noise",
        0,
        0.6,
        "noise\nSwap, Mid, Rand,\nKey, Nat",
        kind="layer",
        color="orange",
    )
    drawing.node("read", 1.75, 0.6, "dei pmlea", kind="text")
    drawing.arrow("clean", "noise", color="orange")
    drawing.arrow("noise", "read", color="orange")
    rows = (
        ("cnn", 2.0, "charCNN: $k$ letters,\n$F$ filters, max"),
        ("mean", 1.07, "meanChar: mean of\nthe letters"),
        ("c2c", 0.13, "char2char: filters,\nmax over 5 letters"),
        ("bpe", -0.8, "BPE: a vector for\neach piece"),
    )
    for name, y, label in rows:
        drawing.node(name, 3.85, y, label, kind="layer", color="blue", width=1.9)
        drawing.arrow("read", name)
    drawing.node("gates", 6.1, 0.6, "2 gated\nlayers", kind="layer", color="blue")
    for name in ("cnn", "mean", "c2c"):
        drawing.arrow(name, "gates")
    drawing.node("encoder", 7.7, 0.6, "GRU, both\ndirections", kind="layer")
    drawing.arrow("bpe", "encoder", bend=0.12)
    drawing.arrow("gates", "encoder")
    drawing.node(
        "attention", 9.5, 0.6, "attention\n$a_{ts}$", kind="layer", color="green"
    )
    drawing.arrow("encoder", "attention", "$h_s$")
    drawing.arrow("gates", "attention", "words' own vectors", bend=-0.35)
    drawing.node("decoder", 9.5, -0.8, "GRU $d_t$", kind="layer", color="green")
    drawing.arrow("decoder", "attention", bend=0.3, color="green")
    drawing.node("out", 11.1, 0.6, "the lamp", kind="text")
    drawing.arrow("attention", "out", "$o_t$")
    drawing.arrow("out", "decoder", "word before", bend=-0.3, dashed=True)
    return drawing.figure(
        "Diagram of the translator. A source sentence goes through a box of five "
        "noises, then into one of four readers: charCNN, meanChar, byte pair encoding "
        "or char2char. All but byte pair encoding have gated layers behind. A GRU "
        "in both directions follows, then attention, which a decoder GRU asks; what it "
        "writes is shown to it in the next step.",
        "Noise (orange) stands in front of the source alone; readers (blue) differ, "
        "all else is the same.",
    )
