"""The media of calls."""

from rbbn_sdk.actions.call.media import MediaConnectionChanged, PeerOpened
from rbbn_sdk.engine import evolve
from rbbn_sdk.reducers.call.changes import calls, changed, is_over
from rbbn_sdk.reducers.call.records import CallObject, Calls


@calls.on(PeerOpened)
def _opened(state: Calls, action: PeerOpened) -> Calls:
    def change(call: CallObject) -> CallObject:
        if is_over(call) or call.webrtc_session_id == action.peer_id:
            return call
        return evolve(call, webrtc_session_id=action.peer_id)

    return changed(state, action.call_id, change)


@calls.on(MediaConnectionChanged)
def _connection(state: Calls, action: MediaConnectionChanged) -> Calls:
    def change(call: CallObject) -> CallObject:
        if is_over(call) or call.media_connection_state == action.state:
            return call
        return evolve(call, media_connection_state=action.state)

    return changed(state, action.call_id, change)
