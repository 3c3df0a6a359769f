"""What holds for every call, whatever its parties do in whatever order."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

USERS = ("alice", "bob", "carol")
FINAL = frozenset({"callEnd", "callCancel"})
PUTS = {
    "audit": {},
    "ringing": {},
    "callAnswer": {"sdp": "answer"},
    "startCallUpdate": {"sdp": "offer"},
    "respondCallUpdate": {"sdp": "answer"},
    "transfer": {"address": "carol"},
}

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("make"), st.sampled_from(USERS), st.sampled_from([*USERS, "nobody"])),
        st.tuples(st.sampled_from([*PUTS, "refuse", "delete", "reject", "forward"]), st.integers(0, 3), st.none()),
        st.tuples(st.just("subscribe"), st.sampled_from(USERS), st.sampled_from(["1", "2"])),
        st.tuples(st.just("wait"), st.sampled_from([0.01, 0.06, 1.0, 15.0, 61.0]), st.none()),
    ),
    min_size=4,
    max_size=40,
)


class Play:
    """Steps against a switchboard, with a note of who ended what himself."""

    def __init__(self, office):
        self.office = office
        self.ended_by_client = {}
        for user in USERS:
            office.device(user, "1")
        office.device("bob", "2")
        office.make("alice", "sip:bob@example.com", audits=False)

    def run(self, step):
        kind, what, more = step
        if kind == "make":
            self.office.make(what, f"sip:{more}@example.com", audits=False)
        elif kind == "wait":
            self.office.clock.advance(what)
        elif kind == "subscribe":
            self.office.device(what, more)
        else:
            self._request(kind, what)

    def _request(self, kind, number):
        legs = list(self.office.core.switchboard.legs._by_sid.values())
        if not legs:
            return
        leg = legs[number % len(legs)]
        user, heard = leg.account.username.partition("@")[0], len(self.office.clock.heard)
        if kind == "refuse":
            self.office.put(user, leg.sid, "respondCallUpdate", status_code="491")
        elif kind in PUTS:
            self.office.put(user, leg.sid, kind, **PUTS[kind])
        else:
            was = leg.state
            ends = self._end(kind, user, leg)
            if ends and (kind == "delete" or was.value not in ("ENDED", "LOST")):
                self.ended_by_client.setdefault(leg.sid, heard)

    def _end(self, kind, user, leg):
        if kind == "delete":
            return self.office.delete(user, leg.sid)
        members = {"address": "carol"} if kind == "forward" else {}
        return self.office.dispose(user, leg.sid, kind, **members) == (200, 0) and leg.state.value == "ENDED"


@settings(deadline=None)
@given(steps=STEPS)
def test_a_session_hears_one_word_of_its_end_and_nothing_after_it(make_office, steps):
    """G5, G6: also nothing for a session that its client has ended. A cancel may be said again."""
    play = Play(make_office())
    for step in steps:
        play.run(step)
    play.office.clock.advance(400.0)
    heard = {}
    for number, frame in enumerate(play.office.clock.heard):
        if "sessionParams" in frame:
            sid = frame["sessionParams"]["sessionData"]
            heard.setdefault(sid, {})[frame["eventId"]] = frame["eventType"]  # one frame may go to several devices
            assert number < play.ended_by_client.get(sid, number + 1)
    for kinds in heard.values():
        said = [kind for kind, _ in itertools.groupby(kinds.values())]
        assert FINAL.isdisjoint(said[:-1])
        assert list(kinds.values()).count("callEnd") <= 1


@settings(deadline=None)
@given(steps=STEPS)
def test_every_call_ends_when_its_parties_are_silent(make_office, steps):
    """Nothing rings or stays up for ever: timers and the sweep end what clients have left."""
    play = Play(make_office())
    for step in steps:
        play.run(step)
    office = play.office
    for subscription in list(office.core.subscriptions):
        subscription.channel.close()
        office.core.subscriptions.end(subscription)
    for _ in range(30):
        office.clock.advance(30.0)
        office.core.switchboard.sweep()
    assert office.core.switchboard.legs._by_sid == {}
