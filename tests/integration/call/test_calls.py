"""Calls between two clients through the embedded gateway, with real media on loopback."""

import asyncio

import numpy as np
import pytest

from rbbn_sdk.errors import InvalidArgument, InvalidState, OperationFailed
from rbbn_sdk.media import AudioFrame, Callback, TestPattern, Tone, VideoFrame
from rbbn_sdk.testing.media import dominant_frequency

pytestmark = pytest.mark.media

MEDIA = {"audio": Tone(440), "video": TestPattern(width=160, height=120)}


class Ear:
    """Collects what arrives."""

    def __init__(self):
        self.sound, self.pictures = [], []

    def take(self, frame):
        if isinstance(frame, AudioFrame):
            self.sound.append(frame.samples)
        elif isinstance(frame, VideoFrame):
            self.pictures.append(frame.pixels)

    @property
    def seconds(self):
        return sum(len(samples) for samples in self.sound) / 48000

    def frequency(self):
        return dominant_frequency(np.concatenate(self.sound)[-24000:], 48000)


async def test_two_clients_hear_and_see_each_other(parties, until):
    """The tone arrives as the tone that was sent, pictures move, and all ends on both sides."""
    await parties.talk(MEDIA)
    ears = []
    for client, call_id in ((parties.alice, parties.made), (parties.bob, parties.received)):
        ear = Ear()
        await client.media.render_tracks(client.call.get_by_id(call_id).remote_tracks, Callback(ear.take))
        ears.append(ear)
    await until(lambda: all(ear.seconds > 1.0 and len(ear.pictures) > 5 for ear in ears))
    for ear in ears:
        assert ear.frequency() == pytest.approx(440, abs=5)
        assert any((picture != ear.pictures[0]).any() for picture in ear.pictures[1:])
    await parties.alice.call.end(parties.made)
    await parties.both_are("Ended")


async def test_the_callee_hangs_up(parties):
    """Either side can end a call."""
    await parties.talk()
    await parties.bob.call.end(parties.received)
    await parties.both_are("Ended")


async def test_a_rejected_call(parties):
    """The caller gets the gateway's reason, as a number."""
    await parties.ring()
    ended = parties.alice.wait_for("call:stateChange", lambda event: "transition" in event, timeout=30)
    await parties.bob.call.reject(parties.received)
    assert (await ended).transition.status_code == 603
    await parties.both_are("Ended")
    with pytest.raises(OperationFailed):
        await parties.alice.call.answered(parties.made)


async def test_a_call_that_the_caller_gives_up_is_cancelled(parties, until):
    """It is not missed by an error, and cannot be answered any more."""
    await parties.ring()
    await parties.alice.call.end(parties.made)
    await until(lambda: parties.bob.call.get_by_id(parties.received).state == "Cancelled")
    with pytest.raises(InvalidState):
        await parties.bob.call.answer(parties.received, {"audio": True})


async def test_an_ignored_call_rings_on_at_the_callers(parties):
    """Nothing is sent; the caller ends it when he likes."""
    await parties.ring()
    await parties.bob.call.ignore(parties.received)
    assert parties.bob.call.get_by_id(parties.received).state == "Ended"
    await parties.alice.call.end(parties.made)
    assert parties.alice.call.get_by_id(parties.made).state == "Ended"


async def second_device(gateway, make_client):
    """Another one of Bob's; what tells them apart is the correlator."""
    client = await make_client(gateway, "bob", services=None)
    await client.services.subscribe(["call"], client_correlator="second")
    return client


async def test_the_first_of_two_devices_to_answer_has_the_call(parties, gateway, make_client, until, flows):
    """The other one is cancelled, and media flows with the winner."""
    other = await second_device(gateway, make_client)
    await parties.ring()
    await until(lambda: [call.state for call in other.call.get_all()] == ["Ringing"])
    await other.call.answer(other.call.get_all()[0].id, {"audio": True})
    await parties.alice.call.answered(parties.made)
    await until(lambda: parties.bob.call.get_by_id(parties.received).state == "Cancelled")
    await until(lambda: flows(parties.alice, parties.made))


async def test_two_devices_answer_at_once(parties, gateway, make_client, until, flows):
    """One is connected with media; the other is told that it was too late."""
    other = await second_device(gateway, make_client)
    await parties.ring()
    await until(lambda: [call.state for call in other.call.get_all()] == ["Ringing"])
    second = other.call.get_all()[0].id
    outcomes = await asyncio.gather(
        _outcome(parties.bob.call.answer(parties.received, {"audio": True})),
        _outcome(other.call.answer(second, {"audio": True})),
    )
    assert outcomes.count(None) == 1
    await until(
        lambda: (
            {parties.bob.call.get_by_id(parties.received).state, other.call.get_by_id(second).state}
            == {"Connected", "Cancelled"}
        )
    )
    await until(lambda: flows(parties.alice, parties.made))


async def _outcome(operation):
    try:
        return await operation
    except OperationFailed as error:
        return error.code


async def test_somebody_who_does_not_exist_cannot_be_called(parties, until):
    """The call is made and then ended with 404."""
    made = parties.alice.call.make("nobody@example.com", {"audio": True})
    await until(lambda: parties.alice.call.get_by_id(made).state == "Ended")
    assert parties.alice.call.get_by_id(made).get("error") is None
    with pytest.raises(OperationFailed, match="before it was answered: 404 Not Found"):
        await parties.alice.call.answered(made)


async def test_wrong_arguments_are_told_by_events_and_by_the_handle(parties, record):
    """`make` gives an id in any case."""
    events = record(parties.alice)
    made = parties.alice.call.make(None, {"audio": True})
    with pytest.raises(InvalidArgument, match="destination"):
        await parties.alice.call.answered(made)
    told = [event for event in events.events if event.TYPE.startswith("call:")]
    assert [event.TYPE for event in told] == ["call:start", "call:operation", "call:operation", "call:stateChange"]
    assert told[-1].error.code == "call:7"


async def test_parameters_reach_the_other_side(parties):
    """And what one side sends is not stored as the other's own."""
    given = [{"name": "X-Room", "value": "12"}]
    arrived = parties.bob.wait_for("call:customParameters", timeout=30)
    made = parties.alice.call.make("bob@example.com", {"audio": True}, {"customParameters": given})
    event = await arrived
    assert [dict(parameter) for parameter in event.custom_parameters] == given
    assert "customParameters" not in parties.bob.call.get_by_id(event.call_id)
    await parties.alice.call.end(made)


async def test_handlers_may_call_at_once(parties):
    """As in JavaScript: the state is new in a handler, and an answer from within one works."""
    parties.bob.on("call:stateChange", lambda event: _answer_ringing(parties.bob, event.call_id))
    made = parties.alice.call.make("bob@example.com", {"audio": True})
    assert parties.alice.call.get_by_id(made).state == "Initiating"
    call = await parties.alice.call.answered(made)
    assert call.state == "Connected"


def _answer_ringing(client, call_id):
    if client.call.get_by_id(call_id).state == "Ringing":
        client.call.answer(call_id, {"audio": True})


async def test_calls_without_bundling(gateway, make_client, until, flows):
    """`call.removeBundling`: each section has a transport of its own, and media flows on all."""
    alice = await make_client(gateway, "alice", call={"removeBundling": True})
    bob = await make_client(gateway, "bob")
    bob.on("call:stateChange", lambda event: _answer_ringing(bob, event.call_id))
    made = alice.call.make("bob@example.com", MEDIA)
    await alice.call.answered(made)
    await until(lambda: flows(alice, made))
    await alice.call.end(made)
