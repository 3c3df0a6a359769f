"""The events about calls."""

from rbbn_sdk.events.call import tables
from rbbn_sdk.events.call.events import (
    CallCustomParameters,
    CallEvent,
    CallMediaConnectionChange,
    CallOperation,
    CallReceive,
    CallStart,
    CallStateChange,
    CallTracksAdded,
    CallTracksRemoved,
    PreviousConnection,
    PreviousOperation,
    PreviousState,
)
from rbbn_sdk.events.call.parts import derivations

_TABLES = tables
"""Importing it fills `derivations`."""

__all__ = [
    "CallCustomParameters",
    "CallEvent",
    "CallMediaConnectionChange",
    "CallOperation",
    "CallReceive",
    "CallStart",
    "CallStateChange",
    "CallTracksAdded",
    "CallTracksRemoved",
    "PreviousConnection",
    "PreviousOperation",
    "PreviousState",
    "derivations",
]
