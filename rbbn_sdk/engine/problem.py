"""What went wrong inside the engine without stopping it."""

import sys
import traceback
from collections.abc import Callable
from enum import StrEnum

from attrs import frozen


class ProblemKind(StrEnum):
    """Where a problem arose."""

    REDUCER = "reducer"
    DERIVATION = "derivation"
    FILTER = "filter"
    TAP = "tap"
    SUBSCRIBER = "subscriber"
    SELECTOR = "selector"
    HANDLER = "handler"
    """`emit` raised."""
    SLOT = "slot"
    """A callback of a request's slot raised."""
    DISPATCH = "dispatch"
    """A dispatch from a place that may only read."""
    SAGA = "saga"
    """A saga died, and there is neither a log nor an `on_error`."""
    REQUEST = "request"
    """A second ending fact, a request that was made twice, or a `failed` that does not end its request."""


@frozen(kw_only=True, weakref_slot=False)
class EngineProblem:
    """One problem; `message` is a whole sentence."""

    kind: ProblemKind
    message: str
    action: str = ""
    """Name of the action."""
    slice: str = ""
    """Name of the slice, when a reducer raised."""
    error: BaseException | None = None


Report = Callable[[EngineProblem], None]


def report_to_stderr(problem: EngineProblem) -> None:
    """What a store does when it is given no `report`."""
    sys.stderr.write(f"rbbn_sdk.engine: {problem.message}\n")
    if problem.error is not None:
        traceback.print_exception(problem.error)
