"""When a notification may leave (call-signalling 11.4): clients lose what comes too early."""


def test_a_caller_hears_nothing_before_his_first_audit_is_answered(office):
    """G1: before it his client does not know the session, and drops what is said about it."""
    alice, bob = office.device("alice"), office.device("bob")
    sid = office.make("alice", "sip:bob@example.com", audits=False)
    office.put("bob", bob.sids("call")[0], "ringing")
    office.clock.advance(1.0)
    assert alice.kinds == []
    office.put("alice", sid, "audit")
    assert alice.kinds == []
    office.clock.advance(0.05)
    assert alice.kinds == ["ringing"]


def test_a_caller_who_does_not_audit_hears_after_two_seconds(office):
    """G1: a client that loses its first audit must hear of its call nevertheless."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com", audits=False)
    office.put("bob", bob.sids("call")[0], "ringing")
    office.clock.advance(1.9)
    assert alice.kinds == []
    office.clock.advance(0.1)
    assert alice.kinds == ["ringing"]


def test_a_cancel_waits_for_the_first_audit_of_the_called_device(office):
    """G2: a device that is still setting the call up ignores a cancel, and would ring for ever."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = bob.sids("call")[0]
    office.delete("alice", caller)
    assert bob.kinds == ["call"]
    office.put("bob", callee, "audit")
    office.clock.advance(0.05)
    assert bob.kinds == ["call", "callCancel"]


def test_a_cancel_leaves_two_seconds_after_a_call_that_nobody_audits(office):
    """G2: the device may not be there at all."""
    office.device("alice")
    bob = office.device("bob")
    office.delete("alice", office.make("alice", "sip:bob@example.com"))
    office.clock.advance(1.9)
    assert bob.kinds == ["call"]
    office.clock.advance(0.1)
    assert bob.kinds == ["call", "callCancel"]


def test_a_cancel_that_left_before_a_slow_device_was_ready_is_said_again(office):
    """G2: it was ignored, and the device now begins to ring."""
    office.device("alice")
    bob = office.device("bob")
    office.delete("alice", office.make("alice", "sip:bob@example.com"))
    office.clock.advance(3.0)
    assert bob.kinds == ["call", "callCancel"]
    office.put("bob", bob.sids("call")[0], "audit")
    office.clock.advance(0.05)
    assert bob.kinds == ["call", "callCancel", "callCancel"]
    office.put("bob", bob.sids("call")[0], "audit")
    office.clock.advance(10.0)
    assert bob.kinds == ["call", "callCancel", "callCancel"]


def test_an_answer_that_comes_after_the_cancel_is_cancelled_again(office):
    """While it answers a client ignores a cancel (call-signalling 4.7), and would go on ringing."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    office.delete("alice", caller)
    assert office.put("bob", callee, "callAnswer", sdp="answer") == (404, 42)
    assert bob.kinds == ["call", "callCancel"]
    office.clock.advance(0.05)
    assert bob.kinds == ["call", "callCancel", "callCancel"]
    assert bob.frames[1]["eventId"] != bob.frames[2]["eventId"]


def test_a_cancel_that_has_not_left_follows_the_late_answer(office):
    """One is enough when it comes after the answer's refusal."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    office.delete("alice", caller)
    assert office.put("bob", bob.sids("call")[0], "callAnswer", sdp="answer") == (404, 42)
    office.clock.advance(10.0)
    assert bob.kinds == ["call", "callCancel"]


def test_ends_that_cross_are_not_told_to_each_other(office):
    """G6: a device that ends the call before its cancel could leave needs none."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    office.delete("alice", caller)
    assert office.delete("bob", bob.sids("call")[0]) == 204
    office.clock.advance(10.0)
    assert bob.kinds == ["call"]


def test_a_cancelled_call_that_its_client_has_ended_is_not_cancelled_again(office):
    """G6: who ended a call himself hears nothing more of it."""
    office.device("alice")
    bob = office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    office.delete("alice", caller)
    office.delete("bob", callee)
    office.put("bob", callee, "callAnswer", sdp="answer")
    office.clock.advance(10.0)
    assert bob.kinds == ["call", "callCancel"]


def test_a_cancel_counts_its_two_seconds_from_when_the_call_could_be_sent(office):
    """G2 also holds for a device that comes back and gets everything in one go."""
    office.device("alice")
    bob = office.device("bob")
    bob.close()
    office.delete("alice", office.make("alice", "sip:bob@example.com"))
    office.clock.advance(30.0)
    bob.open()
    assert bob.kinds == ["call"]
    office.clock.advance(2.0)
    assert bob.kinds == ["call", "callCancel"]


def test_a_reoffer_waits_until_both_sides_are_steady(office):
    """G3: outside of Connected and On Hold it is ignored without a word."""
    alice, bob = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    office.put("bob", callee, "callAnswer", sdp="answer")
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.clock.advance(0.4)
    assert bob.kinds == ["call"]
    office.clock.advance(0.2)
    assert bob.kinds == ["call", "startCallUpdate"]
    office.put("bob", callee, "respondCallUpdate", sdp="held")
    office.clock.advance(0.1)
    assert alice.kinds == ["ringing", "respondCallUpdate", "respondCallUpdate"]


def answered_without_a_socket(office):
    """Bob answers while alice's socket is down."""
    alice, bob = office.device("alice"), office.device("bob")
    office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    alice.close()
    office.put("bob", callee, "callAnswer", sdp="answer")
    return alice, bob, callee


def test_a_reoffer_waits_for_an_answer_that_waits_for_a_socket(office):
    """G3 counts from when the answer leaves: both would come in one go with the next socket."""
    alice, _, callee = answered_without_a_socket(office)
    office.clock.advance(3.0)
    office.put("bob", callee, "startCallUpdate", sdp="hold")
    office.clock.advance(1.0)
    alice.open()
    assert alice.kinds == ["ringing", "respondCallUpdate"]
    office.clock.advance(0.4)
    assert alice.kinds == ["ringing", "respondCallUpdate"]
    office.clock.advance(0.2)
    assert alice.kinds == ["ringing", "respondCallUpdate", "startCallUpdate"]


def test_a_reoffer_that_was_given_up_meanwhile_does_not_come_with_the_socket(office):
    """Its offerer has been refused, so nobody waits for a reply."""
    alice, bob, callee = answered_without_a_socket(office)
    office.put("bob", callee, "startCallUpdate", sdp="hold")
    office.clock.advance(16.0)
    assert bob.last()["statusCode"] == 49
    alice.open()
    office.clock.advance(5.0)
    assert alice.kinds == ["ringing", "respondCallUpdate"]


def test_the_result_of_a_request_follows_its_answer(office):
    """G8: what the client waits for must not come before it waits."""
    alice, _ = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    office.put("alice", caller, "startCallUpdate", answered=False, sdp="too early")
    office.clock.advance(5.0)
    assert alice.kinds == []


def test_a_refused_reoffer_says_so_soon_after_the_answer(office):
    """A client whose call is not up gets code 49 as a number, with a time to try again (call-signalling 1.2)."""
    alice, _ = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    assert office.put("alice", caller, "startCallUpdate", sdp="too early") == (200, 0)
    office.clock.advance(0.05)
    assert alice.kinds == ["respondCallUpdate"]
    assert alice.last()["statusCode"] == 49
    assert 2100 <= alice.last()["sessionParams"]["retryAfter"] <= 4000


def test_every_notification_has_an_id_of_its_own(office):
    """G5: clients drop what has the id of one of the last hundred."""
    alice, bob = office.device("alice"), office.device("bob")
    caller, callee = office.established(alice, bob)
    office.delete("bob", callee)
    ids = [frame["eventId"] for wire in (alice, bob) for frame in wire.frames]
    assert len(ids) == len(set(ids)) == 4
    assert caller != callee


def test_a_call_that_ended_takes_its_undelivered_reoffer_with_it(office):
    """An offer that is followed by the end at once could only fail."""
    alice, bob = office.device("alice"), office.device("bob")
    caller = office.make("alice", "sip:bob@example.com")
    callee = office.ringing(bob, "bob")
    office.put("bob", callee, "callAnswer", sdp="answer")
    office.clock.advance(0.06)
    office.put("alice", caller, "startCallUpdate", sdp="hold")
    office.delete("alice", caller)
    assert bob.kinds == ["call", "callEnd"]
    assert alice.kinds == ["ringing", "respondCallUpdate"]


def test_a_client_that_ended_its_call_hears_nothing_more_of_it(office):
    """G6: not even what was on its way."""
    alice, bob = office.device("alice"), office.device("bob")
    sid = office.make("alice", "sip:bob@example.com", audits=False)
    office.put("bob", bob.sids("call")[0], "ringing")
    office.delete("alice", sid)
    office.clock.advance(10.0)
    assert alice.kinds == []
    assert bob.kinds == ["call", "callCancel"]
