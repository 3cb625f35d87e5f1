"""IPython without a kernel for a student's cells, and the figures they draw."""

import contextlib
import functools
import os
import pathlib
import random
import re
import sys

import numpy as np

MOST_FIGURES, MOST_PIXELS = 8, 1 << 20
SEED = 20_000  # of the global generators: the same for every student and every run


def seed_all():
    """Give the global generators the same state, whoever ran before."""
    random.seed(SEED)
    np.random.seed(SEED)


@functools.cache
def make():
    """An IPython shell without a kernel, so that magics work: one for each process."""
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Shell(InteractiveShell):
        """Draws without windows, whatever a notebook asks for in its first cell."""

        def enable_gui(self, gui=None):
            """There is no event loop to join."""

        def enable_matplotlib(self, gui=None):
            """Figures are taken at the end of each cell, whatever shows them."""
            return gui, "agg"

    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "NoColor"
    config.InteractiveShell.cache_size = 0
    shell = Shell.instance(config=config)
    shell.system = shell.system_raw  # a line of shell code gets no terminal here
    return shell


def at_home():
    """The shell, which may come from before the fork, with this process's folders."""
    shell = make()
    shell.ipython_dir = os.environ["IPYTHONDIR"]
    shell.init_profile_dir(None)
    shell.starting_dir = os.getcwd()
    shell.history_manager.dir_hist[:] = [pathlib.Path.cwd()]
    shell.save_sys_module_state()
    return shell


_SETTINGS = re.compile(r"^\s*%config\s+InlineBackend", re.MULTILINE)


def provide(shell, source):
    """What `%config InlineBackend...` sets is there to be set, and has no effect."""
    if _SETTINGS.search(source) is None:
        return
    with contextlib.suppress(Exception):
        from matplotlib_inline.config import InlineBackend

        settings = InlineBackend.instance(parent=shell)
        if settings not in shell.configurables:
            shell.configurables.append(settings)


def figures():
    """Open figures of matplotlib as arrays of pixels, then closed."""
    pyplot = sys.modules.get("matplotlib.pyplot")
    if pyplot is None:
        return ()
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    pictures = []
    for number in pyplot.get_fignums()[:MOST_FIGURES]:
        figure = pyplot.figure(number)
        width, height = figure.get_size_inches()
        figure.dpi = min(80.0, (MOST_PIXELS / max(width * height, 1e-9)) ** 0.5)
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pictures.append(np.array(canvas.buffer_rgba()))
    pyplot.close("all")
    return (pictures,)
