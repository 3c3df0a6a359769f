"""`client.call`."""

from collections.abc import Mapping

from rbbn_sdk.actions.call import (
    AnswerCall,
    CallRequest,
    EndCall,
    IgnoreCall,
    MakeCall,
    RejectCall,
    ResyncCall,
    SendRingingFeedback,
)
from rbbn_sdk.api.call.media_argument import ANSWER_ORDER, MAKE_ORDER, MediaProblem, read_media
from rbbn_sdk.api.call.options import INVALID, CallOptions, read_options
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Fact
from rbbn_sdk.ports import TrackSource
from rbbn_sdk.reducers.call import CallObject
from rbbn_sdk.selectors.auth import domain, username
from rbbn_sdk.selectors.call import all_calls, call_by_id, is_done, normalise, originator
from rbbn_sdk.selectors.config import call_options
from rbbn_sdk.types import CallId, ErrorInfo, ObjectRef
from rbbn_sdk.types.call import CallState, MediaConnectionState, TrackType

_Media = tuple[tuple[TrackSource, ...], ErrorInfo | None]

_FEW = 50
"""Handles of `make` that are kept without a look at whether they are of use."""


class CallApi:
    """Make, take and end calls.

    Every operation returns at once. What it comes to is told by events; the handle that it returns can be awaited, and
    raises the error that the events carry.
    """

    states = CallState
    """The states of calls."""
    media_connection_states = MediaConnectionState
    """The states of `media_connection_state`."""

    def __init__(self, context: ApiContext) -> None:
        self._context = context
        self._made: dict[CallId, Operation[CallObject | None]] = {}
        self._in_use = _FEW

    # -- asking

    def get_all(self) -> tuple[CallObject, ...]:
        """All calls, ended ones included, oldest first."""
        self._context.invoked("CALL", "call.getAll")
        return self._context.select(all_calls)

    def get_by_id(self, call_id: str) -> CallObject | None:
        """The call as it is now; None when there is no such call. The object does not change when the call does."""
        known = _call_id(call_id)
        self._context.invoked("CALL", "call.getById", id=known)
        return self._call(known)

    def _call(self, call_id: CallId) -> CallObject | None:
        return self._context.select(call_by_id, call_id)

    # -- making

    def make(
        self, destination: str, media: Mapping[str, object] | None = None, options: Mapping[str, object] | None = None
    ) -> str:
        """Call somebody.

        Args:
            destination: A user `name@domain`, a SIP or telephone URI, or a telephone number. It is normalised unless
                `call.normalizeDestination` is off.
            media: What to send: `{"audio": True, "video": True, "screen": False}`, with `audioOptions`, `videoOptions`
                and `screenOptions` that name a `deviceId` or a `source` of `rbbn_sdk.media`, and `width`, `height`
                and `frameRate` of pictures.
            options: `bandwidth` (`{"call", "audio", "video"}` in kbit/s), `displayName`, `customParameters` (a list of
                `{"name", "value"}`).

        Returns:
            The id of the call. `call:start`, `call:operation`, `call:tracksAdded` and `call:stateChange` follow; a
            failure is told by `call:stateChange` with `error`, wrong arguments (`call:7`) included.
        """
        context = self._context
        context.guard()
        context.invoked("CALL", "call.make", destination)
        call_id, extra = CallId(context.ids.uuid()), self._options("call.make", options)
        tracks, problem = self._media(media, MAKE_ORDER)
        wrong = _destination_problem(destination) or problem or extra.problem or _nothing_to_send(tracks)
        operation = context.request(
            MakeCall(
                request_id=context.request_id(),
                call_id=call_id,
                to=self._address(destination),
                from_=context.select(username),
                originator=self._originator(extra),
                media=tracks,
                bandwidth=extra.bandwidth,
                display_name=extra.display_name,
                custom_parameters=extra.custom_parameters,
                custom_bodies=extra.custom_bodies,
                problem=wrong,
                time=context.clock.now(),
            ),
            lambda _: self._call(call_id),
            held=_sources(tracks),
        )
        self._remember(call_id, operation)
        return call_id

    def _remember(self, call_id: CallId, operation: Operation[CallObject | None]) -> None:
        """Keep the handle. Those of no use are looked for when there are twice as many as at the last look."""
        self._made[call_id] = operation
        if len(self._made) > 2 * self._in_use:
            self._made = {known: kept for known, kept in self._made.items() if self._is_of_use(known, kept)}
            self._in_use = max(len(self._made), _FEW)

    def answered(self, call_id: str) -> Operation[CallObject | None] | None:
        """The handle of a `make`: await it until the other side has answered.

        It gives the call, or raises the error that the call failed of. None when the call was not made by this client,
        or is over for long.
        """
        return self._made.get(_call_id(call_id))

    def _is_of_use(self, call_id: CallId, operation: Operation[CallObject | None]) -> bool:
        return not (operation.done and self._context.select(is_done, call_id))

    def _options(self, function: str, options: object) -> CallOptions:
        read = read_options(options)
        if read.unused:
            self._context.log("warn", "CALL", f"{function}: options without effect here: {', '.join(read.unused)}")
        return read

    def _address(self, destination: object) -> str:
        if not isinstance(destination, str):
            return ""
        if not destination.strip() or not self._context.select(call_options).normalize_destination:
            return destination
        return normalise(destination, self._context.select(domain))

    def _originator(self, extra: CallOptions) -> str:
        name = extra.display_name if isinstance(extra.display_name, str) else None
        return originator(self._context.select(username), self._context.select(domain), name)

    def _media(self, media: object, order: tuple[TrackType, ...]) -> _Media:
        try:
            return read_media(media, order, self._context.objects), None
        except MediaProblem as problem:
            return (), problem.info

    # -- taking

    def answer(
        self, call_id: str, media: Mapping[str, object] | None = None, options: Mapping[str, object] | None = None
    ) -> Operation[None]:
        """Answer an incoming call. The arguments are those of `make`; only kinds that the caller offers can be sent.

        Followed by `call:operation`, `call:tracksAdded` and `call:stateChange`; a failure leaves the call ringing.

        Raises when awaited: `InvalidArgument`, `InvalidState`, `MediaError`, `OperationFailed`.
        """
        self._context.guard()
        known, extra = _call_id(call_id), self._options("call.answer", options)
        self._context.invoked("CALL", "call.answer", id=known)
        tracks, problem = self._media(media, ANSWER_ORDER)
        return self._operation(
            AnswerCall(
                request_id=self._context.request_id(),
                call_id=known,
                media=tracks,
                bandwidth=extra.bandwidth,
                custom_parameters=extra.custom_parameters,
                custom_bodies=extra.custom_bodies,
                problem=problem or extra.problem,
            ),
            tracks,
        )

    def reject(self, call_id: str) -> Operation[None]:
        """Let the caller know that the call is not taken. Followed by `call:operation` and `call:stateChange`."""
        return self._simple(RejectCall, "call.reject", call_id)

    def ignore(self, call_id: str) -> Operation[None]:
        """Be done with an incoming call without telling anybody.

        Followed by `call:operation` and `call:stateChange`.
        """
        return self._simple(IgnoreCall, "call.ignore", call_id)

    def send_ringing_feedback(self, call_id: str) -> Operation[None]:
        """Let the caller know that the user is alerted; only if `call.ringingFeedbackMode` is `manual`.

        Followed by `call:operation` and `call:stateChange`.
        """
        return self._simple(SendRingingFeedback, "call.sendRingingFeedback", call_id)

    # -- ending, and asking the gateway

    def end(self, call_id: str) -> Operation[None]:
        """End a call in whatever state it is; one that is over already stays as it is.

        Followed by `call:operation`, `call:tracksRemoved` and `call:stateChange`. That the gateway cannot be told does
        not make it fail.
        """
        return self._simple(EndCall, "call.end", call_id)

    def resync(self, call_id: str) -> Operation[None]:
        """Ask the gateway what has become of a call.

        One that it does not know any more is ended, an unanswered one that another device has answered is cancelled,
        both told by `call:stateChange`. `call:operation` tells the rest.
        """
        return self._simple(ResyncCall, "call.resync", call_id)

    def _simple(self, request: type[CallRequest], name: str, call_id: object) -> Operation[None]:
        self._context.guard()
        known = _call_id(call_id)
        self._context.invoked("CALL", name, id=known)
        return self._operation(request(request_id=self._context.request_id(), call_id=known))

    def _operation(self, request: CallRequest, tracks: tuple[TrackSource, ...] = ()) -> Operation[None]:
        return self._context.request(request, _nothing, held=_sources(tracks))

    getAll = get_all
    getById = get_by_id
    sendRingingFeedback = send_ringing_feedback
    mediaConnectionStates = media_connection_states


def _nothing(_fact: Fact) -> None:
    """Operations have no result."""


def _sources(tracks: tuple[TrackSource, ...]) -> tuple[ObjectRef, ...]:
    """What an application gave to be sent; a request that fails early never opens it."""
    return tuple(track.source for track in tracks if track.source is not None)


def _call_id(value: object) -> CallId:
    """What is no text names no call; the operation fails with that."""
    return CallId(value if isinstance(value, str) else repr(value))


def _destination_problem(destination: object) -> ErrorInfo | None:
    if not isinstance(destination, str):
        kind = "None" if destination is None else type(destination).__name__
        return ErrorInfo(code=INVALID, message=f"destination: expected a text such as 'name@domain', got {kind}")
    if not destination.strip():
        return ErrorInfo(code=INVALID, message="destination: it is empty; expected a text such as 'name@domain'")
    return None


def _nothing_to_send(tracks: tuple[TrackSource, ...]) -> ErrorInfo | None:
    if tracks:
        return None
    return ErrorInfo(code=INVALID, message="media: nothing to send is asked for; give one of audio, video and screen")
