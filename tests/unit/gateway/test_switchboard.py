"""The mapping of requests to notifications (call-signalling 11.1, 11.2), without sockets."""

import pytest


def test_every_device_of_the_callee_rings_with_a_session_of_its_own(office):
    """One session for all would let a device that lost hear of the end, as if it had been its call."""
    office.device("alice")
    phone, desk = office.device("bob", "phone"), office.device("bob", "desk")
    office.make("alice", "sip:bob@example.com")
    assert phone.kinds == desk.kinds == ["call"]
    assert phone.sids("call") != desk.sids("call")
    assert phone.last()["sessionParams"]["sdp"] == "offer"


def test_the_first_answer_wins_and_the_others_are_cancelled(office):
    """All that follows goes to the device that answered and to no other."""
    alice, phone, desk = office.device("alice"), office.device("bob", "phone"), office.device("bob", "desk")
    caller = office.make("alice", "sip:bob@example.com")
    first, second = office.ringing(phone, "bob"), office.ringing(desk, "bob")
    assert office.put("bob", first, "callAnswer", sdp="answer") == (200, 0)
    assert desk.kinds == ["call", "callCancel"]
    office.clock.advance(1.0)
    office.delete("alice", caller)
    assert phone.kinds == ["call", "callEnd"]
    assert desk.kinds == ["call", "callCancel"]
    assert alice.kinds == ["ringing", "respondCallUpdate"]
    assert second != first


def test_a_device_that_is_too_late_is_told_that_another_has_answered(office):
    """It then reads the state, and finds the call answered (call-signalling 3.3)."""
    office.device("alice")
    phone, desk = office.device("bob", "phone"), office.device("bob", "desk")
    office.make("alice", "sip:bob@example.com")
    first, second = office.ringing(phone, "bob"), office.ringing(desk, "bob")
    office.put("bob", first, "callAnswer", sdp="answer")
    assert office.put("bob", second, "callAnswer", sdp="late") == (409, 55)
    assert office.state("bob", second) == "ANSWERED"
    assert office.put("bob", second, "audit") == (200, 0)
    assert office.delete("bob", second) == 204
    assert office.state("bob", first) == "ANSWERED"


def test_an_answer_sent_twice_is_no_error(office):
    """A client may repeat a request whose connection broke."""
    alice, bob = office.device("alice"), office.device("bob")
    _, callee = office.established(alice, bob)
    assert office.put("bob", callee, "callAnswer", sdp="answer") == (200, 0)
    assert alice.kinds == ["ringing", "respondCallUpdate"]


def test_the_caller_hears_of_ringing_once(office):
    """Each device rings and says so; callers want one word."""
    alice = office.device("alice")
    phone, desk = office.device("bob", "phone"), office.device("bob", "desk")
    office.make("alice", "sip:bob@example.com")
    office.ringing(phone, "bob")
    office.ringing(desk, "bob")
    assert alice.kinds == ["ringing"]


@pytest.mark.parametrize("with_others", [False, True], ids=["one device", "two devices"])
def test_a_reject_ends_the_call_for_all(office, with_others):
    """The rejecting device hears nothing more; the others are cancelled; the caller is declined."""
    alice, phone = office.device("alice"), office.device("bob", "phone")
    desk = office.device("bob", "desk") if with_others else None
    office.make("alice", "sip:bob@example.com")
    sid = office.ringing(phone, "bob")
    if desk is not None:
        office.ringing(desk, "bob")
    assert office.dispose("bob", sid, "reject") == (200, 0)
    assert phone.kinds == ["call"]
    assert desk is None or desk.kinds == ["call", "callCancel"]
    assert alice.last()["sessionParams"]["statusCode"] == "603"


def test_a_callee_who_ends_an_unanswered_call_declines_it(office):
    """DELETE in Ringing is an end too (call-signalling 7.2)."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com")
    assert office.delete("bob", office.ringing(bob, "bob")) == 204
    assert alice.kinds == ["ringing", "callEnd"]
    assert bob.kinds == ["call"]


def test_a_forwarded_call_rings_the_next_user_with_the_first_offer(office):
    """The caller learns of the new party from what follows (call-signalling 1.3)."""
    alice, bob, carol = office.device("alice"), office.device("bob"), office.device("carol")
    office.make("alice", "sip:bob@example.com")
    sid = office.ringing(bob, "bob")
    assert office.dispose("bob", sid, "forward", address="sip:carol@example.com") == (200, 0)
    assert carol.last()["sessionParams"]["sdp"] == "offer"
    office.put("carol", office.ringing(carol, "carol"), "callAnswer", sdp="answer")
    assert bob.kinds == ["call"]
    assert alice.kinds[-1] == "respondCallUpdate"
    assert alice.last()["callNotificationParams"]["remoteDisplayNumber"] == "carol@example.com"


def test_a_call_forwarded_to_nobody_fails(office):
    """The caller must not wait for somebody who does not exist."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com")
    office.dispose("bob", office.ringing(bob, "bob"), "forward", address="nobody")
    assert alice.last()["sessionParams"]["statusCode"] == "404"


@pytest.mark.parametrize(
    ("to", "status"),
    [("sip:nobody@example.com", "404"), ("sip:carol@example.com", "480"), ("bob@elsewhere.org", "404")],
    ids=["unknown", "not subscribed", "other domain"],
)
def test_a_call_that_cannot_be_delivered_ends_with_the_reason(office, to, status):
    """As an event, not as the failure of the request: the call existed (call-signalling 8.10)."""
    alice, _ = office.device("alice"), office.device("bob")
    office.device("carol", service=("IM",))
    sid = office.make("alice", to)
    assert alice.kinds == ["callEnd"]
    assert alice.last()["sessionParams"]["statusCode"] == status
    assert alice.last()["sessionParams"]["sessionData"] == sid


@pytest.mark.parametrize(
    "to", ["bob", "BOB@EXAMPLE.COM".replace("BOB", "bob"), "sips:bob@example.com;x=1", "tel:+1 (613) 555-0102"]
)
def test_a_callee_is_found_however_he_is_written(office, to):
    """Clients send what their users typed (call-signalling 2.3)."""
    office.device("alice")
    bob = office.device("bob")
    office.make("alice", to)
    assert bob.kinds == ["call"]


def test_nobody_answers_for_a_minute(office):
    """The caller hears why, the devices stop ringing."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com")
    office.ringing(bob, "bob")
    office.clock.advance(60.0)
    assert alice.last()["sessionParams"] == {
        "sessionData": alice.sids("callEnd")[0],
        "statusCode": "487",
        "reasonText": "Request Terminated",
    }
    assert bob.kinds == ["call", "callCancel"]


def test_a_caller_who_never_audits_has_given_up(office):
    """He ended the call before he knew its session, so nobody else will end it (call-signalling 3.5)."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com", audits=False)
    office.ringing(bob, "bob")
    office.clock.advance(10.0)
    assert bob.kinds == ["call", "callCancel"]
    assert "callEnd" not in alice.kinds


def test_a_caller_whose_audit_is_answered_late_has_not_given_up(office):
    """He has asked, which is what counts."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com", audits=False)
    office.put("alice", caller, "audit", answered=False)
    office.ringing(bob, "bob")
    office.clock.advance(30.0)
    assert bob.kinds == ["call"]


def test_the_audit_of_an_ended_call_is_good_until_its_end_has_been_heard(office):
    """A call that is dead at an early audit would hide the reason of its end (call-signalling 11.1)."""
    alice, _ = office.device("alice"), office.device("bob")
    alice.close()
    sid = office.make("alice", "sip:nobody@example.com")
    office.clock.advance(30.0)
    assert office.put("alice", sid, "audit") == (200, 0)
    alice.open()
    office.clock.advance(4.9)
    assert office.put("alice", sid, "audit") == (200, 0)
    office.clock.advance(0.2)
    assert office.put("alice", sid, "audit") == (404, 42)
    assert office.state("alice", sid) == (404, 47)


def test_a_session_is_its_users_only(office):
    """Whoever knows a session id has no right to it by that."""
    alice, bob = office.device("alice"), office.device("bob")
    caller, callee = office.established(alice, bob)
    assert office.put("carol", caller, "audit") == (404, 42)
    assert office.put("bob", caller, "startCallUpdate", sdp="x") == (404, 42)
    assert office.state("carol", callee) == (404, 47)
    assert office.delete("carol", caller) == 204
    assert office.state("alice", caller) == "ANSWERED"


def test_an_end_is_never_an_error(office):
    """Clients end what has ended already."""
    alice, bob = office.device("alice"), office.device("bob")
    caller, callee = office.established(alice, bob)
    assert [office.delete("alice", caller), office.delete("alice", caller), office.delete("alice", "x")] == [204] * 3
    assert office.delete("bob", callee) == 204
    assert bob.kinds == ["call", "callEnd"]


def test_requests_that_are_not_offered_say_so(office):
    """403 with code 35 fails cleanly in clients (call-signalling 11.2)."""
    alice, bob = office.device("alice"), office.device("bob")
    caller, _ = office.established(alice, bob)
    assert office.put("alice", caller, "transfer", address="sip:carol@example.com") == (403, 35)
    assert office.put("alice", caller, "sendCustomHeaders") == (200, 0)
    assert office.put("alice", caller, "dance") == (400, 1004)


def test_a_lost_device_gets_its_cancel_even_when_the_call_ends_at_once(office):
    """Else it would ring for ever."""
    office.device("alice")
    phone, desk = office.device("bob", "phone"), office.device("bob", "desk")
    caller = office.make("alice", "sip:bob@example.com")
    office.put("bob", office.ringing(phone, "bob"), "callAnswer", sdp="answer")
    office.delete("alice", caller)
    assert desk.kinds == ["call"]
    office.clock.advance(2.0)
    assert desk.kinds == ["call", "callCancel"]


def test_a_new_subscription_takes_over_what_rings_and_what_is_up(office):
    """A page that is loaded anew is rung again; a client that only reconnected ignores the known session."""
    alice, old = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    office.ringing(old, "bob")
    new = office.device("bob")
    assert old.kinds == ["call", "websocketOverridden"]
    assert new.kinds == ["call"]
    assert new.sids("call") == old.sids("call")
    sid = new.sids("call")[0]
    office.put("bob", sid, "callAnswer", sdp="answer")
    office.clock.advance(2.0)
    office.delete("alice", caller)
    assert new.kinds[-1] == "callEnd"
    assert alice.kinds[-1] == "respondCallUpdate"


def test_forgotten_sessions_end_at_the_next_audit_on_both_sides(office):
    """A gateway that lost its state must leave no ghost at the far end."""
    alice, bob = office.device("alice"), office.device("bob")
    caller, callee = office.established(alice, bob)
    office.core.switchboard.legs.forget("alice@example.com")
    assert office.put("bob", callee, "audit") == (200, 0)
    assert office.put("alice", caller, "audit") == (404, 42)
    office.clock.advance(0.1)
    assert bob.kinds == ["call", "callEnd"]


def test_a_call_without_audit_and_websocket_is_ended_after_two_minutes(office):
    """Not sooner: clients lose audits, and their socket, and come back (call-signalling 11.2)."""
    alice, bob = office.device("alice"), office.device("bob")
    _, callee = office.established(alice, bob)
    alice.close()
    alice.last_open = office.clock.now()
    for _ in range(6):
        office.clock.advance(19.9)
        office.put("bob", callee, "audit")
        office.core.switchboard.sweep()
    assert bob.kinds == ["call"]
    office.clock.advance(2.0)
    office.core.switchboard.sweep()
    assert bob.kinds == ["call", "callEnd"]


def test_custom_parameters_go_along(office):
    """With the call, the answer and re-offers (call-signalling 1.2)."""
    from rbbn_sdk.wire import CustomParameter

    parameters = (CustomParameter(name="X-Room", value="12"),)
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "bob", custom_parameters=parameters, from_="Al<sip:alice@example.com>")
    assert bob.last()["customParameters"] == [{"name": "X-Room", "value": "12"}]
    assert bob.last()["callNotificationParams"]["callerName"] == "Al"
    office.put("bob", office.ringing(bob, "bob"), "callAnswer", sdp="answer", custom_parameters=parameters)
    assert alice.last()["customParameters"] == [{"name": "X-Room", "value": "12"}]
