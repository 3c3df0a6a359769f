"""The recorded session of a browser from its first request to its last: ours sends the same, headers and all."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.media

SESSION = Path(__file__).parents[2] / "data" / "transcripts" / "make-answer-end-audio.json"
SERVICES = ["call", "IM", "Presence", "CallDisplay", "MWI", "Directory", "addressBook"]


def shape(value: Any) -> Any:
    """Without what differs from session to session: ids in paths, and descriptions."""
    text = json.dumps(value, sort_keys=True)
    text = re.sub(r"(subscription|callSessions)/[^\"]+", r"\1/*", text)
    return json.loads(re.sub(r'"(v=0|\{sdp)[^"]*"', '"SDP"', text))


def recorded(name: str) -> list[Any]:
    steps = json.loads(SESSION.read_text(encoding="utf-8"))["steps"]
    return [shape(step["request"]) for step in steps if step["client"] == name and "request" in step]


def sent(gateway: Any, name: str) -> list[Any]:
    found = []
    for one in gateway.requests:
        if f"/user/{name}@" in one.path:
            request = {"method": one.method, "path": one.path, "query": one.query, "headers": one.headers}
            found.append(shape(request | ({} if one.json is None else {"body": one.json})))
    return found


async def test_each_party_sends_what_a_browser_sends(gateway, phone) -> None:
    """Method, path, query, headers that matter, and the members of the bodies, in the same order."""
    alice, bob = await phone(gateway, "alice", services=None), await phone(gateway, "bob", services=None)
    await alice.client.services.subscribe(SERVICES)
    await bob.client.services.subscribe(SERVICES)
    outgoing = alice.make()
    incoming = await bob.rings()
    await gateway.wait_for_request("PUT", "*callSessions*", user=bob.username, count=2)
    await alice.reaches(outgoing, "Ringing")
    await bob.answer(incoming)
    await alice.reaches(outgoing, "Connected")
    await alice.end(outgoing)
    await bob.reaches(incoming, "Ended")
    await alice.client.services.unsubscribe(SERVICES)
    await bob.client.services.unsubscribe(SERVICES)
    for name in ("alice", "bob"):
        ours, theirs = sent(gateway, name), recorded(name)
        assert [(one["method"], one["path"]) for one in ours] == [(one["method"], one["path"]) for one in theirs]
        for mine, browsers in zip(ours, theirs, strict=True):
            assert mine == browsers


async def test_the_gateway_tells_each_party_what_a_browser_was_told(gateway, raw_party) -> None:
    """The notifications have the recorded members, with the recorded names."""
    alice, bob = await raw_party(gateway, "alice"), await raw_party(gateway, "bob")
    await alice.call("bob@example.com", "v=0\r\n")
    told: dict[str, list[Any]] = {"alice": [], "bob": []}
    told["bob"].append(await bob.notification("call"))
    bob.session = told["bob"][0]["sessionParams"]["sessionData"]
    await bob.control("ringing")
    await bob.control("audit")
    told["alice"].append(await alice.notification("ringing"))
    await bob.control("callAnswer", sdp="v=0\r\n")
    told["alice"].append(await alice.notification("respondCallUpdate"))
    await alice.end()
    told["bob"].append(await bob.notification("callEnd"))
    steps = json.loads(SESSION.read_text(encoding="utf-8"))["steps"]
    for name, ours in told.items():
        theirs = [one["notification"] for one in steps if one["client"] == name and "notification" in one]
        assert [members(one) for one in ours] == [members(one["notificationMessage"]) for one in theirs]


def members(message: dict[str, Any]) -> dict[str, Any]:
    """Names of all members, and the values that say who calls whom."""
    params = message["callNotificationParams"]
    return {"type": message["eventType"], "session": sorted(message["sessionParams"]), "parties": params} | {
        "top": sorted(set(message) - {"eventId", "time"})
    }
