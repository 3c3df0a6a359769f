"""Whatever happens, in whatever order: the state stays valid and nothing raises."""

from hypothesis import given, settings

from rbbn_sdk.actions.auth import SetCredentials
from rbbn_sdk.actions.connectivity import ConnectAttempted, Connected
from rbbn_sdk.actions.subscription import ServicesChanged, SubscribeFailed, SubscriptionMade
from rbbn_sdk.engine import Action, EngineProblem, ProblemKind, Store, decode, encode
from rbbn_sdk.features import DERIVATIONS, SLICES
from rbbn_sdk.testing.strategies import any_action, any_actions

ALWAYS_NEW = (SetCredentials, ConnectAttempted, Connected, SubscriptionMade, ServicesChanged, SubscribeFailed)
"""Facts that set a whole record, be it equal to the one before; the events about them are reports."""


@given(any_actions())
@settings(max_examples=200, deadline=None)
def test_any_sequence_of_actions_leaves_every_slice_valid_and_raises_nothing(actions: list[Action]) -> None:
    """Notifications come late, twice and for calls long gone; reducers and derivations are total."""
    problems: list[EngineProblem] = []
    events: list[object] = []
    store = Store(SLICES, derivations=DERIVATIONS, emit=events.append, report=problems.append)
    for action in actions:
        store.dispatch(action)
    assert [problem for problem in problems if problem.kind is not ProblemKind.REQUEST] == []
    for piece in SLICES:
        value = piece(store.state)
        assert decode(encode(value), type(value)) == value


@given(any_actions(), any_action())
@settings(max_examples=200, deadline=None)
def test_what_is_said_again_and_changes_nothing_leaves_the_very_same_slice(
    actions: list[Action], again: Action
) -> None:
    """So that nothing is computed anew, and no event of a change follows."""
    for piece in SLICES:
        value = piece.initial
        for action in actions:
            value = piece.reduce(value, action)
        once = piece.reduce(value, again)
        twice = piece.reduce(once, again)
        assert twice is once or twice != once or isinstance(again, ALWAYS_NEW)


@given(any_actions(max_size=12))
@settings(max_examples=60, deadline=None)
def test_the_same_actions_give_the_same_states_and_events(actions: list[Action]) -> None:
    """Nothing but the actions decides what becomes of the state."""

    def run() -> tuple[list[object], list[bytes]]:
        events: list[object] = []
        store = Store(SLICES, derivations=DERIVATIONS, emit=events.append, report=lambda _problem: None)
        states = []
        for action in actions:
            store.dispatch(action)
            states.append(b"".join(encode(piece(store.state)) for piece in SLICES))
        return events, states

    assert run() == run()
