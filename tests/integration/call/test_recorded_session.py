"""A recorded session of a browser, made by this client: the same requests in the same order for each party."""

import json
import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.media

SESSION = Path(__file__).parents[2] / "data" / "transcripts" / "make-answer-end-audio.json"


def recorded(name: str) -> list[tuple[str, str, object]]:
    """A party's requests about calls: method, path without ids, and body without descriptions."""
    steps = json.loads(SESSION.read_text(encoding="utf-8"))["steps"]
    requests = [step["request"] for step in steps if step["client"] == name and "request" in step]
    return [_shape(one["method"], one["path"], one.get("body")) for one in requests if _is_about_calls(one["path"])]


def sent(gateway, name: str) -> list[tuple[str, str, object]]:
    own = [one for one in gateway.requests if f"/user/{name}@" in one.path and _is_about_calls(one.path)]
    return [_shape(one.method, one.path, one.json) for one in own]


def _is_about_calls(path: str) -> bool:
    return "callControl" in path


def _shape(method: str, path: str, body: object) -> tuple[str, str, object]:
    text = json.dumps(body, sort_keys=True)
    return method, re.sub(r"callSessions/.*", "callSessions/*", path), json.loads(re.sub(r'"v=0[^"]*"', '"SDP"', text))


async def test_a_call_as_a_browser_makes_it(parties, gateway):
    """The gateway cannot tell this client from the browser by what it is asked."""
    await parties.talk()
    await parties.alice.call.end(parties.made)
    await parties.both_are("Ended")
    assert [_key(one) for one in sent(gateway, "alice")] == [_key(one) for one in recorded("alice")]
    assert [_key(one) for one in sent(gateway, "bob")] == [_key(one) for one in recorded("bob")]


def _key(request: tuple[str, str, object]) -> tuple[str, str, object]:
    method, path, body = request
    inner = body.get("callControlRequest") if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        return method, path, None
    return method, path, {key: "SDP" if key == "sdp" else value for key, value in inner.items()}


CALLER = [
    "call:start",
    "call:operation MAKE START",
    "call:operation MAKE UPDATE",
    "call:tracksAdded",
    "call:stateChange",
    "call:stateChange",
    "notification:received",
    "notification:received",
    "call:operation MAKE RESUME",
    "call:tracksAdded",
    "call:stateChange",
    "call:operation MAKE FINISH",
    "call:operation END START",
    "call:operation END UPDATE",
    "call:tracksRemoved",
    "call:operation END FINISH",
    "call:stateChange",
]
CALLEE = [
    "call:operation MAKE START",
    "call:receive",
    "notification:received",
    "call:stateChange",
    "call:operation MAKE FINISH",
    "call:operation ANSWER START",
    "call:operation ANSWER UPDATE",
    "call:tracksAdded",
    "call:stateChange",
    "call:operation ANSWER FINISH",
    "call:operation END START",
    "notification:received",
    "call:tracksRemoved",
    "call:stateChange",
    "call:operation END FINISH",
]


async def test_the_events_of_both_parties(parties, record):
    """In the recorded order; when the connection changes is left to the network, and one END FINISH is enough."""
    caller, callee = record(parties.alice), record(parties.bob)
    await parties.talk()
    await parties.alice.call.end(parties.made)
    await parties.both_are("Ended")
    assert _told(caller) == CALLER
    assert _told(callee) == CALLEE


def _told(recorder) -> list[str]:
    left_out = ("call:mediaConnectionChange", "devices:change", "media:trackRendered")
    return [_name(event) for event in recorder.events if event.TYPE not in left_out and ":" in event.TYPE]


def _name(event) -> str:
    return f"{event.TYPE} {event.operation} {event.transition}" if event.TYPE == "call:operation" else event.TYPE
