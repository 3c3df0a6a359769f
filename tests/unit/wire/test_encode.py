"""Requests as text: the members' order is that of the protocol's description, and what is not given is left out."""

import pytest
from msgspec import Struct

from rbbn_sdk.wire import (
    CallControlRequest,
    CallControlRequestBody,
    CustomParameter,
    Ping,
    SubscribeRequest,
    SubscribeRequestBody,
    encode,
    raw,
)


def _control(**members: object) -> Struct:
    return CallControlRequestBody(call_control_request=CallControlRequest(**members))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("message", "text"),
    [
        (Ping(), '{"message_type":"ping"}'),
        (_control(type="audit"), '{"callControlRequest":{"type":"audit"}}'),
        (
            _control(
                type="callStart",
                to="sip:b@x",
                from_="sip:a@x",
                sdp="v=0",
                supported=("earlymedia",),
                custom_parameters=(CustomParameter(name="n", value="v"),),
                custom_bodies=raw('[{"body":1}]'),
            ),
            (
                '{"callControlRequest":{"type":"callStart","to":"sip:b@x","from":"sip:a@x","sdp":"v=0",'
                '"supported":["earlymedia"],"customParameters":[{"name":"n","value":"v"}],"customBodies":[{"body":1}]}}'
            ),
        ),
        (
            _control(type="transfer", session_data="s-2", address="sip:c@x"),
            '{"callControlRequest":{"type":"transfer","sessionData":"s-2","address":"sip:c@x"}}',
        ),
        (
            _control(type="join", first_session_data="s-1", second_session_data="s-2", sdp="v=0"),
            '{"callControlRequest":{"type":"join","firstSessionData":"s-1","secondSessionData":"s-2","sdp":"v=0"}}',
        ),
        (
            SubscribeRequestBody(
                subscribe_request=SubscribeRequest(expires=60, service=("call",), client_correlator="d")
            ),
            (
                '{"subscribeRequest":{"expires":60,"service":["call"],"localization":"English_US","useTurn":true,'
                '"notificationType":"WebSocket","supported":["RingingFeedback"],"clientCorrelator":"d"}}'
            ),
        ),
    ],
    ids=["ping", "audit", "start", "transfer", "join", "subscribe"],
)
def test_a_request_is_written_as_described(message: Struct, text: str) -> None:
    """Some gateways are picky about order, and a diff against a recording should be empty."""
    assert encode(message).decode() == text


def test_text_that_utf8_cannot_carry_is_mended() -> None:
    """An application may pass half an emoji; the request must not die in the encoder."""
    message = _control(type="sendCustomHeaders", custom_parameters=(CustomParameter(name="x", value="\ud83d"),))
    assert "\ufffd" in encode(message).decode()
