"""Re-offers in mid-call, and glare (call-signalling 11.2, G4)."""

import pytest


@pytest.fixture
def call(office):
    alice, bob = office.device("alice"), office.device("bob")
    caller, callee = office.established(alice, bob)
    return alice, bob, caller, callee


def test_a_reoffer_and_its_answer_are_relayed_word_for_word(office, call):
    """Clients compare descriptions byte by byte (call-signalling 11.3)."""
    alice, bob, caller, callee = call
    assert office.put("alice", caller, "startCallUpdate", sdp="v=0\r\nodd \u2603\r\n") == (200, 0)
    assert bob.last()["sessionParams"]["sdp"] == "v=0\r\nodd \u2603\r\n"
    assert office.put("bob", callee, "respondCallUpdate", sdp="held") == (200, 0)
    office.clock.advance(0.1)
    assert alice.last()["sessionParams"]["sdp"] == "held"
    assert "statusCode" not in alice.last()


@pytest.mark.parametrize("code", ["491", 491], ids=["text", "number"])
def test_a_refusal_reaches_the_offerer_as_code_49(office, call, code):
    """The number, with a truthy time to try again: nothing else is taken as a failure (call-signalling 1.2)."""
    alice, _, caller, callee = call
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.put("bob", callee, "respondCallUpdate", status_code=code)
    office.clock.advance(0.1)
    assert alice.last()["statusCode"] == 49
    assert alice.last()["sessionParams"]["retryAfter"] > 0


def test_silence_is_a_refusal_and_a_late_answer_is_dropped(office, call):
    """A client that cannot use an offer says nothing (call-signalling 3.7)."""
    alice, _, caller, callee = call
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.clock.advance(15.0)
    assert alice.last()["statusCode"] == 49
    heard = len(alice.frames)
    assert office.put("bob", callee, "respondCallUpdate", sdp="late") == (200, 0)
    office.clock.advance(1.0)
    assert len(alice.frames) == heard


def test_of_two_offers_that_cross_the_first_succeeds(office, call):
    """The second is refused; its sender refuses the first in turn, and gets it once more when it has calmed down."""
    alice, bob, caller, callee = call
    office.put("alice", caller, "startCallUpdate", sdp="of alice")
    office.put("bob", callee, "startCallUpdate", sdp="of bob")
    office.put("bob", callee, "respondCallUpdate", status_code="491")
    office.clock.advance(0.06)
    assert bob.kinds[-2:] == ["startCallUpdate", "respondCallUpdate"]
    assert bob.last()["statusCode"] == 49
    office.clock.advance(0.15)
    assert bob.last()["sessionParams"]["sdp"] == "of alice"
    office.put("bob", callee, "respondCallUpdate", sdp="fine")
    office.clock.advance(0.1)
    assert alice.last()["sessionParams"]["sdp"] == "fine"
    assert alice.kinds.count("startCallUpdate") == 0


def test_an_offer_that_was_not_delivered_yet_comes_after_the_refusal(office):
    """The refused client must have finished its own operation first (G4)."""
    alice, bob = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    office.put("bob", callee, "callAnswer", sdp="answer")
    office.clock.advance(0.3)
    office.put("alice", caller, "startCallUpdate", sdp="of alice")
    office.put("bob", callee, "startCallUpdate", sdp="of bob")
    office.clock.advance(1.0)
    assert bob.kinds == ["call", "respondCallUpdate", "startCallUpdate"]
    assert bob.times[2] - bob.times[1] >= 0.1
    assert alice.kinds == ["ringing", "respondCallUpdate"]


def test_a_second_refusal_is_passed_on(office, call):
    """One repetition settles glare; a client that refuses again has its reasons."""
    alice, _, caller, callee = call
    office.put("alice", caller, "startCallUpdate", sdp="of alice")
    office.put("bob", callee, "startCallUpdate", sdp="of bob")
    office.put("bob", callee, "respondCallUpdate", status_code="491")
    office.clock.advance(0.3)
    office.put("bob", callee, "respondCallUpdate", status_code="491")
    office.clock.advance(0.1)
    assert alice.last()["statusCode"] == 49


def test_only_the_receiver_can_reply(office, call):
    """The offerer's own reply, or that of a device that lost, answers nothing."""
    alice, bob, caller, _ = call
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.put("alice", caller, "respondCallUpdate", sdp="mine")
    office.clock.advance(0.1)
    assert alice.kinds[-1] == "respondCallUpdate"
    assert bob.kinds[-1] == "startCallUpdate"
    assert alice.last()["sessionParams"]["sdp"] == "answer"


def test_the_same_reoffer_again_is_no_second_one(office, call):
    """A client may repeat a request whose connection broke; another offer has to wait."""
    alice, bob, caller, _ = call
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.clock.advance(0.1)
    assert bob.kinds.count("startCallUpdate") == 1
    office.put("alice", caller, "startCallUpdate", sdp="other")
    office.clock.advance(0.1)
    assert alice.last()["statusCode"] == 49
