"""Sagas of a runner that was dropped without `destroy`.

Python closes a coroutine that it collects: it raises `GeneratorExit` at the innermost await. A cleanup that awaits an
effect then has nobody to carry it out, and Python would complain that the coroutine ignored `GeneratorExit`. So an
effect that is awaited in such a cleanup lets it pass instead.
"""

from inspect import CO_COROUTINE
from sys import exception
from types import FrameType

_STEPPER = "rbbn_sdk.engine.tree"
"""The module that lets sagas step."""


def leave_if_abandoned(frame: FrameType | None) -> None:
    """Raise `GeneratorExit` when the saga, in whose `__await__` this frame is, is being closed and not stepped."""
    if _is_closing() and not _is_stepped(frame):
        raise GeneratorExit


def _is_closing() -> bool:
    """Whether `GeneratorExit` is handled here; perhaps by somebody further up, so that alone is not enough."""
    error = exception()
    while error is not None:
        if isinstance(error, GeneratorExit):
            return True
        error = error.__context__
    return False


def _is_stepped(frame: FrameType | None) -> bool:
    """Whether the sagas that this frame belongs to were entered by the runner."""
    caller = None if frame is None else frame.f_back
    while caller is not None and caller.f_code.co_flags & CO_COROUTINE:
        caller = caller.f_back
    return caller is not None and caller.f_globals.get("__name__") == _STEPPER
