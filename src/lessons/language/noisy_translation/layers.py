"""Readers: layers that turn what is written into vectors, one for each word or place.

Each has `mask(ids)`, which says where its vectors stand for something, `size`, the
length of a vector, and `axes`, the number of axes of its input.
"""

import keras
from keras import layers, ops

from lessons.language.noisy_translation import theory
from lessons.toolkit.errors import UserError

CARRY = -2.0  # first bias of the gates: 0.88 of the input goes through unchanged


@keras.saving.register_keras_serializable("lessons")
class Highway(layers.Layer):
    """A layer of ReLUs that is gated against its input, see `theory.highway`.

    The bias of the gate is trained and has `CARRY` added to it.

    Input and output: shape (..., size).
    """

    def build(self, input_shape):
        """Create both kernels."""
        size = input_shape[-1]
        for name in ("transform", "gate"):
            kernel = self.add_weight(name=f"{name}_kernel", shape=(size, size))
            bias = self.add_weight(
                name=f"{name}_bias", shape=(size,), initializer="zeros"
            )
            setattr(self, f"{name}_kernel", kernel)
            setattr(self, f"{name}_bias", bias)
        super().build(input_shape)

    def call(self, x):
        """Mix the input with what it is transformed to."""
        transformed = ops.matmul(x, self.transform_kernel) + self.transform_bias
        gate = ops.matmul(x, self.gate_kernel) + self.gate_bias + CARRY
        return theory.highway(x, ops.relu(transformed), ops.sigmoid(gate))


@keras.saving.register_keras_serializable("lessons")
class LetterReader(layers.Layer):
    """A vector for each word from its letters, which subclasses combine.

    Args:
        num_letters: how many numbers of letters there are, padding among them.
        dim: of the letters' vectors.
        size: of the words' vectors.
        highways: gated layers behind.

    Input: numbers of letters, (batch, words, letters). Output: (batch, words, size).
    """

    axes = 3  # of the input

    def __init__(self, num_letters, dim, size, highways=2, **options):
        super().__init__(**options)
        if min(num_letters, dim, size) < 1 or highways < 0:
            raise UserError(
                "a reader of letters needs num_letters, dim and size of at least 1 and "
                f"highways of at least 0, got {num_letters}, {dim}, {size}, {highways}."
            )
        self.num_letters, self.dim, self.size = num_letters, dim, size
        self.highways = [Highway(name=f"highway_{i}") for i in range(highways)]

    def build(self, input_shape):
        """Create the letters' vectors and the gated layers."""
        self.table = self.add_weight(
            name="letters", shape=(self.num_letters, self.dim), initializer="normal"
        )
        for layer in self.highways:
            layer.build((None, self.size))
        super().build(input_shape)

    def mask(self, ids):
        """1 for each word that has a letter, shape (batch, words)."""
        return ops.cast(ops.any(ops.not_equal(ids, 0), -1), self.compute_dtype)

    def call(self, ids):
        """Vectors of words."""
        vectors = self.combined(ids)
        for layer in self.highways:
            vectors = layer(vectors)
        return vectors

    def combined(self, ids):
        """What the letters of each word give together, before the gated layers."""
        raise NotImplementedError

    def looked_up(self, ids):
        """Letters' vectors, zeros for padding, and 1 where there is a letter."""
        present = ops.cast(ops.not_equal(ids, 0), self.compute_dtype)
        vectors = ops.take(ops.convert_to_tensor(self.table), ids, axis=0)
        return vectors * present[..., None], present

    def get_config(self):
        """The arguments, for saving."""
        own = {"num_letters": self.num_letters, "dim": self.dim, "size": self.size}
        own["highways"] = len(self.highways)
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class CharCNN(LetterReader):
    """Words by convolution over their letters, see `theory.char_convolution`.

    Args:
        num_letters, dim, size, highways: as for `LetterReader`; size is the number of
            filters.
        width: letters that a filter sees, k.
    """

    def __init__(self, num_letters, dim, size, width=3, highways=2, **options):
        super().__init__(num_letters, dim, size, highways, **options)
        if width < 1:
            raise UserError(f"width must be at least 1, got {width}.")
        self.width = width

    def build(self, input_shape):
        """Create the filters as well."""
        self.kernel = self.add_weight(
            name="filters", shape=(self.width, self.dim, self.size)
        )
        self.bias = self.add_weight(
            name="filters_bias", shape=(self.size,), initializer="zeros"
        )
        super().build(input_shape)

    def combined(self, ids):
        """The largest response of every filter."""
        vectors, _ = self.looked_up(ids)
        kernel = ops.convert_to_tensor(self.kernel)
        return theory.char_convolution(vectors, kernel, self.bias)

    def get_config(self):
        """The arguments, for saving."""
        return {**super().get_config(), "width": self.width}


@keras.saving.register_keras_serializable("lessons")
class MeanChar(LetterReader):
    """Words by the mean of their letters: the order of the letters is lost.

    Letters are added in the order of their numbers, so that two orders of the same
    letters give the same vector to the last bit. `dim` must equal `size`.
    """

    def combined(self, ids):
        """The mean of the letters' vectors."""
        if self.dim != self.size:
            raise UserError(
                f"a mean of letters has their size: dim={self.dim} and "
                f"size={self.size} must be equal."
            )
        return theory.mean_char(*self.looked_up(ops.sort(ids, axis=-1)))


@keras.saving.register_keras_serializable("lessons")
class PieceReader(layers.Layer):
    """A vector for each piece of byte pair encoding, from a table.

    Args:
        num_pieces: how many numbers of pieces there are, padding among them.
        size: of the vectors.

    Input: pieces' numbers, shape (batch, pieces). Output: (batch, pieces, size).
    """

    axes = 2

    def __init__(self, num_pieces, size, **options):
        super().__init__(**options)
        self.num_pieces, self.size = num_pieces, size
        self.table = layers.Embedding(num_pieces, size, name="pieces")

    def build(self, input_shape):
        """Create the table."""
        self.table.build(input_shape)
        super().build(input_shape)

    def mask(self, ids):
        """1 for each piece, shape (batch, pieces)."""
        return ops.cast(ops.not_equal(ids, 0), self.compute_dtype)

    def call(self, ids):
        """Vectors of pieces."""
        return self.table(ids)

    def get_config(self):
        """The arguments, for saving."""
        own = {"num_pieces": self.num_pieces, "size": self.size}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable("lessons")
class CharSegments(layers.Layer):
    """Vectors of stretches of characters, as in char2char (Lee, Cho and Hofmann 2017).

    Convolutions of several widths with ReLUs see the sentence as one row of characters;
    the largest responses in each stretch of `stride` characters are kept, and gated
    layers follow.

    Args:
        num_letters: how many numbers of characters there are, padding among them.
        dim: of the characters' vectors.
        filters: number of filters of each width: 1, 2, and so on.
        stride: characters in a stretch.
        highways: gated layers behind.

    Input: characters' numbers, shape (batch, characters). Output: (batch, stretches,
    sum of the filters).
    """

    axes = 2

    def __init__(self, num_letters, dim, filters, stride=5, highways=2, **options):
        super().__init__(**options)
        if not filters or stride < 1:
            raise UserError(
                "stretches need filters of at least one width and a stride of at least "
                f"1, got {filters} and {stride}."
            )
        self.num_letters, self.dim, self.filters = num_letters, dim, tuple(filters)
        self.stride, self.size = stride, sum(filters)
        self.table = layers.Embedding(num_letters, dim, name="characters")
        self.convolutions = [
            layers.Conv1D(count, width, padding="same", activation="relu")
            for width, count in enumerate(self.filters, 1)
        ]
        self.highways = [Highway(name=f"highway_{i}") for i in range(highways)]

    def build(self, input_shape):
        """Create the table, the filters and the gated layers."""
        self.table.build(input_shape)
        for layer in self.convolutions:
            layer.build((None, None, self.dim))
        for layer in self.highways:
            layer.build((None, None, self.size))
        super().build(input_shape)

    def mask(self, ids):
        """1 for each stretch that has a character, shape (batch, stretches)."""
        present = ops.cast(ops.not_equal(ids, 0), self.compute_dtype)[..., None]
        return self.largest(present)[..., 0]

    def largest(self, responses):
        """The largest number in each stretch; the last one is filled up with zeros."""
        filled = ops.pad(responses, ((0, 0), (0, self.stride - 1), (0, 0)))
        return ops.max_pool(filled, self.stride)

    def call(self, ids):
        """Vectors of stretches."""
        present = ops.cast(ops.not_equal(ids, 0), self.compute_dtype)[..., None]
        vectors = self.table(ids) * present
        # Padding gives no response: a ReLU is never below it.
        responses = [layer(vectors) * present for layer in self.convolutions]
        found = self.largest(ops.concatenate(responses, -1))
        for layer in self.highways:
            found = layer(found)
        return found

    def get_config(self):
        """The arguments, for saving."""
        own = {"num_letters": self.num_letters, "dim": self.dim}
        own |= {"filters": self.filters, "stride": self.stride}
        return {**super().get_config(), **own, "highways": len(self.highways)}
