"""Which call a notification is about (`call-signalling` 4)."""

from typing import Final

from rbbn_sdk.actions.call import CallEnded, CallInitiated, CallNoticed, MakeAborted, MakeFailed
from rbbn_sdk.actions.notification import NotificationHandled, NotificationReceived
from rbbn_sdk.effects.call.incoming import receive
from rbbn_sdk.effects.call.life import attend_incoming
from rbbn_sdk.effects.call.line import CALL_NOTICES, handle
from rbbn_sdk.effects.call.notices import read_notice
from rbbn_sdk.engine import fx
from rbbn_sdk.events.notification import TOLD_AFTER_HANDLING
from rbbn_sdk.selectors.call import call_of_session, is_done, may_become_known
from rbbn_sdk.types import SessionId
from rbbn_sdk.wire import CallNotification, Malformed

KEPT: Final = 20_000
"""Notifications that wait while a call is being noted."""


async def route() -> None:
    """Give each notification about calls to its call, in the order in which they come. None holds up another call."""
    received = await fx.channel(NotificationReceived, buffer=fx.buffer(KEPT, overflow="drop_newest"))
    while True:
        notification = await fx.take_from(received)
        if notification.event_type in CALL_NOTICES:
            await _route(notification)


async def _route(notification: NotificationReceived) -> None:
    try:
        decoded = read_notice(notification.payload)
    except Malformed as error:
        await fx.log("warn", "CALL", f"Ignored a notification {notification.event_type!r}: {error}")
        await _handled(notification)
        return
    if decoded.dropped:
        await fx.log("warn", "CALL", f"Ignored wrong fields of a notification: {', '.join(decoded.dropped)}")
    session_id = SessionId(decoded.value.session_params.session_data)
    if notification.event_type == "call":
        await _call(notification, decoded.value, session_id)
    elif await fx.select(may_become_known, session_id):
        await fx.spawn(_hold, notification, session_id)
    else:
        await _pass_on(notification, session_id)


async def _call(notification: NotificationReceived, notice: CallNotification, session_id: SessionId) -> None:
    if not session_id or await fx.select(call_of_session, session_id) is not None:
        await fx.log("debug", "CALL", "Ignored a call that is known already, or has no session")
        await _handled(notification)
        return
    arrival = await receive(notice, notification.channel)
    await _handled(notification)
    await fx.spawn(attend_incoming, arrival)


async def _hold(notification: NotificationReceived, session_id: SessionId) -> None:
    """Keep it until the requests under way have told which sessions are ours."""
    while await fx.select(may_become_known, session_id):
        await fx.take(CallInitiated, MakeFailed, MakeAborted, CallEnded)
    await _pass_on(notification, session_id)


async def _pass_on(notification: NotificationReceived, session_id: SessionId) -> None:
    call_id = await fx.select(call_of_session, session_id)
    if call_id is None:
        await fx.log("debug", "CALL", f"Ignored a notification {notification.event_type!r}: no call of ours")
        await _handled(notification)
    elif await fx.select(is_done, call_id):
        await handle(call_id, notification.event_type, notification.payload)
    else:
        noticed = CallNoticed(call_id=call_id, event_type=notification.event_type, payload=notification.payload)
        await fx.put(noticed)


async def _handled(notification: NotificationReceived) -> None:
    """Let `notification:received` follow, where it does not come before everything else."""
    if notification.event_type in TOLD_AFTER_HANDLING:
        await fx.put(NotificationHandled(payload=notification.payload))
