"""Sagas of a runner that was dropped without `destroy`.

Python closes a coroutine that it collects: it raises `GeneratorExit` at the innermost await. A cleanup that awaits an
effect then has nobody to carry it out, and Python would complain that the coroutine ignored `GeneratorExit`. So an
effect that is awaited in such a cleanup lets it pass instead.

Who called is no sign: Python collects wherever memory is asked for, in the middle of the runner or of another saga too.
The sign is that `GeneratorExit` went through one of the saga's own frames.
"""

from collections.abc import Iterator
from inspect import CO_COROUTINE
from sys import exception
from types import FrameType


def leave_if_abandoned(frame: FrameType | None) -> None:
    """Raise `GeneratorExit` when the saga, in whose `__await__` this frame is, is being closed and not stepped."""
    left = frozenset(_frames_left())
    if left and not left.isdisjoint(_own_frames(frame)):
        raise GeneratorExit


def _frames_left() -> Iterator[FrameType]:
    """Frames through which a `GeneratorExit` went that is being handled, here or by somebody further up."""
    error = exception()
    while error is not None:
        if isinstance(error, GeneratorExit):
            trace = error.__traceback__
            while trace is not None:
                yield trace.tb_frame
                trace = trace.tb_next
        error = error.__context__


def _own_frames(frame: FrameType | None) -> Iterator[FrameType]:
    """The sagas that await the effect, innermost first."""
    caller = None if frame is None else frame.f_back
    while caller is not None and caller.f_code.co_flags & CO_COROUTINE:
        yield caller
        caller = caller.f_back
