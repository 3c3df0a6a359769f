"""What is known of tracks and media while calls come and go (`call-media` 10, 11)."""

from rbbn_sdk.actions.call import EndCall
from rbbn_sdk.actions.webrtc import RemoveTracks, RenderTracks
from rbbn_sdk.reducers.webrtc import webrtc
from rbbn_sdk.selectors.webrtc import devices, media_by_id, track_by_id
from rbbn_sdk.testing.call import OFFER, CallBench
from rbbn_sdk.types import ErrorInfo, ObjectRef, RequestId, TrackId
from rbbn_sdk.types.call import TrackState

SINK = ObjectRef(id="o-1", kind="sink", label="a.wav")


def connected() -> CallBench:
    bench = CallBench()
    bench.make()
    bench.notify("respondCallUpdate", sdp=OFFER)
    return bench


def test_tracks_are_known_when_they_are_told_of():
    """A handler of `call:tracksAdded` looks them up."""
    bench = CallBench()
    found = []
    bench.handlers.append(
        lambda event: found.extend(track_by_id(bench.state, track) for track in getattr(event, "track_ids", ()))
    )
    bench.make()
    bench.notify("respondCallUpdate", sdp=OFFER)
    assert [(track.is_local, track.kind, track.state) for track in found] == [
        (True, "audio", "live"),
        (False, "audio", "live"),
    ]
    assert media_by_id(bench.state, found[0].stream_id).tracks == (found[0].id,)


def test_tracks_of_an_ended_call_stay_known_as_ended():
    """Records are never deleted; their media is, with the last track."""
    bench = connected()
    local = bench.only_call.local_tracks[0]
    stream = track_by_id(bench.state, local).stream_id
    bench.request(EndCall, "c-1")
    track = track_by_id(bench.state, local)
    assert (track.state, track.disabled, track["trackId"]) == (TrackState.ENDED, True, local)
    assert media_by_id(bench.state, stream) is None
    assert not webrtc(bench.state).sessions


def test_devices_are_listed_when_media_is_first_needed():
    """Not before: a client that makes no calls need not load what knows of devices."""
    bench = CallBench()
    assert bench.media.devices.methods == []
    bench.make()
    assert bench.events[0] == "devices:change" or "devices:change" in bench.events
    assert [device.label for device in devices(bench.state).microphone] == ["Microphone"]


def render(bench: CallBench, *ids: str, problem: ErrorInfo | None = None):
    request = RenderTracks(
        request_id=RequestId("r-1"),
        track_ids=tuple(TrackId(one) for one in ids),
        sink=None if problem else SINK,
        container="a.wav",
        problem=problem,
    )
    slot = bench.store.request(request)
    bench.settle()
    return slot


def test_rendered_tracks_know_their_sinks():
    """Unknown ids are left out; a sink is in the list once."""
    bench = connected()
    bench.forget()
    render(bench, "remote-1", "nobody")
    assert track_by_id(bench.state, TrackId("remote-1")).containers == ("a.wav",)
    event = bench.told[-1][0]
    assert (event.TYPE, event.track_ids, event.selector) == ("media:trackRendered", ("remote-1",), "a.wav")
    removal = RemoveTracks(request_id=RequestId("r-2"), track_ids=(TrackId("remote-1"),), sink=SINK, container="a.wav")
    bench.store.dispatch(removal)
    bench.settle()
    assert track_by_id(bench.state, TrackId("remote-1")).containers == ()


def test_a_wrong_argument_of_rendering_is_told_by_the_event():
    """`webrtc:1`."""
    bench = connected()
    slot = render(bench, problem=ErrorInfo(code="webrtc:1", message="sink: ..."))
    assert bench.told[-1][0].error.code == "webrtc:1"
    assert slot.error.code == "webrtc:1"
