"""What the events of one fact are put together of. A part looks at a call before and after the fact.

Parts are *changes* unless they say otherwise: they yield nothing when there is no difference between the two.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from attrs import frozen
from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call import CallFact, CallRequest, Transition
from rbbn_sdk.engine import Derivations, State
from rbbn_sdk.events.base import Event
from rbbn_sdk.events.call.events import (
    CallOperation,
    CallStateChange,
    CallTracksAdded,
    CallTracksRemoved,
    PreviousOperation,
    PreviousState,
)
from rbbn_sdk.reducers.call import CallObject, CurrentOperation, calls, find_operation, is_over
from rbbn_sdk.types import ErrorInfo, TrackId
from rbbn_sdk.types.call import OperationStatus, OperationTransition, OperationType

derivations = Derivations()

_A = TypeVar("_A", bound=CallFact | CallRequest)


@frozen(kw_only=True, weakref_slot=False)
class Step:
    """A call before and after a fact."""

    action: Any
    """The fact, or the request."""
    was: CallObject | None
    now: CallObject | None

    @property
    def error(self) -> ErrorInfo | UnsetType:
        """What the fact reports."""
        error: ErrorInfo | None = getattr(self.action, "error", None)
        return UNSET if error is None else error

    @property
    def is_change(self) -> bool:
        """Whether the fact changed the call."""
        return self.was is not self.now

    @property
    def has_ended(self) -> bool:
        """Whether the fact ended the call."""
        return self.now is not None and is_over(self.now) and (self.was is None or not is_over(self.was))


Part = Callable[[Step], Iterable[Event]]


def tell(*action_classes: type[_A], parts: tuple[Part, ...]) -> None:
    """Derive the events of these facts from the parts, in their order."""

    def derive(action: _A, before: State, after: State) -> Iterator[Event]:
        was, now = calls(before).by_id.get(action.call_id), calls(after).by_id.get(action.call_id)
        step = Step(action=action, was=was, now=now)
        for part in parts:
            yield from part(step)

    for action_class in action_classes:
        derivations.on(action_class)(derive)


# operations


def started(step: Step) -> Iterator[Event]:
    """`call:operation` START of what has begun."""
    for operation in _operations(step.now):
        if operation.status is OperationStatus.ONGOING and not _has_begun(step.was, operation):
            yield _transition(step, operation, OperationTransition.START, None)


def moved(step: Step) -> Iterator[Event]:
    """`call:operation` UPDATE and RESUME."""
    for operation in _operations(step.now):
        before = None if step.was is None else find_operation(step.was, operation.id)
        transition = _TRANSITIONS.get(operation.status)
        if before is not None and before.status is not operation.status and transition is not None:
            yield _transition(step, operation, transition, before)


_TRANSITIONS = {
    OperationStatus.PENDING: OperationTransition.UPDATE,
    OperationStatus.RESOLVING: OperationTransition.RESUME,
}


def finished(step: Step) -> Iterator[Event]:
    """`call:operation` FINISH of the fact's own operation, with the fact's error."""
    for operation in _gone(step):
        if operation.id == step.action.operation:
            yield _transition(step, operation, OperationTransition.FINISH, operation, error=step.error)


def finished_without_error(step: Step) -> Iterator[Event]:
    """`call:operation` FINISH of the fact's own operation."""
    for operation in _gone(step):
        if operation.id == step.action.operation:
            yield _transition(step, operation, OperationTransition.FINISH, operation)


def others_finished(step: Step) -> Iterator[Event]:
    """`call:operation` FINISH of all else that ended with the call."""
    for operation in _gone(step):
        if operation.id != step.action.operation:
            yield _transition(step, operation, OperationTransition.FINISH, operation)


def end_finished(step: Step) -> Iterator[Event]:
    """A report: `call:operation` FINISH of an END that was no operation (`call-signalling` 8.12)."""
    if step.has_ended:
        yield CallOperation(
            call_id=step.action.call_id,
            operation=OperationType.END,
            is_local=True,
            transition=OperationTransition.FINISH,
            previous=PreviousOperation(),
            error=step.error,
        )


def _operations(call: CallObject | None) -> tuple[CurrentOperation, ...]:
    return () if call is None else call.current_operations


def _has_begun(call: CallObject | None, operation: CurrentOperation) -> bool:
    known = None if call is None else find_operation(call, operation.id)
    return known is not None and known.status is not OperationStatus.NOT_STARTED


def _gone(step: Step) -> Iterator[CurrentOperation]:
    for operation in _operations(step.was):
        if step.now is not None and find_operation(step.now, operation.id) is None:
            yield operation


def _transition(
    step: Step,
    operation: CurrentOperation,
    transition: OperationTransition,
    before: CurrentOperation | None,
    *,
    error: ErrorInfo | UnsetType = UNSET,
) -> CallOperation:
    previous = UNSET if before is None else PreviousOperation(operation=before.type, status=before.status)
    return CallOperation(
        call_id=step.action.call_id,
        operation_id=operation.id,
        operation=operation.type,
        is_local=operation.is_local,
        transition=transition,
        previous=previous,
        error=error,
    )


# state


def state_changed(step: Step) -> Iterator[Event]:
    """`call:stateChange`."""
    if step.was is not None and step.now is not None and step.was.state is not step.now.state:
        yield _state_change(step)


def state_told(step: Step) -> Iterator[Event]:
    """`call:stateChange` also when the state is the same: of each provisional answer."""
    if step.is_change and step.was is not None:
        yield _state_change(step)


def ended(step: Step) -> Iterator[Event]:
    """`call:stateChange` of the end of the call, with the transition and error of the fact."""
    if step.has_ended:
        yield _state_change(step)


def failed(step: Step) -> Iterator[Event]:
    """A report: `call:stateChange` with the fact's error. The state is the same."""
    if step.error is not UNSET:
        yield _state_change(step)


def _state_change(step: Step) -> CallStateChange:
    transition: Transition | None = getattr(step.action, "transition", None)
    return CallStateChange(
        call_id=step.action.call_id,
        previous=_previous(step.was),
        transition=UNSET if transition is None else transition,
        error=step.error,
    )


def _previous(call: CallObject | None) -> PreviousState:
    if call is None:
        return PreviousState()
    return PreviousState(state=call.state, local_hold=call.local_hold, remote_hold=call.remote_hold)


# tracks


def local_tracks_added(step: Step) -> Iterator[Event]:
    """`call:tracksAdded` with the local tracks that the call had not."""
    if step.was is not None and step.now is not None and step.was.state is not step.now.state:
        yield CallTracksAdded(call_id=step.now.id, track_ids=_new(step.was.local_tracks, step.now.local_tracks))


def remote_tracks_added(step: Step) -> Iterator[Event]:
    """`call:tracksAdded` with the answer's tracks, also those of a provisional one before, and new local ones."""
    if step.is_change and step.was is not None and step.now is not None:
        local = _new(step.was.local_tracks, step.now.local_tracks)
        yield CallTracksAdded(call_id=step.now.id, track_ids=(*step.now.remote_tracks, *local))


def all_tracks_added(step: Step) -> Iterator[Event]:
    """`call:tracksAdded` with all tracks of the call, local ones first."""
    if step.is_change and step.now is not None:
        yield CallTracksAdded(call_id=step.now.id, track_ids=(*step.now.local_tracks, *step.now.remote_tracks))


def tracks_removed(step: Step) -> Iterator[Event]:
    """`call:tracksRemoved` with all that an ended call had, which may be nothing."""
    if step.has_ended and step.was is not None:
        yield CallTracksRemoved(call_id=step.was.id, track_ids=(*step.was.local_tracks, *step.was.remote_tracks))


def _new(before: tuple[TrackId, ...], after: tuple[TrackId, ...]) -> tuple[TrackId, ...]:
    return tuple(track_id for track_id in after if track_id not in before)
