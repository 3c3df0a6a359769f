"""F53: a burst of notifications for many calls, each of which waits for the gateway: none lost, none out of order."""

import json
from collections import defaultdict

import pytest

pytestmark = pytest.mark.media

CALLS = 50
EACH = 100
FINE = {"callControlResponse": {"statusCode": 0, "state": "RINGING"}}
MIDDLE = ("ringing", "sessionProgress", "respondCallUpdate", "startCallUpdate", "sessionComplete", "sessionFail")


def frame(call: int, number: int) -> str:
    """The notifications of one call: its beginning, what changes nothing, and its end."""
    kind = {0: "call", EACH - 1: "callEnd"}.get(number, MIDDLE[number % len(MIDDLE)])
    params = {"sessionData": f"s{call}", "statusCode": "487", "reasonText": f"end of {call}"}
    message = {"eventType": kind, "eventId": f"{call}-{number}", "sessionParams": params}
    return json.dumps({"notificationMessage": message})


async def test_f53_5000_notifications_for_50_calls(gateway, phones, connect, still_works) -> None:
    """Calls without an offer, whose ringing waits for the gateway; the call that there was goes on meanwhile."""
    alice, bob = phones
    outgoing, incoming = await connect(alice, bob)
    await gateway.fail(user=bob.username, path="^.*callSessions/s.*", status=200, body=FINE)
    await gateway.delay(user=bob.username, path="^.*callSessions/s.*", seconds=0.005)
    bob.push(*(frame(call, number) for number in range(EACH) for call in range(CALLS)))
    await bob.hears(incoming)
    await alice.end(outgoing)
    await bob.until(lambda: len(bob.client.call.get_all()) == CALLS + 1 and not bob.live())
    await bob.settled()
    calls = {call.wrtcs_session_id: call for call in bob.client.call.get_all() if call.id != incoming}
    assert {call.state for call in calls.values()} == {"Ended"}
    for session, call in calls.items():
        (end,) = (
            event
            for event in bob.told
            if event.get("callId") == call.id and "transition" in event and event.TYPE == "call:stateChange"
        )
        assert end.transition.reason_text == f"end of {session[1:]}"
    told: dict[str, list[int]] = defaultdict(list)
    for event in bob.told:
        if event.TYPE == "notification:received":
            session, _, number = str(event.payload["notificationMessage"].get("eventId", "")).partition("-")
            told[session].append(int(number)) if number.isdigit() else None
    assert [session for session in map(str, range(CALLS)) if told[session] != list(range(EACH))] == []
    await gateway.clear()
    await still_works(alice, bob)
