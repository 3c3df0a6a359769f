"""Calls to somebody who is not there: made, then ended by the gateway with the reason."""

import pytest

pytestmark = pytest.mark.media


@pytest.mark.parametrize(
    ("to", "code"), [("nobody@example.com", 404), ("carol@example.com", 480)], ids=["unknown user", "not registered"]
)
async def test_the_caller_is_told_why_nobody_answers(phones, still_works, to, code) -> None:
    """The order of `call-signalling` 8.10: the call is initiated, then over, with the transition."""
    alice, bob = phones
    call_id = alice.make(to)
    await alice.reaches(call_id, "Ended")
    assert alice.events(call_id) == [
        "start",
        "MAKE START",
        "MAKE UPDATE(ONGOING)",
        "tracksAdded",
        "Initiated < Initiating",
        "END* START",
        "tracksRemoved",
        "Ended < Initiated",
        "END* FINISH(ONGOING)",
        "MAKE FINISH(PENDING)",
    ]
    (told,) = (event for event in alice.told if "transition" in event and event.TYPE == "call:stateChange")
    assert told.transition.status_code == code
    await still_works(alice, bob)
