"""Three clients at a real gateway, who do anything at any time while the gateway and the network misbehave.

Whatever happened, when all is well again no call is left anywhere, every operation has had its end, every call went
from state to state as documented, and a plain call works. Media are not real here: the schedules are what matters.
"""

import asyncio
import random
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
import pytest_asyncio

import rbbn_sdk
from rbbn_sdk.errors import RbbnError
from rbbn_sdk.gateway import Gateway, Timing
from rbbn_sdk.testing.no_media import no_media

LIMIT = 60.0
USERS = ("alice", "bob", "carol")
STEPS = 60
CALLS = "^.*/(callControl|calldisposition).*"
CONFIG = {"request": {"restTimeout": 1500}, "connectivity": {"reconnectDelay": 1000}}
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


class Party:
    """A phone, the operations that were begun with it, and how its calls changed."""

    def __init__(self, phone) -> None:
        self.phone = phone
        self.username = phone.username
        self.client = phone.client
        self.live = phone.live
        self.handles = []
        self.changes = defaultdict(list)
        """By call: the states before and after each change that was told; a failure of an operation is none."""
        self.client.on("call:stateChange", self._note)

    def _note(self, event) -> None:
        state = self.phone.state(event.call_id)
        if "error" not in event or event.previous["state"] != state:
            self.changes[event.call_id].append((str(event.previous["state"]), state))


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

    async def come_to_rest(self) -> None:
        """End what still goes on. Every operation has an end then, good or bad."""
        for party in self.parties:
            party.handles += [party.client.call.end(call.id) for call in party.live()]
        async with asyncio.timeout(LIMIT):
            for handle in [handle for party in self.parties for handle in party.handles]:
                with suppress(RbbnError):
                    await handle


@pytest_asyncio.fixture
async def quick_gateway(nothing_is_left) -> AsyncIterator[Gateway]:
    """It gives up soon what its client cannot know of."""
    timing = Timing(settle=0.01, ready=0.3, first_audit_timeout=4.0, ended_audit=0.5, linger=0.1)
    async with Gateway(timing=timing, no_answer_timeout=8.0) as running:
        yield running


def impossible(party) -> list[str]:
    """Changes of states that are not documented, or do not follow each other."""
    wrong = []
    for call_id, changes in party.changes.items():
        befores, afters = [was for was, _ in changes], [now for _, now in changes]
        fits = all(was == now for was, now in zip(befores[1:], afters, strict=False))
        if not fits or not all(now in NEXT[was] for was, now in changes):
            wrong.append(f"{party.username} {call_id}: {changes}")
    return wrong


@pytest_asyncio.fixture
async def run_mix(quick_gateway, phone, no_ghosts, still_works):
    """Runs the schedule of a seed, and looks at what came of it."""

    async def run(seed) -> None:
        phones = [
            await phone(quick_gateway, name, extensions=[rbbn_sdk.Extension(ports=no_media())], **CONFIG)
            for name in USERS
        ]
        mix = Mix(quick_gateway, [Party(one) for one in phones], seed)
        try:
            await mix.run()
            await quick_gateway.clear()
            await mix.come_to_rest()
            await no_ghosts(quick_gateway, *phones)
            for one in phones:
                await one.until(lambda one=one: one.client.connection.get_socket_state().connected)
            await still_works(*mix.random.sample(phones, 2))
        except BaseException as error:
            error.add_note("what was done: " + ", ".join(mix.done))
            raise
        assert [fault for party in mix.parties for fault in impossible(party)] == []

    return run


@pytest.mark.parametrize("seed", range(4))
async def test_nothing_is_left_of_a_mix(run_mix, seed) -> None:
    """The same few each time."""
    await run_mix(seed)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(1000, 1100))
async def test_nothing_is_left_of_many_mixes(run_mix, seed) -> None:
    """Many more; what fails is repeated by its number."""
    await run_mix(seed)
