#!/bin/sh
# Print the name of the Python to set the project up with: the environment's own, else
# the newest one that fits. A name on PATH proves nothing (pyenv puts shims there that
# fail), so each is run. If none fits, print one that runs: scripts/bootstrap.py says
# what is wrong with it.

runs() {
    "$1" -c "import sys; sys.exit(not $2)" 2>/dev/null
}

for python in .venv/bin/python python3.13 python3.12 python3.11 python3 python; do
    if runs "$python" "(3, 11) <= sys.version_info[:2] <= (3, 13)"; then
        echo "$python"
        exit
    fi
done
for python in python3 python; do
    if runs "$python" "sys.version_info >= (3, 6)"; then
        echo "$python"
        exit
    fi
done
