"""What is kept under references, and how an application's functions are called."""

from collections.abc import Callable
from typing import Any

import pytest

from rbbn_sdk.errors import InvalidArgument, InvalidState, RbbnError
from rbbn_sdk.io import KeptObjects, KeptSecrets
from rbbn_sdk.ports import IceCheckCall, SdpHandlerCall
from rbbn_sdk.types import CallId, JsonText
from rbbn_sdk.types.call import IceCheckReason, IceGatheringState, SdpEndpoint, SdpStep, SdpType

SDP = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n"
HOST = "candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host"
RELAY = "candidate:2 1 UDP 41885439 192.0.2.9 3478 typ relay raddr 192.0.2.7 rport 50000"


def a_handler_call(**changes: Any) -> SdpHandlerCall:
    given: dict[str, Any] = {
        "call_id": CallId("c-1"),
        "type": SdpType.OFFER,
        "step": SdpStep.SET,
        "endpoint": SdpEndpoint.LOCAL,
        "sdp": SDP,
        "original_sdp": SDP,
        **changes,
    }
    return SdpHandlerCall(**given)


def an_ice_call(**changes: Any) -> IceCheckCall:
    given: dict[str, Any] = {
        "call_id": CallId("c-1"),
        "call_operation": "MAKE",
        "reason": IceCheckReason.NEW_CANDIDATE,
        "ice_candidates": (HOST, RELAY, ""),
        "ice_candidate_mids": ("0", "0", "0"),
        "ice_collection_duration": 240,
        "ice_gathering_state": IceGatheringState.GATHERING,
        "rtc_peer_connection_config": JsonText('{"rtcConfig":{"iceServers":[]}}'),
        "local_type": SdpType.OFFER,
        "local_sdp": SDP,
        "ideal_timeout": 1000,
        "max_timeout": 3000,
        **changes,
    }
    return IceCheckCall(**given)


def test_references_count_up_in_each_instance() -> None:
    """A replayed session has to get the very same references."""
    first, second = KeptSecrets(), KeptSecrets()
    assert [first.keep("a", "password").id, first.keep("b", "bearer").id] == ["secret-1", "secret-2"]
    assert second.keep("c", "hmac").id == "secret-1"
    assert KeptObjects().keep(object(), "sink", "out.wav").id == "object-1"


def test_a_freed_secret_is_refused_by_its_reference_never_by_its_value() -> None:
    """Errors end in logs."""
    secrets = KeptSecrets()
    ref = secrets.keep("pa55word", "password")
    secrets.free(ref)
    secrets.free(ref)
    with pytest.raises(InvalidState, match="secret-1") as caught:
        secrets.read(ref)
    assert "pa55word" not in repr(caught.value)


def test_no_repr_shows_what_is_kept() -> None:
    """A debugger, a log line and a failed assertion all print it."""
    secrets, objects = KeptSecrets(), KeptObjects()
    ref = secrets.keep("pa55word", "password")
    objects.keep("pa55word", "source")
    assert "pa55word" not in f"{secrets!r}{objects!r}{ref!r}"
    assert secrets.read(ref) == "pa55word"


def test_closing_forgets_everything() -> None:
    """A destroyed client keeps no password in memory."""
    secrets, objects = KeptSecrets(), KeptObjects()
    ref, kept = secrets.keep("x", "password"), objects.keep(None, "sink")
    secrets.close()
    objects.close()
    with pytest.raises(InvalidState):
        secrets.read(ref)
    with pytest.raises(InvalidState, match="object-1"):
        objects.read(kept)


def test_an_sdp_handler_gets_objects_and_its_answer_becomes_text() -> None:
    """The documented form: (newSdp, info, originalSdp) -> newSdp."""
    seen: list[dict[str, Any]] = []

    def handler(sdp: dict[str, Any], info: dict[str, Any], original: dict[str, Any]) -> dict[str, Any]:
        seen.append(info)
        sdp["media"][0]["mid"] = "audio"
        assert original["media"][0]["mid"] != "audio"
        return sdp

    objects = KeptObjects()
    ref = objects.keep(handler, "sdp_handler", "handler")
    changed = objects.run_sdp_handler(ref, a_handler_call(bandwidth=JsonText('{"audio":64}')))
    assert "a=mid:audio" in changed
    assert seen == [{"callId": "c-1", "type": "offer", "step": "set", "endpoint": "local", "bandwidth": {"audio": 64}}]


def _raises(*_: object) -> None:
    raise KeyError("media")


@pytest.mark.parametrize(
    ("handler", "text"),
    [
        (lambda *_: None, "returned None"),
        (lambda *_: "v=0", "returned a str"),
        (_raises, "raised KeyError"),
        (7, "int"),
    ],
    ids=["nothing", "text", "raises", "no-function"],
)
def test_a_bad_sdp_handler_is_an_error_that_names_it(handler: object, text: str) -> None:
    """Never an exception out of a worker, and never a description half changed."""
    objects = KeptObjects()
    ref = objects.keep(handler, "sdp_handler", "my_handler")
    with pytest.raises(RbbnError, match=text):
        objects.run_sdp_handler(ref, a_handler_call())


def test_an_ice_check_function_is_told_what_is_documented() -> None:
    """It is written for a browser's objects."""
    seen: list[tuple[dict[str, Any], dict[str, Any]]] = []

    def check(info: dict[str, Any], limits: dict[str, Any]) -> dict[str, str]:
        seen.append((info, limits))
        return {"type": "StartCall"}

    objects = KeptObjects()
    answer = objects.run_ice_check(objects.keep(check, "ice_check"), an_ice_call())
    ((info, limits),) = seen
    assert (answer.type, limits) == (
        "StartCall",
        {"iceCollectionIdealTimeout": 1000, "iceCollectionMaxTimeout": 3000},
    )
    assert info["callOperation"] == "MAKE"
    assert info["rtcLocalSessionDescription"] == {"type": "offer", "sdp": SDP}
    assert info["rtcPeerConnectionConfig"] == {"rtcConfig": {"iceServers": []}}
    assert [candidate.get("type") for candidate in info["iceCandidates"]] == ["host", "relay", None]
    assert info["iceCandidates"][1] == {
        "candidate": RELAY,
        "sdpMid": "0",
        "foundation": "2",
        "component": "rtp",
        "protocol": "udp",
        "priority": 41885439,
        "address": "192.0.2.9",
        "port": 3478,
        "type": "relay",
        "relatedAddress": "192.0.2.7",
        "relatedPort": 50000,
    }


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"type": "StartCall", "wait": 5}, ("StartCall", None, None)),
        ({"type": "Wait", "wait": 760}, ("Wait", 760, None)),
        ({"type": "Wait"}, ("Wait", None, None)),
        ({"type": "Wait", "wait": 0}, ("Wait", None, None)),
        ({"type": "Wait", "wait": float("nan")}, ("Wait", None, None)),
        ({"type": "Error", "error": "no relay"}, ("Error", None, "no relay")),
        ({"type": "Error", "error": ValueError("no relay")}, ("Error", None, "no relay")),
    ],
    ids=["start", "wait", "wait-for-events", "wait-zero", "wait-nan", "error-text", "error-object"],
)
def test_a_right_answer_of_an_ice_check_is_read(given: object, expected: tuple[object, ...]) -> None:
    """All documented forms."""
    objects = KeptObjects()
    answer = objects.run_ice_check(objects.keep(lambda *_: given, "ice_check"), an_ice_call())
    assert (answer.type, answer.wait, answer.error) == expected


async def _async_check(*_: object) -> dict[str, str]:
    return {"type": "StartCall"}


@pytest.mark.parametrize(
    ("check", "error", "code"),
    [
        (_raises, RbbnError, "call:1"),
        (lambda *_: None, InvalidArgument, "call:7"),
        (lambda *_: {"type": "Go"}, InvalidArgument, "call:7"),
        (_async_check, InvalidArgument, "call:7"),
    ],
    ids=["raises", "nothing", "unknown-type", "coroutine"],
)
def test_a_bad_ice_check_is_an_error_with_the_documented_code(
    check: Callable[..., object], error: type[RbbnError], code: str
) -> None:
    """The call ends with it."""
    objects = KeptObjects()
    with pytest.raises(error) as caught:
        objects.run_ice_check(objects.keep(check, "ice_check"), an_ice_call())
    assert caught.value.code == code
