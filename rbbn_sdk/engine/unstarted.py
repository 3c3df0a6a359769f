"""Coroutines that were made for a race and are never started."""

from types import CoroutineType
from typing import Any

from rbbn_sdk.engine.effects import All, Race
from rbbn_sdk.engine.errors import SagaCancelled


def never_start(what: Any) -> None:
    """End a coroutine before its first line, so that Python does not warn that nobody awaited it.

    What is given may also be an effect: then those it holds.
    """
    if isinstance(what, CoroutineType):
        try:
            what.throw(SagaCancelled())
        except SagaCancelled:
            return
    if isinstance(what, (Race, All)):
        for entry in what.entries:
            never_start(entry)
