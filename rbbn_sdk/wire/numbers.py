"""Numbers that can be written again: msgspec reads any integer, and encodes those of 64 bits."""

from typing import Annotated

from msgspec import Meta

__all__ = ["Int64"]

Int64 = Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
