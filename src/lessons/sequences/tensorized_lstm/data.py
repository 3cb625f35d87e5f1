"""Sequences of a configuration: the two synthetic tasks, pixels of images, text."""

import dataclasses
import pathlib
from collections.abc import Callable

import numpy as np
import tensorflow as tf

from lessons.sequences.tensorized_lstm import tasks
from lessons.toolkit import data as images
from lessons.toolkit.errors import UserError

BLOCK = 50  # batches of fresh sequences that are drawn at a time
TEST_SEED = 10_000_019  # added to a run's seed: held-out sequences are others
LEAST_BYTES = 1000


@dataclasses.dataclass(frozen=True)
class Sequences:
    """What a network is trained and judged on.

    Attributes:
        batches: gives a `tf.data.Dataset` of endless batches (inputs, targets).
        test_inputs: shape (n, T), symbols, or (n, T, R), numbers.
        test_targets: shape (n, asked), int32.
        num_outputs: S.
        num_symbols: R where inputs are symbols; None where they are numbers.
        seen: sequences in the training set; 0 where every batch is new.
    """

    batches: Callable[[], tf.data.Dataset]
    test_inputs: np.ndarray
    test_targets: np.ndarray
    num_outputs: int
    num_symbols: int | None
    seen: int = 0

    @property
    def num_asked(self):
        """At how many steps at the end the answer is asked for."""
        return self.test_targets.shape[1]


def load(config, delay=0):
    """The sequences of a configuration's task.

    Args:
        config: a `Config`.
        delay: steps that an output lags behind its input where streams of text are
            read without a gap; other tasks do not need it.

    Raises:
        UserError: a file is needed and is not there, or not what it should be.
    """
    if config.task == "text":
        return _text(config, delay)
    if config.task == "pixels":
        return _pixels(config)
    return _fresh(config)


def draw(config, rng, count):
    """Sequences of a synthetic task: (inputs, targets) for the last steps.

    Args:
        config: a `Config` whose task is "memorisation" or "addition".
        rng: a NumPy generator.
        count: how many.
    """
    if config.task == "addition":
        return tasks.addition(rng, count, config.length)
    return tasks.memorisation(rng, count, config.length, config.num_symbols)


def _fresh(config):
    rng = np.random.default_rng(config.seed + TEST_SEED)
    inputs, targets = draw(config, rng, config.num_test)
    size = config.batch_size

    def blocks():
        rng = np.random.default_rng(config.seed)
        while True:
            drawn = draw(config, rng, BLOCK * size)
            yield tuple(part.reshape(BLOCK, size, part.shape[1]) for part in drawn)

    def batches():
        signature = tuple(
            tf.TensorSpec((BLOCK, size, part.shape[1]), tf.int32)
            for part in (inputs, targets)
        )
        return _unbatched(
            tf.data.Dataset.from_generator(blocks, output_signature=signature)
        )

    symbols = 11 if config.task == "addition" else config.num_symbols + 1
    outputs = symbols if config.task == "addition" else config.num_symbols
    return Sequences(batches, inputs, targets, outputs, symbols)


def _unbatched(blocks):
    options = tf.data.Options()
    options.experimental_distribute.auto_shard_policy = (
        tf.data.experimental.AutoShardPolicy.DATA
    )
    return blocks.unbatch().prefetch(4).with_options(options)


def pixel_sequences(pictures, permute_seed=None):
    """Images as sequences of pixels, in the order of reading or in a fixed other one.

    Args:
        pictures: shape (n, height, width, 1).
        permute_seed: of the permutation, the same for all images; None for none.

    Returns:
        float32 of shape (n, height * width, 1).
    """
    flat = pictures.reshape(len(pictures), -1, 1).astype(np.float32)
    if permute_seed is None:
        return flat
    return flat[:, np.random.default_rng(permute_seed).permutation(flat.shape[1])]


def _pixels(config):
    split = images.load(
        config.source, seed=config.seed, size=config.num_train, path=config.data_path
    )
    order = config.permute_seed if config.permuted else None
    train, test = (
        pixel_sequences(part, order) for part in (split.train_images, split.test_images)
    )
    labels = split.train_labels.astype(np.int32)[:, None]
    count = min(config.num_test, len(test))
    if len(train) < config.batch_size:
        raise UserError(
            f"batch_size={config.batch_size} must not exceed the {len(train)} training "
            "images."
        )

    def batches():
        pairs = tf.data.Dataset.from_tensor_slices((train, labels))
        pairs = pairs.shuffle(len(train), seed=config.seed).repeat()
        return pairs.batch(config.batch_size, drop_remainder=True).prefetch(4)

    targets = split.test_labels.astype(np.int32)[:count, None]
    return Sequences(batches, test[:count], targets, 10, None, len(train))


def load_bytes(source, num_bytes=None):
    """A text as numbers of its different bytes.

    Args:
        source: "pydoc" for the topics of Python's `help()`, or the path of a file,
            such as the first 100 MB of Wikipedia (enwik8), which has 205 bytes.
        num_bytes: how many of them; None for all.

    Returns:
        (ids, bytes): int32 of shape (length,), and the byte of each number.

    Raises:
        UserError: there is no such file, or too little in it.
    """
    if source == "pydoc":
        from pydoc_data import topics

        raw = "\n".join(text for _, text in sorted(topics.topics.items())).encode()
    else:
        try:
            raw = pathlib.Path(source).expanduser().read_bytes()
        except OSError as error:
            raise UserError(
                f"cannot read the text {source!r}: {error.strerror}. Allowed: 'pydoc' "
                "or the path of a file."
            ) from None
    raw = raw[:num_bytes]
    if len(raw) < LEAST_BYTES:
        raise UserError(
            f"the text {source!r} has {len(raw)} bytes, at least {LEAST_BYTES} are "
            "needed."
        )
    known, ids = np.unique(np.frombuffer(raw, np.uint8), return_inverse=True)
    return ids.astype(np.int32), bytes(known)


def text_stream(ids, num_streams, window, delay=0):
    """A text cut into streams that are read side by side, window after window.

    Row r of a batch continues row r of the batch before. At step s the network reads
    character s + delay and is asked for character s + 1.

    Args:
        ids: shape (length,).
        num_streams: rows of a batch.
        window: T, steps of a batch.
        delay: steps that the output lags behind.

    Returns:
        (inputs, targets): int32 of shape (batches, num_streams, T).
    """
    count = (len(ids) - delay - 1) // (num_streams * window)

    def cut(part):
        rows = part[: num_streams * count * window]
        return rows.reshape(num_streams, count, window).transpose(1, 0, 2)

    shifted = ids[delay:] if delay else ids[:-1]
    return cut(shifted), cut(ids[1:])


def _text(config, delay):
    ids, known = load_bytes(config.data_path or "pydoc", config.num_bytes)
    cut = len(ids) - max(config.batch_size * config.length, len(ids) // 20)
    if cut - delay - 1 < config.batch_size * config.length:
        raise UserError(
            f"a text of {len(ids)} bytes is too short for batch_size="
            f"{config.batch_size} and length={config.length}."
        )
    inputs, targets = text_stream(ids[:cut], config.batch_size, config.length, delay)

    def batches():
        return tf.data.Dataset.from_tensor_slices((inputs, targets)).repeat()

    held = ids[cut:]
    steps = (len(held) - 1) // config.batch_size
    test = [
        part[: config.batch_size * steps].reshape(config.batch_size, steps)
        for part in (held[:-1], held[1:])
    ]
    return Sequences(batches, *test, len(known), len(known), cut)
