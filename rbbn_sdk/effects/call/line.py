"""What the gateway says about one call, handled in the order in which it came."""

from collections.abc import Awaitable, Callable
from typing import Final

from rbbn_sdk.actions.call import (
    CallNoticed,
    MediaClosed,
    RemoteOperationStarted,
    RemoteRang,
    UpdateRefused,
)
from rbbn_sdk.actions.notification import NotificationHandled
from rbbn_sdk.effects.call import remote_answer, remote_end
from rbbn_sdk.effects.call.hang_up import session_of
from rbbn_sdk.effects.call.notices import description, participant, read_notice
from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Ids, Rest
from rbbn_sdk.reducers.call import has_operation
from rbbn_sdk.selectors.call import GLARE, call_by_id, is_done
from rbbn_sdk.types import CallId, ErrorInfo, JsonText, OperationId
from rbbn_sdk.types.call import CallState, OperationType
from rbbn_sdk.wire import CallNotification

KEPT: Final = 10_000
"""Notifications that a call keeps while it is busy with one."""

Handler = Callable[[CallId, CallNotification, JsonText], Awaitable[None]]


async def serve_line(call_id: CallId) -> None:
    """Handle the notifications of a call until all its media are closed and all that came before has been handled."""
    notices = await fx.channel(
        CallNoticed, MediaClosed, buffer=fx.buffer(KEPT, overflow="drop_newest"), call_id=call_id
    )
    while True:
        notice = await fx.take_from(notices)
        if isinstance(notice, MediaClosed):
            return
        await handle(call_id, notice.event_type, notice.payload)


async def handle(call_id: CallId, event_type: str, payload: JsonText) -> None:
    """Do what a notification asks for, and see that `notification:received` follows at its place."""
    await _HANDLERS[event_type](call_id, read_notice(payload).value, payload)


async def _ringing(call_id: CallId, notice: CallNotification, payload: JsonText) -> None:
    """Heard of only once, and only while the call is being made."""
    call = await fx.select(call_by_id, call_id)
    if (
        call is not None
        and call.state is CallState.INITIATED
        and has_operation(call, OperationType.MAKE, is_local=True)
    ):
        await remote_answer.tell_parameters(call_id, notice)
        await fx.put(RemoteRang(call_id=call_id, remote_participant=participant(call, notice)))
    await fx.put(NotificationHandled(payload=payload))


async def _progress(call_id: CallId, notice: CallNotification, _payload: JsonText) -> None:
    await remote_answer.progress(call_id, notice)


async def _respond(call_id: CallId, notice: CallNotification, _payload: JsonText) -> None:
    await remote_answer.respond(call_id, notice)


async def _ended(call_id: CallId, notice: CallNotification, payload: JsonText) -> None:
    await remote_end.ended(call_id, notice, payload)


async def _cancelled(call_id: CallId, _notice: CallNotification, payload: JsonText) -> None:
    if await fx.select(is_done, call_id):
        await fx.put(NotificationHandled(payload=payload))
    else:
        await remote_end.cancelled(call_id, payload)


async def _update(call_id: CallId, notice: CallNotification, _payload: JsonText) -> None:
    """A re-offer is refused as one that comes at a bad time (`call-signalling` 5.3): the call goes on as it is."""
    call = await fx.select(call_by_id, call_id)
    session_id = await session_of(call_id)
    if call is None or session_id is None or call.state not in (CallState.CONNECTED, CallState.ON_HOLD):
        await fx.log("debug", "CALL", "Ignored a re-offer: the call is not connected", id=call_id)
        return
    operation_id = OperationId(await fx.call(Ids.uuid))
    kind = OperationType.GENERIC_REMOTE if description(notice) else OperationType.SLOW_START
    await fx.put(RemoteOperationStarted(call_id=call_id, operation_id=operation_id, type=kind))
    await fx.log("warn", "CALL", "Refused a re-offer of the other side: the call cannot be re-negotiated", id=call_id)
    try:
        await rest(Rest.refuse_update, session_id)
    except RequestError as error:
        await fx.log("warn", "CALL", f"The refusal of a re-offer was not sent: {error.message}", id=call_id)
    glare = ErrorInfo(code=GLARE, message="the re-offer was refused: the call cannot be re-negotiated now")
    await fx.put(UpdateRefused(call_id=call_id, operation_id=operation_id, error=glare))


async def _complex(call_id: CallId, notice: CallNotification, _payload: JsonText) -> None:
    """The result of a transfer or join that this client did not ask for."""
    await fx.log("warn", "CALL", f"Ignored {notice.event_type!r}: no transfer or join is under way", id=call_id)


_HANDLERS: Final[dict[str, Handler]] = {
    "ringing": _ringing,
    "sessionProgress": _progress,
    "respondCallUpdate": _respond,
    "startCallUpdate": _update,
    "callEnd": _ended,
    "callCancel": _cancelled,
    "sessionComplete": _complex,
    "sessionFail": _complex,
}

CALL_NOTICES: Final = frozenset({"call", *_HANDLERS})
"""The types of notifications about calls (`call-signalling` 4)."""
