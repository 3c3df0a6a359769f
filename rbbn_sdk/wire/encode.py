"""Requests as bytes: members in the order of the records, those that are `UNSET` left out."""

import json
import re

import msgspec

__all__ = ["encode", "raw"]

_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(message: msgspec.Struct) -> bytes:
    """The JSON text of a message. A lone surrogate, which UTF-8 cannot carry, becomes U+FFFD."""
    try:
        return msgspec.json.encode(message)
    except UnicodeEncodeError:
        tree = msgspec.to_builtins(message, enc_hook=_raw_as_tree)
        return _SURROGATE.sub("\ufffd", json.dumps(tree, ensure_ascii=False, separators=(",", ":"))).encode()


def raw(text: str) -> msgspec.Raw:
    """JSON text that goes into a message as it is."""
    return msgspec.Raw(text.encode("utf-8", errors="replace"))


def _raw_as_tree(value: object) -> object:
    return json.loads(bytes(value)) if isinstance(value, msgspec.Raw) else value
