"""The calls of a client in virtual time, over scripted ports: for tests of sagas, events and their order."""

import json
from collections import deque
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from msgspec import UNSET, UnsetType

from rbbn_sdk.actions.call import AnswerCall, CallRequest, MakeCall
from rbbn_sdk.actions.notification import Channel, NotificationReceived
from rbbn_sdk.effects import call as call_effects
from rbbn_sdk.effects import webrtc as webrtc_effects
from rbbn_sdk.engine import Action, Later, LogLine, Runner, SagaDeath, Slot, State, Store, VirtualScheduler, evolve
from rbbn_sdk.events import call as call_events
from rbbn_sdk.events import notification as notification_events
from rbbn_sdk.events import request as request_events
from rbbn_sdk.events import webrtc as webrtc_events
from rbbn_sdk.events.base import Event
from rbbn_sdk.events.call import CallEvent, CallOperation, CallStateChange
from rbbn_sdk.ports import (
    Credentials,
    Device,
    IceProgress,
    LocalTrack,
    PeerEvent,
    PeerEventKind,
    RemoteMedia,
    SdpHandlerCall,
    Server,
    TrackSource,
)
from rbbn_sdk.ports.peers import IceProgressKind, RemoteTrack
from rbbn_sdk.reducers.auth import Authentication, authentication
from rbbn_sdk.reducers.call import CallObject, calls
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.connectivity import connectivity
from rbbn_sdk.reducers.notification import notifications
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.reducers.webrtc import webrtc
from rbbn_sdk.types import CallId, JsonText, MediaId, PeerId, RequestId, SessionId, TrackId
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState, MediaKind, TrackType
from rbbn_sdk.types.options import CallOptions, Options

__all__ = ["AUDIO", "OFFER", "VIDEO", "CallBench", "Scripted", "ScriptedMedia"]

AUDIO = TrackSource(type=TrackType.AUDIO)
VIDEO = TrackSource(type=TrackType.VIDEO)
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
"""An offer with one audio section."""


class Scripted:
    """A port that answers from a script by method's name: values, exceptions, functions, `Later`s."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self._script: dict[str, deque[Any]] = {}
        self.calls: list[tuple[str, tuple[Any, ...]]] = []

    def will(self, method: str, *answers: Any) -> None:
        """The next answers of a method."""
        self._script.setdefault(method, deque()).extend(answers)

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for name, _ in self.calls if name == method)

    @property
    def methods(self) -> list[str]:
        """The methods that were called, in order."""
        return [name for name, _ in self.calls]

    def __getattr__(self, method: str) -> Callable[..., Any]:
        if method.startswith("_"):
            raise AttributeError(method)

        async def play(*args: Any) -> Any:
            self.calls.append((method, args))
            script = self._script.get(method)
            answer: Any = script.popleft() if script else self._answers.get(method)
            answer = answer(*args) if callable(answer) else answer
            if isawaitable(answer):
                answer = await answer
            if isinstance(answer, BaseException):
                raise answer
            return answer

        return play


class ScriptedMedia:
    """Peers and devices of which everything is known, and nothing is real. What is open is in `tracks` and `peers`."""

    def __init__(self) -> None:
        self.tracks: set[TrackId] = set()
        self.peers: set[PeerId] = set()
        self._events: dict[PeerId, deque[PeerEvent]] = {}
        self._waiting: dict[PeerId, Later[None]] = {}
        self.steps: deque[IceProgress] = deque()
        """What gathering does next."""
        self.devices = Scripted(
            {"list": (Device(device_id="default", kind="audioinput", label="Microphone"),), "open": self._open}
            | {"stop": self._stop, "render": _same}
        )
        self.peers_port = Scripted(
            {
                "open": self._open_peer,
                "create_offer": OFFER,
                "create_answer": OFFER,
                "gathering": progress(IceGatheringState.COMPLETE),
                "next_gathering": self._next_step,
                "local_description": OFFER,
                "set_remote": RemoteMedia(tracks=(remote_track("remote-1"),)),
                "next_event": self._next_event,
                "close": self._close,
            }
        )

    def _open(self, track_id: TrackId, media_id: MediaId, source: TrackSource) -> LocalTrack:
        self.tracks.add(track_id)
        return LocalTrack(track_id=track_id, media_id=media_id, type=source.type, label="Test")

    def _stop(self, track_id: TrackId) -> None:
        self.tracks.discard(track_id)

    def _open_peer(self, peer_id: PeerId, _config: Any) -> None:
        self.peers.add(peer_id)
        self._events[peer_id] = deque()

    def _close(self, peer_id: PeerId) -> None:
        self.peers.discard(peer_id)
        self.tell(PeerEvent(kind=PeerEventKind.CLOSED), peer_id)

    async def _next_event(self, peer_id: PeerId) -> PeerEvent:
        events = self._events[peer_id]
        while not events:
            await self._waiting.setdefault(peer_id, Later())
        return events.popleft()

    async def _next_step(self, _peer_id: PeerId) -> IceProgress:
        if not self.steps:
            await Later[None]()
        return self.steps.popleft()

    def tell(self, event: PeerEvent, peer_id: PeerId | None = None) -> None:
        """Something happens to a peer; without an id, to the only one."""
        peer = next(iter(self.peers)) if peer_id is None else peer_id
        if peer in self._events:
            self._events[peer].append(event)
        later = self._waiting.pop(peer, None)
        if later is not None:
            later.set(None)

    def connection(self, state: MediaConnectionState) -> None:
        """The connection of the only peer changes."""
        self.tell(PeerEvent(kind=PeerEventKind.CONNECTION, connection_state=state))

    @property
    def is_closed(self) -> bool:
        """Whether nothing is open."""
        return not self.tracks and not self.peers


def progress(
    state: IceGatheringState, *candidates: str, mid: str = "0", kind: IceProgressKind = IceProgressKind.STATE
) -> IceProgress:
    """A step of gathering."""
    return IceProgress(kind=kind, state=state, candidates=candidates, mids=(mid,) * len(candidates))


def remote_track(name: str) -> RemoteTrack:
    """A remote audio track."""
    return RemoteTrack(id=TrackId(name), media_id=MediaId(f"stream of {name}"), kind=MediaKind.AUDIO, mid="0")


def _same(track_ids: tuple[TrackId, ...], _sink: object) -> tuple[TrackId, ...]:
    return track_ids


def _unchanged(_handler: object, call: SdpHandlerCall) -> str:
    return call.sdp


class _Clock:
    def __init__(self, scheduler: VirtualScheduler) -> None:
        self._scheduler = scheduler

    def now(self) -> int:
        return 1_000_000 + round(self._scheduler.now * 1000)


class _Ids:
    def __init__(self) -> None:
        self.made = 0

    def uuid(self) -> str:
        self.made += 1
        return f"id-{self.made}"


class CallBench:
    """A store with the slices, events and sagas of calls, of one user who is logged in."""

    def __init__(self, **options: Any) -> None:
        self.scheduler = VirtualScheduler()
        self.rest = Scripted({"start_call": SessionId("a-1"), "call_state": "RINGING"})
        self.media = ScriptedMedia()
        self.objects = Scripted({"run_sdp_handler": _unchanged})
        self.told: list[tuple[Event, CallObject | None]] = []
        self.actions: list[Action] = []
        self.lines: list[LogLine] = []
        self.deaths: list[SagaDeath] = []
        self.problems: list[Any] = []
        self.handlers: list[Callable[[Event], object]] = []
        self._requests = 0
        self.store = Store(
            (config, authentication, subscription, webrtc, notifications, connectivity, calls),
            derivations=(
                request_events.derivations,
                webrtc_events.derivations,
                call_events.derivations,
                notification_events.derivations,
            ),
            taps=(lambda action, _before, _after: self.actions.append(action),),
            emit=self._emit,
            report=self.problems.append,
            initial={config: Options(call=evolve(CallOptions(), **options)), authentication: _logged_in()},
        )
        self.runner = Runner(
            self.store,
            scheduler=self.scheduler,
            ports={
                "rest": self.rest,
                "peers": self.media.peers_port,
                "devices": self.media.devices,
                "objects": self.objects,
                "clock": _Clock(self.scheduler),
                "ids": _Ids(),
            },
            log=self.lines.append,
            on_error=self.deaths.append,
        )
        self.runner.run(webrtc_effects.watch)
        self.runner.run(call_effects.watch)

    @property
    def state(self) -> State:
        """The root state."""
        return self.store.state

    def call(self, call_id: str) -> CallObject:
        """A call as it is now."""
        return calls(self.state).by_id[CallId(call_id)]

    @property
    def only_call(self) -> CallObject:
        """The call, when there is one only."""
        (call_id,) = calls(self.state).order
        return self.call(call_id)

    # what is asked for

    def request(self, kind: type[CallRequest], call_id: str, **fields: Any) -> Slot:
        """Dispatch a request, and let happen what needs no time."""
        self._requests += 1
        request = kind(request_id=RequestId(f"op-{self._requests}"), call_id=CallId(call_id), **fields)
        slot = self.store.request(request)
        self.scheduler.run_turns()
        return slot

    def make(self, call_id: str = "c-1", **fields: Any) -> Slot:
        """Make a call to bob."""
        given: dict[str, Any] = {
            "to": "sip:bob@example.com",
            "from_": "alice@example.com",
            "originator": "sip:alice@example.com",
            "media": (AUDIO,),
            "time": 1_000_000,
        }
        slot = self.request(MakeCall, call_id, **(given | fields))
        self.pass_time(0.1)
        return slot

    def answer(self, call_id: str, **fields: Any) -> Slot:
        """Answer a call with audio."""
        slot = self.request(AnswerCall, call_id, **({"media": (AUDIO,)} | fields))
        self.pass_time(0.1)
        return slot

    # what the gateway says

    def notify(
        self,
        event_type: str,
        session: str = "a-1",
        *,
        channel: Channel = Channel.WEBSOCKET,
        settle: bool = True,
        **more: Any,
    ) -> None:
        """A notification; `sdp`, `statusCode`, `reasonText`, `retryAfter` go to its session parameters.

        `update_status` is the status of the notification itself.
        """
        params: dict[str, Any] = {
            key: more.pop(key) for key in ("sdp", "statusCode", "reasonText", "retryAfter") if key in more
        }
        if "update_status" in more:
            more["statusCode"] = more.pop("update_status")
        message: dict[str, Any] = {"eventType": event_type, "sessionParams": {"sessionData": session, **params}, **more}
        payload = JsonText(json.dumps({"notificationMessage": message}))
        self.store.dispatch(NotificationReceived(event_type=event_type, channel=channel, payload=payload))
        if settle:
            self.settle()

    def receive(self, session: str = "b-1", *, offer: str = OFFER, **more: Any) -> CallObject:
        """An incoming call, set up."""
        parties = {
            "callerName": "Bob",
            "callerDisplayNumber": "bob@example.com",
            "calleeDisplayNumber": "alice@example.com",
        }
        fields: dict[str, Any] = {"callNotificationParams": parties, **({"sdp": offer} if offer else {}), **more}
        self.notify("call", session, **fields)
        return self.call(calls(self.state).by_session[SessionId(session)])

    # time and end

    def settle(self) -> None:
        """Let happen what needs no time."""
        self.scheduler.run_turns()

    def pass_time(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.scheduler.advance(seconds)

    def destroy(self) -> None:
        """End it as a client does."""
        self.runner.destroy()
        self.scheduler.run(10)

    # what was told

    @property
    def events(self) -> list[str]:
        """All events so far, as texts such as `MAKE START`, `Ringing < Initiated`, `tracksAdded`."""
        return [_shown(event, call) for event, call in self.told]

    def forget(self) -> None:
        """Begin new lists."""
        self.told.clear()
        self.rest.calls.clear()

    def _emit(self, event: Event) -> None:
        call = calls(self.state).by_id.get(event.call_id) if isinstance(event, CallEvent) else None
        self.told.append((event, call))
        for handler in tuple(self.handlers):
            handler(event)


def _logged_in() -> Authentication:
    known = Credentials(username="alice@example.com")
    return evolve(Authentication(), credentials=known, server=Server(base="gw.example", port=443))


def _shown(event: Event, call: CallObject | None) -> str:
    if isinstance(event, CallOperation):
        return _operation(event)
    if isinstance(event, CallStateChange):
        now = "unknown" if call is None else call.state
        return _with_error(f"{now} < {event.previous.get('state', 'nothing')}", event)
    return event.TYPE.removeprefix("call:")


def _operation(event: CallOperation) -> str:
    star = "" if event.is_local else "*"
    status = UNSET if isinstance(event.previous, UnsetType) else event.previous.status
    anonymous = "" if "operationId" in event else " (no id)"
    return _with_error(
        f"{event.operation}{star} {event.transition}{f'({status})' if isinstance(status, str) else ''}{anonymous}",
        event,
    )


def _with_error(text: str, event: Event) -> str:
    error = event.get("error")
    return text if error is None else f"{text} ! {error.code}"
