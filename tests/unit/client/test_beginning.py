"""What a client begins with, and by which names it tells what happens: literally, as an application meets them."""

import json

import pytest

from rbbn_sdk import events
from rbbn_sdk.engine import encode
from rbbn_sdk.events import Event
from rbbn_sdk.features import SLICES
from rbbn_sdk.reducers.call import CallObject
from rbbn_sdk.reducers.webrtc import MediaObject, MediaSession, TrackObject
from rbbn_sdk.types import CallId, MediaId, TrackId
from rbbn_sdk.types.call import CallDirection, CallState, MediaKind, TrackType

LOGGERS = (
    "LOGS CONFIG FACTORY EVENTS ACTION VALIDATION AUTH SUBSCRIPTION CONNECTIVITY NOTIFICATIONS REQUEST WEBRTC MEDIA SDP"
    " CALL CALLSTACK"
)
BEGINNING = {
    "logs": {
        "default": "DEBUG",
        "handlers": [],
        "levels": [{"type": name, "level": "DEBUG"} for name in LOGGERS.split()],
    },
    "authentication": {"server": None, "credentials": None, "error": None, "subscribed": False, "discarded": []},
    "subscription": {
        "current": None,
        "requested": [],
        "pending": [],
        "attempt": 1,
        "error": None,
        "turn": None,
        "former_turn": None,
        "discarded": [],
    },
    "webrtc": {"devices": [], "tracks": {}, "media": {}, "sessions": {}},
    "notifications": {"websocket_enabled": False, "seen": {"by_id": {}, "by_place": {}, "first": 0, "next": 0}},
    "connectivity": {"active": False, "connected": False, "socket_id": None, "options": None, "ws_info": None},
    "call": {"by_id": {}, "order": [], "by_session": {}, "posting": {}, "awaiting": {}},
}


def test_the_slices_have_their_names_and_their_order():
    """An action log and an application's selectors know them by these."""
    assert [piece.name for piece in SLICES] == [
        "logs",
        "config",
        "authentication",
        "subscription",
        "webrtc",
        "notifications",
        "connectivity",
        "call",
    ]


@pytest.mark.parametrize("name", BEGINNING)
def test_a_slice_begins_with_nothing(name):
    """Nobody is logged in, nothing is subscribed, open, known or under way."""
    piece = next(piece for piece in SLICES if piece.name == name)
    assert json.loads(encode(piece.initial)) == BEGINNING[name]


TRACK = {
    "id": "t-1",
    "trackId": "t-1",
    "streamId": "m-1",
    "kind": "audio",
    "type": "audio",
    "isLocal": True,
    "label": "",
    "detached": False,
    "muted": False,
    "sourceMuted": False,
    "state": "live",
    "disabled": False,
}
CALL = {
    "id": "c-1",
    "direction": "incoming",
    "state": "Initiating",
    "from": "b@ex",
    "to": "a@ex",
    "localHold": False,
    "remoteHold": False,
    "localTracks": (),
    "remoteTracks": (),
    "currentOperations": (),
}


def test_a_new_record_says_no_more_than_what_is_known():
    """What is not known is not there; a track is live, and a call is not on hold."""
    name = TrackId("t-1")
    given = {"stream_id": MediaId("m-1"), "kind": MediaKind.AUDIO, "type": TrackType.AUDIO, "is_local": True}
    assert dict(TrackObject(id=name, track_id=name, **given)) == TRACK
    media = MediaObject(id=MediaId("m-1"), local=True)
    assert dict(media) == {"id": "m-1", "local": True, "detached": False, "tracks": ()}
    call = CallObject(
        id=CallId("c-1"), direction=CallDirection.INCOMING, state=CallState.INITIATING, from_="b@ex", to="a@ex"
    )
    assert dict(call) == CALL | {"remoteParticipant": call.remote_participant}
    assert dict(call.remote_participant) == {}
    session = {"peer_id": None, "local_tracks": [], "remote_tracks": [], "remote_offer": "", "unconfirmed_answer": ""}
    assert json.loads(encode(MediaSession())) == session


def test_the_events_have_their_documented_names():
    """A handler is registered by them."""
    kinds = [getattr(events, name) for name in events.__all__ if name != "Event"]
    assert all(issubclass(kind, Event) for kind in kinds)
    assert sorted(kind.TYPE for kind in kinds) == [
        "auth:change",
        "auth:error",
        "call:customParameters",
        "call:mediaConnectionChange",
        "call:operation",
        "call:receive",
        "call:start",
        "call:stateChange",
        "call:tracksAdded",
        "call:tracksRemoved",
        "devices:change",
        "media:trackRendered",
        "notification:received",
        "request:error",
        "subscription:change",
        "subscription:error",
        "subscription:resub",
        "ws:change",
    ]
