"""Whatever happens, in whatever order: the state stays valid and nothing raises."""

from hypothesis import given, settings

from rbbn_sdk.engine import Action, EngineProblem, ProblemKind, Store, decode, encode
from rbbn_sdk.features import DERIVATIONS, SLICES
from rbbn_sdk.testing.strategies import any_actions


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
