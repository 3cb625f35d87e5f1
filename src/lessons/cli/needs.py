"""What a run at the paper's scale needs, said before it starts."""

import sys

_TIME = "time: said for each training when its first steps have been timed"


def announce(config):
    """Say on standard error what a paper preset needs: data, device, time.

    Args:
        config: a `RunConfig`; those of other presets need nothing worth a line.
    """
    if not config.preset.startswith("paper"):
        return
    lines = [f"{config.preset}: {_work(config)}", _data(config), _device(config), _TIME]
    for line in filter(None, lines):
        print(line, file=sys.stderr)


def _work(config):
    parts = [f"{config.epochs:,} epochs in batches of {config.batch_size:,}"]
    source = _source(config)
    count = getattr(config, "num_train", None) or (source and source.train)
    if count:
        steps = config.epochs * -(-count // config.batch_size)
        parts.append(f"{count:,} examples, so {steps:,} steps")
    variants = len(getattr(config, "variants", ()))
    if variants > 1:
        parts.append(f"for each of {variants} variants")
    return "; ".join([*parts, f"dtype policy {config.precision}"])


def _data(config):
    source = _source(config)
    if source is None:
        return None
    if source.offline:
        return f"data: {source.name} comes with the package"
    where = getattr(config, "data_path", None) or source.where()
    return f"data: {source.name}, " + (
        str(where)
        if where
        else f"not on this machine; first `lessons data fetch {source.name}`"
    )


def _source(config):
    from lessons.toolkit import data

    names = {source.name for source in data.catalog()}
    name = getattr(config, "source", None)
    return data.find(name) if name in names else None


def _device(config):
    import tensorflow as tf

    gpus = tf.config.list_physical_devices("GPU")
    if gpus and config.device != "cpu":
        return f"device: {len(gpus)} GPU" + "s" * (len(gpus) > 1)
    return "device: no GPU in use, though the papers had one"
