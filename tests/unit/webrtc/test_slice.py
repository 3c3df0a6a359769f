"""The slice `webrtc` as a table: what each fact makes of devices, tracks, media and sessions (`call-media` 10)."""

import pytest
from pyrsistent import pmap

from rbbn_sdk.actions import call as acts
from rbbn_sdk.actions.webrtc import DevicesListed, TracksRemoved, TracksRendered
from rbbn_sdk.engine import Store, evolve
from rbbn_sdk.events.webrtc import DevicesChange, MediaTrackRendered, derivations
from rbbn_sdk.ports import Device, LocalTrack
from rbbn_sdk.ports.peers import RemoteTrack
from rbbn_sdk.reducers.webrtc import MediaObject, MediaSession, TrackObject, WebRtc, webrtc
from rbbn_sdk.types import CallId, ErrorInfo, MediaId, PeerId, TrackId
from rbbn_sdk.types.call import MediaKind, TrackState, TrackType

CALL, OTHER, NEW = CallId("c-1"), CallId("c-2"), CallId("c-3")
OURS, THEIRS, MORE = MediaId("ours"), MediaId("theirs"), MediaId("more")
ERROR = ErrorInfo(code="webrtc:1")


def track(name, media, type_=TrackType.AUDIO, *, is_local=True, **fields):
    kind = MediaKind.AUDIO if type_ is TrackType.AUDIO else MediaKind.VIDEO
    label = f"label of {name}" if is_local else ""
    given = {"id": name, "track_id": name, "stream_id": media, "kind": kind, "type": type_, "label": label}
    return TrackObject(is_local=is_local, **given | fields)


def opened(name, media, type_=TrackType.AUDIO):
    return LocalTrack(track_id=TrackId(name), media_id=media, type=type_, label=f"label of {name}")


def heard(name, media, kind=MediaKind.AUDIO):
    return RemoteTrack(id=TrackId(name), media_id=media, kind=kind, mid="0")


SESSION = MediaSession(
    peer_id=PeerId("p-1"), local_tracks=("a",), remote_tracks=("x",), remote_offer="offer", unconfirmed_answer="answer"
)
KNOWN = WebRtc(
    devices=(Device(device_id="d-1", kind="audioinput", label="Mic", group_id="g"),),
    tracks=pmap({"a": track("a", OURS), "b": track("b", OURS), "x": track("x", THEIRS, is_local=False)}),
    media=pmap(
        {
            OURS: MediaObject(id=OURS, local=True, tracks=("a", "b")),
            THEIRS: MediaObject(id=THEIRS, local=False, tracks=("x",)),
        }
    ),
    sessions=pmap({CALL: SESSION, OTHER: MediaSession(local_tracks=("b",))}),
)
"""`a` and `b` are in one media, and belong to two calls."""


def after(*actions, state=KNOWN):
    for action in actions:
        state = webrtc.reduce(state, action)
    return state


def with_session(state=KNOWN, call_id=CALL, **fields):
    return evolve(state, sessions=state.sessions.set(call_id, evolve(state.sessions[call_id], **fields)))


def ended(*names, state=KNOWN):
    dead = {name: evolve(state.tracks[name], state=TrackState.ENDED, disabled=True) for name in names}
    return evolve(state, tracks=state.tracks.update(dead))


def without(state, *media):
    return evolve(state, media=pmap({name: one for name, one in state.media.items() if name not in media}))


def test_devices_are_replaced_by_others_only():
    """The same list is the same object, so nobody is told of a change."""
    devices = (Device(device_id="d-2", kind="videoinput", label="Cam", group_id="g"),)
    assert after(DevicesListed(devices=devices)) == evolve(KNOWN, devices=devices)
    assert after(DevicesListed(devices=tuple(map(evolve, KNOWN.devices)))) is KNOWN


def test_a_change_of_devices_is_told_once():
    """They are listed again whenever media is needed."""
    events = []
    store = Store((webrtc,), derivations=(derivations,), emit=events.append)
    for _ in range(2):
        store.dispatch(DevicesListed(devices=tuple(map(evolve, KNOWN.devices))))
    assert events == [DevicesChange()]


def test_rendering_is_told_with_the_sink_or_with_the_error():
    """Of exactly those tracks."""
    events = []
    store = Store((webrtc,), derivations=(derivations,), emit=events.append)
    store.dispatch(TracksRendered(track_ids=("a",), container="one"))
    store.dispatch(TracksRendered(track_ids=("a",), container="one", error=ERROR))
    assert events == [
        MediaTrackRendered(track_ids=("a",), selector="one"),
        MediaTrackRendered(track_ids=("a",), error=ERROR),
    ]


def test_opened_tracks_join_their_media_and_the_session_of_their_call():
    """Those that were known stay what they are; a screen is a kind of video."""
    tracks = (opened("a", MORE), opened("c", OURS), opened("d", MORE, TrackType.SCREEN), opened("e", MORE))
    expected = evolve(
        KNOWN,
        tracks=KNOWN.tracks.update(
            {"c": track("c", OURS), "d": track("d", MORE, TrackType.SCREEN), "e": track("e", MORE)}
        ),
        media=KNOWN.media.update(
            {
                OURS: MediaObject(id=OURS, local=True, tracks=("a", "b", "c")),
                MORE: MediaObject(id=MORE, local=True, tracks=("d", "e")),
            }
        ),
    )
    opening = acts.LocalTracksOpened(call_id=CALL, tracks=tracks)
    assert after(opening) == with_session(expected, local_tracks=("a", "c", "d", "e"))
    once = after(opening)
    assert after(opening, state=once) is once
    later = after(acts.LocalTracksOpened(call_id=CALL, tracks=(opened("f", MORE),)))
    assert later.sessions[CALL].local_tracks == ("a", "f")


def test_a_session_begins_with_tracks_or_with_a_peer():
    """Whatever comes first."""
    tracks = acts.LocalTracksOpened(call_id=NEW, tracks=(opened("a", OURS),))
    assert after(tracks) == evolve(KNOWN, sessions=KNOWN.sessions.set(NEW, MediaSession(local_tracks=("a",))))
    peer = acts.PeerOpened(call_id=NEW, peer_id=PeerId("p-9"))
    assert after(peer) == evolve(KNOWN, sessions=KNOWN.sessions.set(NEW, MediaSession(peer_id=PeerId("p-9"))))


def test_a_new_peer_has_received_nothing_and_answered_nothing():
    """But it gets the same offer and sends the same tracks."""
    peer = acts.PeerOpened(call_id=CALL, peer_id=PeerId("p-9"))
    assert after(peer) == with_session(peer_id=PeerId("p-9"), remote_tracks=(), unconfirmed_answer="")


REPLY = {"remote_tracks": (heard("x", MORE), heard("y", THEIRS, MediaKind.VIDEO)), "remote_participant": acts.NOBODY}
OFFERED = {"sdp": "new offer", "remote_tracks": REPLY["remote_tracks"]}


@pytest.mark.parametrize(
    ("kind", "fields", "more"),
    [
        (acts.RemoteOfferApplied, OFFERED, {"remote_offer": "new offer"}),
        (acts.EarlyMediaBegan, REPLY, {}),
        (acts.CallAnswered, REPLY | {"time": 9}, {}),
    ],
)
def test_what_is_heard_are_the_remote_tracks_of_the_session(kind, fields, more):
    """All of them, new or known; of a call that is over nothing is known any more."""
    expected = evolve(
        KNOWN,
        tracks=KNOWN.tracks.set("y", track("y", THEIRS, TrackType.VIDEO, is_local=False)),
        media=KNOWN.media.set(THEIRS, MediaObject(id=THEIRS, local=False, tracks=("x", "y"))),
    )
    assert after(kind(call_id=CALL, **fields)) == with_session(expected, remote_tracks=("x", "y"), **more)
    assert after(kind(call_id=NEW, **fields)) is KNOWN
    heard_now = after(kind(call_id=CALL, **fields)).tracks["y"]
    assert heard_now.kind is MediaKind.VIDEO
    assert heard_now.type is TrackType.VIDEO


def test_an_answer_that_may_have_been_taken_is_kept():
    """The next attempt sends the same."""
    assert after(acts.AnswerUnconfirmed(call_id=CALL, sdp="new")) == with_session(unconfirmed_answer="new")
    assert after(acts.AnswerUnconfirmed(call_id=NEW, sdp="new")) is KNOWN


ENDS = {
    acts.CallEnded: {"cause": acts.EndCause.LOCAL, "time": 9},
    acts.CallCancelled: {},
    acts.CallRejected: {"time": 9},
    acts.CallIgnored: {"time": 9},
    acts.MakeFailed: {"time": 9},
    acts.IncomingCallFailed: {"time": 9},
    acts.AnswerBroken: {"time": 9},
    acts.MakeAborted: {},
    acts.MediaDropped: {},
}


@pytest.mark.parametrize("kind", ENDS)
def test_our_tracks_end_with_the_call(kind):
    """Their media when its last track has ended; the session stays until all is closed."""
    kept = {"local_tracks": (), "unconfirmed_answer": ""} if kind is acts.MediaDropped else {}
    first = after(kind(call_id=CALL, **ENDS[kind]))
    assert first == with_session(ended("a"), **kept)
    assert after(kind(call_id=CALL, **ENDS[kind]), state=first) is first
    both = after(kind(call_id=OTHER, **ENDS[kind]), state=first)
    assert both == with_session(without(ended("b", state=first), OURS), OTHER, **kept)
    assert after(kind(call_id=NEW, **ENDS[kind])) is KNOWN


@pytest.mark.parametrize("kind", ENDS)
def test_a_call_without_tracks_of_ours_leaves_all_tracks(kind):
    """Those of the other side end when the peer connection is closed."""
    silent = with_session(local_tracks=())
    assert after(kind(call_id=CALL, **ENDS[kind]), state=silent) is silent


def test_all_tracks_end_when_the_media_is_closed():
    """In both directions; then the session is over."""
    expected = without(ended("a", "x"), THEIRS)
    assert after(acts.MediaClosed(call_id=CALL)) == evolve(expected, sessions=KNOWN.sessions.remove(CALL))
    assert after(acts.MediaClosed(call_id=NEW)) is KNOWN
    gone = evolve(KNOWN, tracks=KNOWN.tracks.remove("x"))
    assert after(acts.MediaClosed(call_id=CALL), state=gone).tracks == ended("a", state=gone).tracks


def rendered(name, *containers, state=KNOWN):
    return evolve(state, tracks=state.tracks.set(name, evolve(state.tracks[name], containers=containers)))


def test_a_track_knows_its_sinks_in_the_order_in_which_it_was_rendered():
    """Each once; a failure and an unknown track change nothing."""
    first = after(TracksRendered(track_ids=("nobody", "a"), container="one"))
    assert first == rendered("a", "one")
    second = after(TracksRendered(track_ids=("a", "x"), container="two"), state=first)
    assert second == rendered("x", "two", state=rendered("a", "one", "two", state=first))
    assert after(TracksRendered(track_ids=("a",), container="one"), state=second) is second
    assert after(TracksRendered(track_ids=("a",), container="three", error=ERROR), state=second) is second


def test_a_track_forgets_a_sink_that_it_is_removed_from():
    """The other sinks go on."""
    both = rendered("a", "one", "two")
    assert after(TracksRemoved(track_ids=("nobody", "a"), container="one"), state=both) == rendered("a", "two")
    assert after(TracksRemoved(track_ids=("a", "x"), container="three"), state=both) is both
    assert after(TracksRemoved(track_ids=("a",), container="one", error=ERROR), state=both) is both
