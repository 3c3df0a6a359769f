"""What `dispatch`, `subscribe` and the derivations guarantee."""

from typing import Any, ClassVar

import pytest
from attrs import frozen
from engine_words import Added, Broke, Counter, Ignored, a_bench, counter, events, other

from rbbn_sdk.engine import Action, EngineProblem, ProblemKind, Slice, State, Store, registered_actions
from rbbn_sdk.engine import action_class as class_of


def test_dispatch_reduces_before_it_returns_and_gives_the_action() -> None:
    """An API call that reads the state after its dispatch finds what it asked for."""
    store = Store([counter])
    action = Added(by=2)
    assert store.dispatch(action) is action
    assert counter(store.state) == Counter(count=2)


def test_an_action_that_changes_nothing_leaves_the_very_same_state() -> None:
    """Identity is what selectors and subscriptions go by."""
    store = Store([counter, other])
    before = store.state
    store.dispatch(Ignored())
    assert store.state is before


def test_other_slices_stay_the_same_object() -> None:
    """Only what an action is about is made anew."""
    store = Store([counter, Slice("kept", kept := ("x",))])
    store.dispatch(Added())
    assert store.state.__dict__["kept"] is kept


def test_states_are_frozen_and_equal_by_value() -> None:
    """Nobody but a reducer changes them, and a rebuilt state equals the live one."""
    one, two = Store([counter]), Store([counter])
    one.dispatch(Added())
    two.dispatch(Added())
    assert counter(one.state) == counter(two.state)
    with pytest.raises(AttributeError):
        one.state.counter = Counter()  # type: ignore[attr-defined]  # that is what is tested


def test_what_is_no_action_is_refused_with_words() -> None:
    """The refusal says what came and what to do."""
    with pytest.raises(TypeError, match="'call/MAKE' cannot be dispatched: it is no Action; subclass"):
        Store([]).dispatch("call/MAKE")  # type: ignore[type-var]  # that is what is tested


def test_an_abstract_action_is_refused() -> None:
    """No log could name it."""

    @frozen(kw_only=True, weakref_slot=False)
    class Abstract(Action):
        pass

    with pytest.raises(TypeError, match="Abstract cannot be dispatched: it has no TYPE of its own"):
        Store([]).dispatch(Abstract())


def test_an_action_name_claimed_twice_names_both_classes() -> None:
    """Logs could not tell them apart."""
    with pytest.raises(TypeError, match=r"'words/ADDED' is claimed by engine_words.Added and by .*Impostor"):

        @frozen(kw_only=True, weakref_slot=False)
        class Impostor(Action):
            TYPE: ClassVar[str] = "words/ADDED"


def test_the_registry_finds_classes_by_name() -> None:
    """A log line is read back through it."""
    assert class_of("words/ADDED") is Added
    assert Added in registered_actions()
    with pytest.raises(LookupError, match="no action is called 'words/NONE'"):
        class_of("words/NONE")


def test_a_slice_name_claimed_twice_names_both() -> None:
    """An application's slice must not replace one of ours."""
    with pytest.raises(TypeError, match=r"'counter' is claimed twice: by Slice\('counter', Counter\) and by Slice"):
        Store([counter, Slice("counter", 0)])


def test_a_slice_reduces_a_class_with_one_function() -> None:
    """Which one would be first depended on imports."""
    mine = Slice("mine", 0)
    mine.on(Added)(lambda state, _action: state + 1)
    with pytest.raises(TypeError, match="slice 'mine' reduces Added already"):
        mine.on(Added)(lambda state, _action: state)


def test_a_store_without_the_slice_says_so() -> None:
    """Instead of an attribute error inside a selector."""
    with pytest.raises(LookupError, match=r"this state has no slice 'counter'; give Slice\('counter', Counter\)"):
        counter(Store([]).state)


def test_a_reducer_that_raises_leaves_the_whole_state_and_names_action_and_slice() -> None:
    """`other` reduced it, too; half an action must not stay."""
    bench = a_bench()
    before = bench.store.state
    bench.store.dispatch(Broke())
    assert bench.store.state is before
    (problem,) = bench.problems
    assert (problem.kind, problem.action, problem.slice) == (ProblemKind.REDUCER, "words/BROKE", "counter")
    assert isinstance(problem.error, ZeroDivisionError)
    assert bench.store.dispatch(Added()) is not None


def test_a_derivation_that_raises_harms_no_other() -> None:
    """It is named, and the store goes on."""

    def broken(_action: Added, _before: State, _after: State) -> tuple[()]:
        raise ZeroDivisionError

    from rbbn_sdk.engine import Derivations

    mine = Derivations()
    mine.on(Added)(broken)
    bench = a_bench(derivations=[mine, events])
    bench.store.dispatch(Added())
    assert bench.emitted == [(0, 1)]
    assert "broken raised for words/ADDED" in bench.problems[0].message


def test_subscribers_then_events_then_sagas() -> None:
    """Each reads the new state."""
    order: list[str] = []
    bench = a_bench(emit=lambda _event: order.append("event"))

    async def saga() -> None:
        from rbbn_sdk.engine import fx

        await fx.take(Added)
        order.append("saga")

    bench.run(saga)
    bench.store.subscribe(counter, lambda _value: order.append("subscriber"))
    bench.store.dispatch(Added())
    assert order == ["subscriber", "event", "saga"]


def test_a_dispatch_from_a_handler_is_reduced_at_once_and_delivered_afterwards() -> None:
    """`get_by_id(make(...))` answers in a handler; one action is wholly delivered before the next."""
    seen: list[Any] = []

    def emit(event: Any) -> None:
        seen.append((event, "begins"))
        if event == (0, 1):
            store.dispatch(Added(by=10))
            seen.append(counter(store.state).count)
        seen.append((event, "ends"))

    store = Store([counter], derivations=[events], emit=emit)
    store.dispatch(Added())
    assert seen == [((0, 1), "begins"), 11, ((0, 1), "ends"), ((1, 11), "begins"), ((1, 11), "ends")]


def test_a_subscriber_hears_of_changes_only_with_the_state_of_each_action() -> None:
    """Not of the latest state, when a handler has dispatched meanwhile."""
    heard: list[int] = []
    store = Store(
        [counter], derivations=[events], emit=lambda event: store.dispatch(Added()) if event == (0, 1) else None
    )
    end = store.subscribe(lambda state: counter(state).count, heard.append)
    store.dispatch(Ignored())
    store.dispatch(Added())
    end()
    end()
    store.dispatch(Added())
    assert heard == [1, 2]


def test_a_subscriber_that_raises_is_reported_and_the_others_hear() -> None:
    """A handler's exception is its own."""
    heard: list[Counter] = []
    problems: list[EngineProblem] = []
    store = Store([counter], report=problems.append)

    def broken(_value: Counter) -> None:
        raise ZeroDivisionError

    store.subscribe(counter, broken)
    store.subscribe(counter, heard.append)
    store.dispatch(Added())
    assert len(heard) == 1
    assert problems[0].kind is ProblemKind.SUBSCRIBER


def test_a_subscriber_may_leave_while_it_is_told() -> None:
    """And who was to be told after it and has left is not."""
    store = Store([counter])
    heard: list[str] = []
    ends: list[Any] = []
    ends.append(store.subscribe(counter, lambda _value: (heard.append("first"), ends[1]())))
    ends.append(store.subscribe(counter, lambda _value: heard.append("second")))
    store.dispatch(Added())
    assert heard == ["first"]


def test_filters_replace_and_drop_before_reducing_and_taps_see_what_was_reduced() -> None:
    """What is recorded is what was reduced."""
    tapped: list[Action] = []

    def double(action: Action, _state: State) -> Action | None:
        return Added(by=action.by * 2) if isinstance(action, Added) else None

    store = Store([counter], filters=[double], taps=[lambda action, _before, _after: tapped.append(action)])
    assert store.dispatch(Added(by=2)) == Added(by=4)
    assert store.dispatch(Ignored()) is None
    assert tapped == [Added(by=4)]


@pytest.mark.parametrize("where", ["reducer", "derivation", "selector", "filter", "tap"])
def test_a_dispatch_from_what_may_only_read_changes_nothing_and_is_reported_once(where: str) -> None:
    """It would happen again in a replay, or not; either is wrong."""
    mine = Slice("mine", 0)

    def intrude(*_args: Any) -> Any:
        assert store.dispatch(Added()) is None
        assert counter(store.state).count == 0
        return ()

    def reducer(state: int, _action: Ignored) -> int:
        if where == "reducer":
            intrude()
        return state

    mine.on(Ignored)(reducer)
    from rbbn_sdk.engine import Derivations

    derivations = Derivations()
    if where == "derivation":
        derivations.on(Ignored)(intrude)
    problems: list[EngineProblem] = []
    store = Store(
        [counter, mine],
        derivations=[derivations],
        filters=[lambda action, _state: (intrude(), action)[1]] if where == "filter" else [],
        taps=[intrude] if where == "tap" else [],
        report=problems.append,
    )
    for _ in range(2):
        store.dispatch(Ignored())
        if where == "selector":
            store.select(intrude)
    assert [problem.kind for problem in problems] == [ProblemKind.DISPATCH]
    assert f"Added was dispatched from a {where}, which may only read" in problems[0].message


def test_a_guard_is_asked_first() -> None:
    """The client's check of threads."""

    def refuse() -> None:
        raise RuntimeError("wrong thread")

    store = Store([counter], guard=refuse)
    with pytest.raises(RuntimeError, match="wrong thread"):
        store.dispatch(Added())
    assert counter(store.state).count == 0


def test_initial_values_replace_those_of_slices() -> None:
    """For tests, and for whoever goes on from a kept state."""
    assert counter(Store([counter], initial={counter: Counter(count=5)}).state).count == 5
    with pytest.raises(LookupError, match="slices this store does not have: other"):
        Store([counter], initial={other: 1})


def test_a_report_that_raises_does_not_stop_the_store(capsys: pytest.CaptureFixture[str]) -> None:
    """The last resort is stderr."""

    def broken(_problem: EngineProblem) -> None:
        raise ZeroDivisionError

    store = Store([counter], report=broken)
    store.dispatch(Broke())
    assert "slice counter raised" in capsys.readouterr().err
