"""Telling the gateway that a call is over for us (`call-signalling` 3.5)."""

from rbbn_sdk.effects.request import rest
from rbbn_sdk.engine import fx
from rbbn_sdk.errors import RequestError
from rbbn_sdk.ports import Rest
from rbbn_sdk.selectors.call import call_by_id
from rbbn_sdk.types import CallId, SessionId


async def hang_up(call_id: CallId, session_id: SessionId) -> None:
    """End the session; whatever the gateway answers, the call is over here."""
    try:
        await rest(Rest.end_call, session_id)
    except RequestError as error:
        await fx.log("warn", "CALL", f"The gateway was not told of the end of the call: {error.message}", id=call_id)


async def session_of(call_id: CallId) -> SessionId | None:
    """The gateway's session of a call, if it has one."""
    call = await fx.select(call_by_id, call_id)
    session_id = None if call is None else call.wrtcs_session_id
    return session_id if isinstance(session_id, str) else None
