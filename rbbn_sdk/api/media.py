"""`client.media`: tracks, devices, and where tracks go."""

from pathlib import PurePath

from rbbn_sdk.actions.webrtc import ListDevices, RemoveTracks, RenderTracks
from rbbn_sdk.api.arguments import expected, names
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Fact
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.media import Callback, Sink
from rbbn_sdk.reducers.webrtc import MediaObject, TrackObject, webrtc
from rbbn_sdk.selectors.webrtc import DevicesObject, devices, media_by_id, track_by_id
from rbbn_sdk.types import ErrorInfo, MediaId, TrackId

_INVALID = "webrtc:1"


class MediaApi:
    """Look at tracks and devices, and give tracks to recorders and functions of your own."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def get_devices(self) -> DevicesObject:
        """The devices of this machine. They are listed when they are first needed; `devices:change` tells."""
        context = self._context
        context.invoked("MEDIA", "media.getDevices")
        if not webrtc(context.state).devices:
            context.dispatch(ListDevices())
        return context.select(devices)

    def get_by_id(self, media_id: str) -> MediaObject | None:
        """Tracks that belong together; None when unknown, or when the last of them has ended."""
        self._context.invoked("MEDIA", "media.getById", media_id)
        return self._context.select(media_by_id, MediaId(_known_id(media_id)))

    def get_track_by_id(self, track_id: str) -> TrackObject | None:
        """The track as it is now; None when there is no such track. Ended tracks stay known."""
        self._context.invoked("MEDIA", "media.getTrackById", track_id)
        return self._context.select(track_by_id, TrackId(_known_id(track_id)))

    def render_tracks(self, track_ids: object, sink: object, options: object = None) -> Operation[None]:
        """Give tracks, local or remote, to a sink.

        Args:
            track_ids: A list of ids; those that are unknown are left out.
            sink: `WavFile`, `WebmFile` or `Callback` of `rbbn_sdk.media`. Two equal ones are one sink, which is
                finished when the last of its tracks was removed or has ended.
            options: Accepted for what the documentation has; no sink needs one.

        Followed by `media:trackRendered`, with an error `webrtc:1` for wrong arguments; awaiting raises it too.
        """
        context = self._context
        context.guard()
        context.invoked("MEDIA", "media.renderTracks", options)
        try:
            ids = _track_ids(track_ids)
            meant = _sink(sink)
        except InvalidArgument as error:
            known = _known(track_ids)
            request = RenderTracks(
                request_id=context.request_id(),
                track_ids=known,
                problem=ErrorInfo(code=_INVALID, message=error.message),
            )
            return context.request(request, _nothing)
        name = _name(meant)
        ref = context.objects.keep(meant, "sink", name)
        return context.request(
            RenderTracks(request_id=context.request_id(), track_ids=ids, sink=ref, container=name),
            _nothing,
            held=(ref,),
        )

    def remove_tracks(self, track_ids: object, sink: object) -> Operation[None]:
        """Stop giving tracks to a sink; it is finished (a file is closed) when none is left. No event follows.

        Raises:
            InvalidArgument: `webrtc:1`: no list of ids, or no sink.
        """
        context = self._context
        context.guard()
        context.invoked("MEDIA", "media.removeTracks")
        ids, meant = _track_ids(track_ids), _sink(sink)
        name = _name(meant)
        ref = context.objects.keep(meant, "sink", name)
        return context.request(
            RemoveTracks(request_id=context.request_id(), track_ids=ids, sink=ref, container=name),
            _nothing,
            held=(ref,),
        )

    getDevices = get_devices
    getById = get_by_id
    getTrackById = get_track_by_id
    renderTracks = render_tracks
    removeTracks = remove_tracks


def _nothing(_fact: Fact) -> None:
    """Rendering has no result."""


def _track_ids(value: object) -> tuple[TrackId, ...]:
    try:
        ids = names("track_ids", value)
    except InvalidArgument as error:
        raise InvalidArgument(error.message, code=_INVALID) from None
    if not ids:
        raise InvalidArgument("track_ids: expected a list with at least one id of a track, got none", code=_INVALID)
    return tuple(TrackId(track_id) for track_id in ids)


def _known_id(value: object) -> str:
    """What is no text names nothing."""
    return value if isinstance(value, str) else ""


def _known(value: object) -> tuple[TrackId, ...]:
    try:
        return _track_ids(value)
    except InvalidArgument:
        return ()


def _sink(value: object) -> Sink:
    if not isinstance(value, Sink):
        error = expected("sink", "a WavFile, WebmFile or Callback of rbbn_sdk.media", value)
        raise InvalidArgument(error.message, code=_INVALID)
    return value


def _name(sink: Sink) -> str:
    """How the sink shows in `containers`."""
    if isinstance(sink, Callback):
        function = sink.call
        return str(getattr(function, "__qualname__", type(function).__qualname__))
    return str(PurePath(sink.path))
