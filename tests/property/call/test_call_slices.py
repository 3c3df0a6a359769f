"""Whatever happens to calls, in whatever order, the slices stay in one piece."""

from hypothesis import given
from hypothesis import strategies as st

from rbbn_sdk.actions import call as call_actions
from rbbn_sdk.actions.call import CallFact, CallRequest
from rbbn_sdk.engine import Store
from rbbn_sdk.events.call import derivations
from rbbn_sdk.reducers.call import FINAL, calls
from rbbn_sdk.reducers.webrtc import webrtc
from rbbn_sdk.selectors.call import normalise
from rbbn_sdk.testing.strategies import values_of
from rbbn_sdk.types.call import CallState, MediaConnectionState

KINDS = [
    kind
    for name in sorted(call_actions.__all__)
    if isinstance(kind := getattr(call_actions, name), type)
    and issubclass(kind, (CallFact, CallRequest))
    and kind not in (CallFact, CallRequest)
]
ACTIONS = st.lists(st.sampled_from(KINDS).flatmap(values_of), max_size=40)


def run(actions) -> tuple[Store, list]:
    problems, events = [], []
    store = Store((calls, webrtc), derivations=(derivations,), emit=events.append, report=problems.append)
    for action in actions:
        store.dispatch(action)
    raised = [problem for problem in problems if problem.error is not None]
    assert not raised
    return store, events


@given(ACTIONS)
def test_any_sequence_of_actions_leaves_the_calls_consistent(actions):
    """The indices agree with the records, and what is over waits for nothing and has no operation that blocks."""
    store, _ = run(actions)
    known = calls(store.state)
    assert list(known.order) == list(dict.fromkeys(known.order))
    assert set(known.order) == set(known.by_id)
    for session_id, call_id in known.by_session.items():
        assert known.by_id[call_id].wrtcs_session_id == session_id
    for call_id in {*known.awaiting, *known.posting}:
        assert known.by_id[call_id].state not in FINAL
    for call in known.by_id.values():
        ids = [operation.id for operation in call.current_operations]
        assert len(ids) == len(set(ids))
        if call.state is CallState.ENDED:
            assert call.media_connection_state is MediaConnectionState.CLOSED
            assert not call.local_tracks
            assert isinstance(call.end_time, int)
            assert isinstance(call.start_time, int)


@given(ACTIONS)
def test_any_sequence_of_actions_leaves_the_media_consistent(actions):
    """Every track of a media is known, and an ended one says so in both ways."""
    store, _ = run(actions)
    known = webrtc(store.state)
    for media in known.media.values():
        assert set(media.tracks) <= set(known.tracks)
    for track in known.tracks.values():
        assert track.disabled is (track.state == "ended")


@given(ACTIONS)
def test_a_state_change_tells_the_state_that_was(actions):
    """Put together, the events tell the same story as the states."""
    problems, told = [], {}

    def note(event):
        if event.TYPE != "call:stateChange" or "state" not in event.previous:
            return
        now = calls(store.state).by_id[event.call_id].state
        told.setdefault(event.call_id, []).append((event.previous.state, now))

    store = Store((calls, webrtc), derivations=(derivations,), emit=note, report=problems.append)
    for action in actions:
        store.dispatch(action)
    for changes in told.values():
        assert all(was not in FINAL or was is now for was, now in changes)


@given(st.text(max_size=40), st.text(alphabet="abc.", max_size=8))
def test_a_normalised_destination_is_a_sip_uri_and_stays_what_it_is(destination, domain):
    """A second pass changes nothing, so stored destinations can be called again."""
    once = normalise(destination, domain)
    assert once.startswith("sip:")
    assert normalise(once, domain).count("sip:") >= 1


@given(st.from_regex(r"\A\+?[0-9]{1,3}[ .\-]?\(?[0-9]{3}\)?[ .\-][0-9]{3}[ .\-][0-9]{4}\Z"))
def test_a_telephone_number_is_the_same_however_it_is_punctuated(number):
    """Only digits and the leading plus count."""
    digits = "".join(character for character in number if character.isdigit())
    plus = "+" if number.startswith("+") else ""
    assert normalise(number, "example.com") == f"sip:{plus}{digits}@example.com"
