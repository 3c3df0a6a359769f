"""The slice `call`."""

from rbbn_sdk.reducers.call import answer, decline, end, incoming, make, media, operation, ringing
from rbbn_sdk.reducers.call.changes import (
    FINAL,
    HANDLING,
    UNANSWERED,
    calls,
    find_operation,
    has_operation,
    has_session,
    is_ending,
    is_over,
    is_settled,
)
from rbbn_sdk.reducers.call.records import CallObject, Calls, CurrentOperation

_REDUCERS = (answer, decline, end, incoming, make, media, operation, ringing)
"""Importing a module adds its reducers to the slice."""

__all__ = [
    "FINAL",
    "HANDLING",
    "UNANSWERED",
    "CallObject",
    "Calls",
    "CurrentOperation",
    "calls",
    "find_operation",
    "has_operation",
    "has_session",
    "is_ending",
    "is_over",
    "is_settled",
]
