"""Parsed JSON of which nothing is known yet."""

from collections.abc import Mapping
from typing import cast

__all__ = ["Json", "as_object"]

Json = Mapping[str, object]


def as_object(value: object) -> Json:
    """A JSON object as it is; anything else counts as an empty one."""
    return cast("Json", value) if isinstance(value, Mapping) else {}
