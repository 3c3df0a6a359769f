"""What an application's ICE collection check function is given, and what it may answer (`call-media` 3.2 and 3.4)."""

import json
import math
from collections.abc import Mapping
from inspect import iscoroutine
from typing import cast

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.ports import IceCheckAnswer, IceCheckCall

__all__ = ["check_arguments", "read_check_answer"]

_TYPES = ("StartCall", "Wait", "Error")


def check_arguments(call: IceCheckCall) -> tuple[dict[str, object], dict[str, int]]:
    """The info object and the time limits."""
    candidates = zip(call.ice_candidates, call.ice_candidate_mids, strict=False)
    info: dict[str, object] = {
        "callId": str(call.call_id),
        "callOperation": call.call_operation,
        "reason": str(call.reason),
        "iceCandidates": [_candidate(text, mid) for text, mid in candidates],
        "iceCollectionDuration": call.ice_collection_duration,
        "iceGatheringState": str(call.ice_gathering_state),
        "rtcPeerConnectionConfig": json.loads(call.rtc_peer_connection_config or "{}"),
        "rtcLocalSessionDescription": {"type": str(call.local_type), "sdp": call.local_sdp},
    }
    return info, {"iceCollectionIdealTimeout": call.ideal_timeout, "iceCollectionMaxTimeout": call.max_timeout}


def _candidate(attribute: str, mid: str) -> dict[str, object]:
    """A candidate with the members that a browser's has (W3C WebRTC 4.8.1). The empty one ends the candidates."""
    value = attribute.removeprefix("a=")
    shown: dict[str, object] = {"candidate": value, "sdpMid": mid}
    words = value.removeprefix("candidate:").split()
    if len(words) < 8:
        return shown
    shown |= {
        "foundation": words[0],
        "component": {"1": "rtp", "2": "rtcp"}.get(words[1]),
        "protocol": words[2].lower(),
        "priority": _number(words[3]),
        "address": words[4],
        "port": _number(words[5]),
        "type": words[7],
    }
    rest = dict(zip(words[8::2], words[9::2], strict=False))
    related = {"relatedAddress": rest.get("raddr"), "relatedPort": _number(rest.get("rport", ""))}
    named = {"tcpType": rest.get("tcptype"), "usernameFragment": rest.get("ufrag")}
    return shown | {key: value for key, value in (related | named).items() if value is not None}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def read_check_answer(answer: object, name: str) -> IceCheckAnswer:
    """The function's answer. Raises `InvalidArgument` `call:7` for what is none."""
    if iscoroutine(answer):
        answer.close()  # it would warn that nobody awaited it
        raise _malformed(name, "a coroutine; the function has to be synchronous")
    if not isinstance(answer, Mapping):
        raise _malformed(name, "None" if answer is None else f"a {type(answer).__name__}")
    members = cast("Mapping[str, object]", answer)
    kind = members.get("type")
    if kind not in _TYPES:
        raise _malformed(name, f"the type {kind!r}")
    error = members.get("error")
    return IceCheckAnswer(
        type=str(kind),
        wait=_wait(members.get("wait")) if kind == "Wait" else None,
        error=(_error_text(error) if error is not None else None) if kind == "Error" else None,
    )


def _wait(value: object) -> float | None:
    """Milliseconds; what is no positive number is none, and then only events wake the check."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return value if 0 < value < math.inf else None


def _error_text(error: object) -> str:
    return str(getattr(error, "message", "") or error)


def _malformed(name: str, what: str) -> InvalidArgument:
    allowed = "{'type': 'StartCall'}, {'type': 'Wait', 'wait': ms} or {'type': 'Error', 'error': text}"
    message = f"the ICE collection check function {name} returned {what}; it has to return {allowed}"
    return InvalidArgument(message, code="call:7")
