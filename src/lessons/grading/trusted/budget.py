"""How much of a submission may be shown: texts and pictures, all cells together."""

MOST_TEXT, MOST_PICTURES = 2 << 20, 16 << 20  # bytes of a submission
SHORTENED = 200  # characters of a text for which there is no room any more


class Budget:
    """What one submission has left."""

    def __init__(self):
        self._rest = {"text": MOST_TEXT, "pictures": MOST_PICTURES}

    def take(self, kind, data):
        """The data, if there is room for them; else None.

        Args:
            kind: "text" or "pictures".
            data: bytes.
        """
        if len(data) > self._rest[kind]:
            return None
        self._rest[kind] -= len(data)
        return data

    def cut(self, result):
        """A host's result, with its texts shortened and pictures left out as needed."""
        for key in ("text", "error"):
            text = result.get(key)
            if text and self.take("text", text.encode("utf-8", "replace")) is None:
                result[key] = text[:SHORTENED]
        pictures = [bytes.fromhex(data) for data in result.get("pictures", ())]
        kept = [data for data in pictures if self.take("pictures", data) is not None]
        result["pictures"] = [data.hex() for data in kept]
        return result
