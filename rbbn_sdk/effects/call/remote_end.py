"""The end of a call by the other side or by another device (`call-signalling` 4.6, 4.7)."""

from rbbn_sdk.actions.call import CallCancelled, CallEnded, EndCause, RemoteOperationStarted
from rbbn_sdk.actions.notification import NotificationHandled
from rbbn_sdk.effects.call.notices import participant, transition
from rbbn_sdk.effects.call.waiting import until
from rbbn_sdk.engine import State, fx
from rbbn_sdk.ports import Clock, Ids
from rbbn_sdk.reducers.call import HANDLING, UNANSWERED, is_ending
from rbbn_sdk.selectors.call import call_by_id, is_arriving, is_ending_or_done
from rbbn_sdk.types import CallId, JsonText, OperationId
from rbbn_sdk.types.call import CallState, OperationType
from rbbn_sdk.wire import CallNotification


async def ended(call_id: CallId, notice: CallNotification, payload: JsonText) -> None:
    """`callEnd`. A call that was cancelled before stays so."""
    operation_id = OperationId(await fx.call(Ids.uuid))
    now = await fx.call(Clock.now)
    call = await fx.select(call_by_id, call_id)
    if call is None or call.state is CallState.CANCELLED:
        await fx.put(NotificationHandled(payload=payload))
        return
    await fx.put(RemoteOperationStarted(call_id=call_id, operation_id=operation_id, type=OperationType.END))
    await fx.put(NotificationHandled(payload=payload))
    await fx.put(
        CallEnded(
            call_id=call_id,
            operation_id=operation_id,
            cause=EndCause.REMOTE,
            transition=transition(notice),
            remote_participant=participant(call, notice),
            time=now,
        )
    )


async def cancelled(call_id: CallId, payload: JsonText) -> None:
    """`callCancel`. While the call is being set up it waits; while the application answers, for what comes of that."""
    await until(call_id, _is_set_up)
    if await fx.select(_is_cancellable, call_id):
        await _cancel(call_id, payload)
        return
    await fx.put(NotificationHandled(payload=payload))
    if await fx.select(_is_handled, call_id):
        await fx.fork(_cancel_unless_handled, call_id)


async def _cancel_unless_handled(call_id: CallId) -> None:
    await until(call_id, _is_not_handled)
    if await fx.select(_is_cancellable, call_id):
        await _cancel(call_id, None)


async def _cancel(call_id: CallId, payload: JsonText | None) -> None:
    operation_id = OperationId(await fx.call(Ids.uuid))
    started = RemoteOperationStarted(call_id=call_id, operation_id=operation_id, type=OperationType.CALL_CANCEL)
    await fx.put(started)
    if payload is not None:
        await fx.put(NotificationHandled(payload=payload))
    await fx.put(CallCancelled(call_id=call_id, operation_id=operation_id))


def _is_set_up(state: State, call_id: CallId) -> bool:
    return not is_arriving(state, call_id)


def _is_handled(state: State, call_id: CallId) -> bool:
    """The application is answering or rejecting it just now."""
    call = call_by_id(state, call_id)
    return (
        call is not None
        and call.state in UNANSWERED
        and not is_ending(call)
        and any(operation.type in HANDLING for operation in call.current_operations)
    )


def _is_not_handled(state: State, call_id: CallId) -> bool:
    return not _is_handled(state, call_id)


def _is_cancellable(state: State, call_id: CallId) -> bool:
    call = call_by_id(state, call_id)
    unanswered = call is not None and call.state in UNANSWERED
    return unanswered and not is_ending_or_done(state, call_id) and not _is_handled(state, call_id)
