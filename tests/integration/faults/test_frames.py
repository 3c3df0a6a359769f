"""What comes over the websocket in the middle of calls and should not: broken, repeated, late, unknown."""

import json

import pytest

pytestmark = pytest.mark.media

TYPES = [
    "call",
    "ringing",
    "sessionProgress",
    "respondCallUpdate",
    "startCallUpdate",
    "callEnd",
    "callCancel",
    "sessionComplete",
    "sessionFail",
]
UNUSABLE = [
    {"sessionParams": None},
    {"sessionParams": 7},
    {"sessionParams": "text"},
    {"sessionParams": []},
    {"sessionParams": [{}]},
    {"sessionParams": {}},
    {"sessionParams": {"sessionData": None}},
    {"sessionParams": {"sessionData": 5}},
    {"sessionParams": {"sessionData": ["x"]}},
    {"sessionParams": {"sessionData": {"a": 1}}},
    {"sessionParams": {"sessionData": ""}},
    {"sessionParams": {"sdp": "v=0"}},
    {},
]
"""Nobody can say which call these are about."""
ODD = [
    {"eventId": ["x"], "time": "yesterday"},
    {"callNotificationParams": "text"},
    {"callNotificationParams": {"callerName": 5, "remoteName": ["x"], "remoteDisplayNumber": None}},
    {"customParameters": "text"},
    {"customParameters": [5, None, {"name": "x"}, {"name": 1, "value": {}}]},
    {"statusCode": {"a": []}},
    {"unknown": {"deep": [[[]]]}},
]
"""Wrong in a member that nothing depends on."""


def frame(event_type: str, **members: object) -> str:
    return json.dumps({"notificationMessage": {"eventType": event_type, **members}})


@pytest.mark.parametrize("event_type", TYPES)
async def test_a_notification_about_no_call_changes_nothing(event_type, phones, connect, still_works) -> None:
    """Each in the middle of a call; the right one after them is heard."""
    alice, bob = phones
    outgoing, incoming = await connect(alice, bob)
    for side in phones:
        side.forget()
        side.push(*(frame(event_type, eventId=f"u{number}", **bad) for number, bad in enumerate(UNUSABLE)))
        side.push(frame(event_type, eventId="x", sessionParams={"sessionData": "no-such-session", "statusCode": "200"}))
        await side.settled()
    if event_type != "call":
        assert (alice.events(outgoing), bob.events(incoming)) == ([], [])
        assert (len(alice.client.call.get_all()), len(bob.client.call.get_all())) == (1, 1)
    assert (alice.state(outgoing), bob.state(incoming)) == ("Connected", "Connected")
    for side in phones:
        for stranger in [call.id for call in side.live() if call.id not in (outgoing, incoming)]:
            await side.end(stranger)
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await still_works(alice, bob)


@pytest.mark.parametrize("event_type", [name for name in TYPES if name != "callEnd"])
async def test_a_notification_out_of_turn_leaves_a_connected_call_alone(
    event_type, phones, connect, still_works
) -> None:
    """At either side; late ones of the call itself among them, with odd members and without."""
    alice, bob = phones
    calls = await connect(alice, bob)
    for phone, call_id in zip(phones, calls, strict=True):
        phone.forget()
        for members in [{}, {"sdp": ""}, {"sdp": 5}, {"sdp": "garbage"}, {"statusCode": []}, *ODD]:
            phone.notify(event_type, call_id, **members)
        await phone.settled()
        assert phone.state(call_id) == "Connected"
        assert [text for text in phone.events(call_id) if "<" in text or "tracks" in text] == []
    for phone, call_id in zip(phones, calls, strict=True):
        await phone.hears(call_id)
    await bob.end(calls[1])
    await still_works(alice, bob)


@pytest.mark.parametrize("event_type", ["callEnd", "callCancel"])
async def test_the_end_of_a_call_is_heard_whatever_else_it_says(event_type, phones, no_ghosts, gateway) -> None:
    """Only what is wrong is left out."""
    alice, bob = phones
    for members in [*ODD, {"statusCode": [], "reasonText": 5}, {"statusCode": -1}]:
        outgoing = alice.make()
        incoming = await bob.rings()
        bob.notify(event_type, incoming, **members)
        await bob.reaches(incoming, "Ended" if event_type == "callEnd" else "Cancelled")
        await alice.end(outgoing)
    await no_ghosts(gateway, alice, bob)


async def test_the_reason_of_an_end_is_told_as_far_as_it_can_be_read(phones, still_works) -> None:
    """`call-signalling` 1.2: a number, text that is one, other text; what is no scalar is left out."""
    alice, bob = phones
    for given, told in [("486", 486), (486, 486), ("busy", "busy"), ("", None), ([], None), (True, None), (1.5, None)]:
        outgoing = alice.make()
        incoming = await bob.rings()
        alice.notify("callEnd", outgoing, statusCode=given, reasonText="Busy Here")
        await alice.reaches(outgoing, "Ended")
        end = next(event for event in reversed(alice.told) if event.TYPE == "call:stateChange")
        assert (end.transition.get("statusCode"), end.transition.reason_text) == (told, "Busy Here")
        await bob.end(incoming)
    await still_works(alice, bob)


async def test_repeated_notifications_are_handled_once(phones, no_ghosts) -> None:
    """By their id, and by what they say when they have another id."""
    alice, bob = phones
    outgoing = alice.make()
    incoming = await bob.rings()
    offer = {"callerDisplayNumber": "mallory@example.com"}
    bob.notify("call", incoming, sdp="garbage", callNotificationParams=offer)
    alice.notify("ringing", outgoing)
    alice.notify("ringing", outgoing)
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    alice.notify("respondCallUpdate", outgoing, sdp="garbage")
    alice.notify("ringing", outgoing)
    bob.notify("callCancel", incoming)
    await alice.settled()
    await bob.settled()
    await alice.hears(outgoing)
    await bob.end(incoming)
    await alice.reaches(outgoing, "Ended")
    before = alice.events(outgoing)
    alice.notify("callCancel", outgoing)
    alice.notify("respondCallUpdate", outgoing, sdp="garbage")
    alice.notify("ringing", outgoing)
    alice.notify("startCallUpdate", outgoing, sdp="garbage")
    await alice.settled()
    assert alice.events(outgoing) == before
    assert [text for text in before if "<" in text] == [
        "Initiated < Initiating",
        "Ringing < Initiated",
        "Connected < Ringing",
        "Ended < Connected",
    ]
    assert len(bob.client.call.get_all()) == 1
    await no_ghosts(alice.gateway, alice, bob)


async def test_a_late_end_of_an_old_call_does_not_end_the_new_one(phones, connect, still_works) -> None:
    """Nor does a late cancel; the old call is told nothing but that its end came again (`call-signalling` 4.6)."""
    alice, bob = phones
    old, _ = await connect(alice, bob, media=False)
    await bob.end(bob.live()[0].id)
    await alice.reaches(old, "Ended")
    new, _ = await connect(alice, bob)
    alice.forget()
    alice.notify("callEnd", old, statusCode="486", reasonText="late")
    alice.notify("callCancel", old)
    await alice.settled()
    assert alice.state(new) == "Connected"
    assert alice.events(new) == []
    assert alice.events(old) == ["END* START", "END* FINISH(ONGOING)"]
    await alice.end(new)
    await still_works(alice, bob)


async def test_an_unknown_type_about_a_call_is_passed_on_and_changes_nothing(phones, connect, still_works) -> None:
    """Whatever the gateway may invent."""
    alice, bob = phones
    outgoing, _ = await connect(alice, bob, media=False)
    alice.forget()
    alice.notify("callTeleport", outgoing, sdp="v=0")
    await alice.until(lambda: "callTeleport" in str(alice.told))
    assert alice.events(outgoing) == []
    await alice.end(outgoing)
    await still_works(alice, bob)


async def test_a_cancel_before_the_call_is_set_up_is_kept(gateway, phone, still_works) -> None:
    """`callCancel` in Initiating: the set-up is finished first, then the call is cancelled (`call-signalling` 4.7)."""
    alice, bob = await phone(gateway, "alice"), await phone(gateway, "bob")
    states: list[str] = []
    bob.client.on("call:receive", lambda event: bob.notify("callCancel", event.call_id))
    bob.client.on("call:stateChange", lambda event: states.append(bob.state(event.call_id)))
    outgoing = alice.make()
    await bob.until(bob.client.call.get_all)
    incoming = bob.client.call.get_all()[0].id
    await bob.reaches(incoming, "Cancelled")
    assert states == ["Ringing", "Cancelled"]
    assert bob.events(incoming)[-3:] == ["CALL_CANCEL* START", "Cancelled < Ringing", "CALL_CANCEL* FINISH(ONGOING)"]
    await alice.end(outgoing)
    await still_works(bob, alice)
