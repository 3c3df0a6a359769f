"""Parsed JSON of which nothing is known yet."""

from collections.abc import Mapping
from typing import cast

__all__ = ["Json", "as_number", "as_object"]

Json = Mapping[str, object]

_LARGE = 2**53
"""No number of this protocol comes near it, and JavaScript's end there."""


def as_object(value: object) -> Json:
    """A JSON object as it is; anything else counts as an empty one."""
    return cast("Json", value) if isinstance(value, Mapping) else {}


def as_number(value: object) -> int | None:
    """A whole number, also one that is written as text or with a fraction; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return int(value) if abs(value) < _LARGE else None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    return None
