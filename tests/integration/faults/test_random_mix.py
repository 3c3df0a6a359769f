"""Three clients at a real gateway, who do anything at any time while the gateway and the network misbehave.

Whatever happened, when all is well again no call is left anywhere, every operation has had its end, every call went
from state to state as documented, and a plain call works. Media are not real here: the schedules are what matters.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

import rbbn_sdk
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.gateway import Gateway, Timing
from rbbn_sdk.ports import IceProgress, LocalTrack, PeerEvent, PeerEventKind, RemoteMedia
from rbbn_sdk.ports.peers import IceProgressKind
from rbbn_sdk.testing.call import OFFER
from rbbn_sdk.types.call import IceGatheringState, MediaConnectionState

LIMIT = 60.0
USERS = ("alice", "bob", "carol")
STEPS = 60
CALLS = "^.*/(callControl|calldisposition).*"
CONFIG = {
    "logs": {"logLevel": "warn"},
    "request": {"restTimeout": 1500},
    "call": {"iceAddresses": ["127.0.0.1"]},
    "connectivity": {"reconnectDelay": 1000},
}
NEXT = {
    "nothing": {"Initiating"},
    "Initiating": {"Initiated", "Ringing", "Early Media", "Ended", "Cancelled"},
    "Initiated": {"Ringing", "Early Media", "Connected", "Ended", "Cancelled"},
    "Ringing": {"Early Media", "Connected", "Ended", "Cancelled"},
    "Early Media": {"Ringing", "Connected", "Ended", "Cancelled"},
    "Connected": {"Ended"},
    "Cancelled": {"Ended"},
    "Ended": set(),
}
"""From which state to which (`call-signalling` 2), as far as this client goes."""


class NoDevices:
    """One that is always there."""

    async def list(self) -> tuple[()]:
        return ()

    async def open(self, track_id, media_id, source) -> LocalTrack:
        return LocalTrack(track_id=track_id, media_id=media_id, type=source.type, label="none")

    async def stop(self, _track_id) -> None: ...


class NoMedia:
    """Peers that negotiate at once and are connected when their transport begins."""

    def __init__(self) -> None:
        self._events: dict[str, asyncio.Queue[PeerEvent]] = {}

    async def open(self, peer_id, _config) -> None:
        self._events[peer_id] = asyncio.Queue()

    async def close(self, peer_id) -> None:
        events = self._events.pop(peer_id, None)
        if events is not None:
            events.put_nowait(PeerEvent(kind=PeerEventKind.CLOSED))

    async def next_event(self, peer_id) -> PeerEvent:
        events = self._events.get(peer_id)
        return PeerEvent(kind=PeerEventKind.CLOSED) if events is None else await events.get()

    async def start_transport(self, peer_id) -> None:
        state = MediaConnectionState.CONNECTED
        self._events[peer_id].put_nowait(PeerEvent(kind=PeerEventKind.CONNECTION, connection_state=state))

    async def set_remote(self, _peer_id, _type, _sdp) -> RemoteMedia:
        return RemoteMedia(tracks=())

    async def add_track(self, *_) -> None: ...

    async def set_local(self, *_) -> None: ...

    async def create_offer(self, _peer_id) -> str:
        return OFFER

    async def create_answer(self, _peer_id) -> str:
        return OFFER.replace("a=setup:actpass", "a=setup:active")

    async def local_description(self, _peer_id) -> str:
        return OFFER

    async def gathering(self, _peer_id) -> IceProgress:
        return IceProgress(kind=IceProgressKind.STATE, state=IceGatheringState.COMPLETE, candidates=(), mids=())

    next_gathering = gathering


class Party:
    """A client, the operations that it began, and all that it told."""

    def __init__(self, gateway, name, problems) -> None:
        self.username = f"{name}@example.com"
        logs = {"logLevel": "warn", "handler": self._log}
        ports = {"peers": NoMedia(), "devices": NoDevices()}
        config = gateway.config_for(self.username) | CONFIG | {"logs": logs}
        self.client = rbbn_sdk.create(config, extensions=[rbbn_sdk.Extension(ports=ports)])
        self.problems = problems
        self.handles = []
        self.changes = defaultdict(list)
        """By call: the states before and after each change that was told; a failure of an operation is none."""
        self.client.on("call:stateChange", self._note)

    def _log(self, entry) -> None:
        if entry["target"]["type"] == "ENGINE":
            self.problems.append(f"{self.username}: {entry['messages']}")

    def _note(self, event) -> None:
        call = self.client.call.get_by_id(event.call_id)
        if "error" not in event or event.previous["state"] != call.state:
            self.changes[event.call_id].append((str(event.previous["state"]), str(call.state)))

    async def register(self, gateway) -> None:
        self.client.set_credentials(gateway.credentials_for(self.username, "password"))
        await self.client.services.subscribe(["call"])

    async def is_back(self) -> None:
        """The websocket is there again."""
        async with asyncio.timeout(LIMIT):
            while not self.client.connection.get_socket_state().connected:  # noqa: ASYNC110 -- it may be there already
                await asyncio.sleep(0.02)

    def live(self):
        return [call for call in self.client.call.get_all() if call.state not in ("Ended", "Cancelled")]


class Mix:
    """One random schedule."""

    def __init__(self, gateway, parties, seed) -> None:
        self.gateway = gateway
        self.parties = parties
        self.random = random.Random(seed)
        self.done = []

    async def run(self) -> None:
        often = [self.make] * 3 + [self.answer] * 4 + [self.end] * 3
        seldom = [self.reject, self.ignore, self.ring, self.resync, self.reset]
        trouble = [self.drop, self.fail, self.delay, self.heal]
        for _ in range(STEPS):
            party = self.random.choice(self.parties)
            act = self.random.choice(often + seldom + trouble)
            self.done.append(f"{party.username.partition('@')[0]} {act.__name__}")
            await act(party)
            await asyncio.sleep(self.random.choice((0, 0, 0, 0.005, 0.03, 0.15)))  # part of the schedule

    async def make(self, party) -> None:
        to = self.random.choice([one for one in self.parties if one is not party])
        options = {"audio": True, "video": self.random.random() < 0.2}
        made = party.client.call.make(to.username, options)
        party.handles.append(party.client.call.answered(made))

    async def answer(self, party) -> None:
        self._on_call(party, lambda call_id: party.client.call.answer(call_id, {"audio": True}), incoming=True)

    async def reject(self, party) -> None:
        self._on_call(party, party.client.call.reject, incoming=True)

    async def ignore(self, party) -> None:
        self._on_call(party, party.client.call.ignore, incoming=True)

    async def ring(self, party) -> None:
        self._on_call(party, party.client.call.send_ringing_feedback, incoming=True)

    async def end(self, party) -> None:
        self._on_call(party, party.client.call.end)

    async def resync(self, party) -> None:
        self._on_call(party, party.client.call.resync)

    def _on_call(self, party, operation, *, incoming=False) -> None:
        calls = party.live()
        if incoming:
            calls = [call for call in calls if call.direction == "incoming"] or calls
        if calls:
            party.handles.append(operation(self.random.choice(calls).id))

    async def reset(self, party) -> None:
        party.client.connection.reset_connection()

    async def drop(self, party) -> None:
        await self.gateway.drop_sockets(user=party.username, code=self.random.choice((1001, 1006, 4000)))

    async def fail(self, party) -> None:
        status = self.random.choice((0, 404, 500, 503))
        method = self.random.choice(("POST", "PUT", "DELETE", "GET"))
        await self.gateway.fail(user=party.username, method=method, path=CALLS, status=status, times=1)

    async def delay(self, party) -> None:
        """The longest ones are answers that come too late."""
        seconds = self.random.choice((0.01, 0.05, 0.2, 2.0))
        await self.gateway.delay(user=party.username, path=CALLS, seconds=seconds)

    async def heal(self, party) -> None:
        await self.gateway.clear(user=party.username)


@pytest_asyncio.fixture
async def quick_gateway(nothing_is_left) -> AsyncIterator[Gateway]:
    """It gives up soon what its client cannot know of."""
    timing = Timing(settle=0.01, ready=0.3, first_audit_timeout=4.0, ended_audit=0.5, linger=0.1)
    async with Gateway(timing=timing, no_answer_timeout=8.0) as running:
        yield running


async def settled(handles) -> None:
    """Every operation has an end, good or bad."""
    async with asyncio.timeout(LIMIT):
        for handle in handles:
            try:
                await handle
            except RbbnError:
                continue


def impossible(party) -> list[str]:
    """Changes of states that are not documented, or do not follow each other."""
    wrong = []
    for call_id, changes in party.changes.items():
        befores, afters = [was for was, _ in changes], [now for _, now in changes]
        fits = all(was == now for was, now in zip(befores[1:], afters, strict=False))
        if not fits or not all(now in NEXT[was] for was, now in changes):
            wrong.append(f"{party.username} {call_id}: {changes}")
    return wrong


def legs(gateway) -> list[str]:
    """What the gateway still has of calls that are not over."""
    known = gateway._running.switchboard.legs._by_sid.values()
    return [f"{leg.account.username} {leg.state}" for leg in known if leg.state != "ENDED" and not leg.call.over]


async def all_over(gateway, parties) -> None:
    """No call is left, neither with a client nor with the gateway."""
    async with asyncio.timeout(LIMIT):
        while any(party.live() for party in parties) or legs(gateway):  # noqa: ASYNC110 -- no event tells it
            await asyncio.sleep(0.02)


async def plain_call(caller, callee) -> None:
    """Made, answered and ended, as if nothing had been."""
    get = callee.client.call.get_by_id
    rings = callee.client.wait_for(
        "call:stateChange", lambda event: get(event.call_id).state == "Ringing", timeout=LIMIT
    )
    made = caller.client.call.make(callee.username, {"audio": True})
    await callee.client.call.answer((await rings).call_id, {"audio": True})
    await caller.client.call.answered(made)
    await caller.client.call.end(made)


async def run_mix(gateway, seed) -> None:
    problems: list[str] = []
    async with AsyncExitStack() as stack:
        parties = [Party(gateway, name, problems) for name in USERS]
        for party in parties:
            await stack.enter_async_context(party.client)
            await party.register(gateway)
        mix = Mix(gateway, parties, seed)
        try:
            await mix.run()
            await gateway.clear()
            await come_to_rest(gateway, parties)
            await plain_call(*mix.random.sample(parties, 2))
            await all_over(gateway, parties)
        except BaseException as error:
            error.add_note("what was done: " + ", ".join(mix.done))
            raise
        assert [fault for party in parties for fault in impossible(party)] == []
    assert problems == []


async def come_to_rest(gateway, parties) -> None:
    """All is well again: what is still going on is ended, and then nothing is left."""
    for party in parties:
        party.handles += [party.client.call.end(call.id) for call in party.live()]
    await settled([handle for party in parties for handle in party.handles])
    await all_over(gateway, parties)
    for party in parties:
        await party.is_back()


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_left_of_a_mix(quick_gateway, seed) -> None:
    """The same few each time."""
    await run_mix(quick_gateway, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1000, 1100))
async def test_nothing_is_left_of_many_mixes(quick_gateway, seed) -> None:
    """Many more; what fails is repeated by its number."""
    await run_mix(quick_gateway, seed)
