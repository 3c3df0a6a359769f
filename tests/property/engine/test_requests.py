"""Every request ends in exactly one fact, whatever happens to whoever serves it."""

from typing import Any, ClassVar, Protocol

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from rbbn_sdk.engine import (
    Action,
    Dispatched,
    Fact,
    Later,
    Put,
    Record,
    Request,
    Runner,
    Slot,
    Store,
    VirtualScheduler,
    fx,
)
from rbbn_sdk.engine.ledger import Ledger
from rbbn_sdk.engine.native import LatestTaker
from rbbn_sdk.types import ErrorInfo, RequestId, port


@frozen(kw_only=True, weakref_slot=False)
class Answered(Fact):
    TYPE: ClassVar[str] = "requests/ANSWERED"
    value: int = 0


@frozen(kw_only=True, weakref_slot=False)
class Refused(Fact):
    TYPE: ClassVar[str] = "requests/REFUSED"


@frozen(kw_only=True, weakref_slot=False)
class _Ask(Request):
    how: str
    twice: bool = False


@frozen(kw_only=True, weakref_slot=False)
class AskEvery(_Ask):
    TYPE: ClassVar[str] = "requests/ASK_EVERY"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered, Refused)


@frozen(kw_only=True, weakref_slot=False)
class AskLatest(_Ask):
    TYPE: ClassVar[str] = "requests/ASK_LATEST"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered, Refused)


@frozen(kw_only=True, weakref_slot=False)
class AskByHand(_Ask):
    TYPE: ClassVar[str] = "requests/ASK_BY_HAND"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered, Refused)


@frozen(kw_only=True, weakref_slot=False)
class AskQueue(_Ask):
    TYPE: ClassVar[str] = "requests/ASK_QUEUE"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered, Refused)


@frozen(kw_only=True, weakref_slot=False)
class AskNobody(_Ask):
    TYPE: ClassVar[str] = "requests/ASK_NOBODY"
    ENDED_BY: ClassVar[tuple[type[Fact], ...]] = (Answered, Refused)

    def failed(self, error: ErrorInfo) -> Fact:
        return Refused(request_id=self.request_id, error=error)


@frozen(kw_only=True, weakref_slot=False)
class Kill(Action):
    TYPE: ClassVar[str] = "requests/KILL"


@port("oracle")
class Oracle(Protocol):
    async def ask(self, how: str) -> int: ...


class OracleDown(Exception):
    """The port's own error."""


class FakeOracle:
    """Answers, fails, hangs, or answers when it is told to."""

    def __init__(self, scheduler: VirtualScheduler) -> None:
        self._scheduler = scheduler
        self.late: list[Later[int]] = []

    def ask(self, how: str) -> Any:
        if how == "fail":
            raise OracleDown
        if how == "answer":
            return 42
        return self._later(how)

    async def _later(self, how: str) -> int:
        if how == "soon":
            await self._scheduler.sleep(1.0)
            return 43
        later: Later[int] = Later()
        if how == "late":
            self.late.append(later)
        return await later


async def _serve(request: _Ask) -> None:
    if request.how == "forget":
        return
    try:
        value = await fx.call(Oracle.ask, request.how)
    except OracleDown:
        if not request.twice:
            raise
        await fx.put(Refused(request_id=request.request_id, error=ErrorInfo(message="down")))
        return
    finally:
        if request.twice and await fx.cancelled():
            await fx.delay(0.7)
    await fx.put(Answered(request_id=request.request_id, value=value))
    if request.twice:
        await fx.put(Refused(request_id=request.request_id))


async def _by_hand() -> None:
    while True:
        request = await fx.take(AskByHand)
        await fx.fork(_serve_by_hand, request)


async def _serve_by_hand(request: AskByHand) -> None:
    await fx.serve(request)
    await _serve(request)


async def _from_queue() -> None:
    channel = await fx.channel(AskQueue, buffer=fx.buffer(2))
    while True:
        request = await fx.take_from(channel)
        await fx.serve(request)
        try:
            await _serve(request)
        except OracleDown:
            await fx.log("info", "T", "next")


async def _watch() -> None:
    """Its services die with it when it is killed, and by the death of one; then they are started anew."""
    while True:
        await fx.race(fx.take(Kill), _guarded())


async def _guarded() -> None:
    try:
        await fx.all(_services(), _by_hand(), _from_queue())
    except OracleDown:
        await fx.delay(0.5)


async def _services() -> None:
    every = await fx.take_every(_serve, AskEvery)
    await fx.take_latest(_serve, AskLatest)
    await fx.join(every)


def _owners(ledger: Ledger, request_id: RequestId, kind: type) -> list[object]:
    entry = ledger.get(request_id)
    return [] if entry is None else [owner for owner in entry.owners if isinstance(owner, kind)]


hows = st.sampled_from(["answer", "fail", "hang", "soon", "late", "forget"])
asks = st.sampled_from([AskEvery, AskLatest, AskByHand, AskQueue, AskNobody])


class Requests(RuleBasedStateMachine):
    """Requests of all kinds, ports that do as they like, sagas killed, the runner destroyed."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduler = VirtualScheduler()
        self.oracle = FakeOracle(self.scheduler)
        self.records: list[Record] = []
        self.slots: dict[str, Slot] = {}
        self.settled: dict[str, int] = {}
        self.dropped = 0
        self.store = Store([], filters=[self._filter], report=lambda _problem: None)
        self.runner = Runner(
            self.store,
            scheduler=self.scheduler,
            ports={"oracle": self.oracle},
            records=[self.records.append],
            on_error=lambda _death: None,
        )
        self.runner.run(_watch)

    def _filter(self, action: Action, _state: object) -> Action | None:
        return None if isinstance(action, _Ask) and action.how == "drop" else action

    def _ask(self, request: _Ask) -> None:
        slot = self.store.request(request)
        self.slots[request.request_id] = slot
        slot.on_settled(
            lambda _fact: self.settled.update({request.request_id: self.settled.get(request.request_id, 0) + 1})
        )

    @rule(cls=asks, how=hows, twice=st.booleans())
    def ask(self, cls: type[_Ask], how: str, twice: bool) -> None:
        self._ask(cls(request_id=RequestId(f"r{len(self.slots)}"), how=how, twice=twice))

    @rule(cls=asks)
    def ask_what_a_filter_drops(self, cls: type[_Ask]) -> None:
        self._ask(cls(request_id=RequestId(f"d{len(self.slots)}"), how="drop"))
        assert self.slots[f"d{len(self.slots) - 1}"].settled

    @invariant()
    def what_nobody_can_answer_any_more_has_ended(self) -> None:
        """Every open request has an owner that lives."""
        ledger = self.store.core.ledger
        for request_id in ledger.ids():
            entry = ledger.get(request_id)
            assert entry is not None
            assert any(getattr(owner, "ended", None) is not True for owner in entry.owners)
        waiting = [owner for request_id in ledger.ids() for owner in _owners(ledger, request_id, LatestTaker)]
        assert len(waiting) <= 1

    @rule(seconds=st.sampled_from([0.0, 0.5, 1.0]))
    def time_passes(self, seconds: float) -> None:
        self.scheduler.advance(seconds)

    @precondition(lambda self: self.oracle.late)
    @rule()
    def an_answer_comes_late(self) -> None:
        self.oracle.late.pop(0).set(44)

    @precondition(lambda self: self.slots)
    @rule(data=st.data())
    def somebody_else_ends_it(self, data: st.DataObject) -> None:
        request_id = data.draw(st.sampled_from(sorted(self.slots)))
        self.store.dispatch(Answered(request_id=RequestId(request_id), value=1))

    @rule()
    def kill(self) -> None:
        self.store.dispatch(Kill())

    @rule()
    def destroy(self) -> None:
        self.runner.destroy()

    @invariant()
    def no_request_has_two_facts(self) -> None:
        ended: dict[str, int] = {}
        for record in self.records:
            if isinstance(record, (Put, Dispatched)) and isinstance(record.action, Fact):
                ended[record.action.request_id] = ended.get(record.action.request_id, 0) + 1
        assert all(count == 1 for count in ended.values())
        for request_id, slot in self.slots.items():
            assert slot.settled or request_id not in ended
            assert self.settled.get(request_id, 0) == int(slot.settled)
            assert slot.fact is None or ended[request_id] == 1

    def teardown(self) -> None:
        self.runner.destroy()
        self.scheduler.run(10.0)
        assert self.runner.destroyed
        for slot in self.slots.values():
            assert slot.settled
            assert slot.fact is not None or slot.error is not None
        self.no_request_has_two_facts()


TestRequests = Requests.TestCase


@given(st.lists(st.sampled_from(["a", "b", "c"]), max_size=8))
def test_of_facts_of_one_request_only_the_first_is_reduced(ids: list[str]) -> None:
    """Also when nobody serves: a store without a runner keeps the rule."""
    reduced: list[str] = []
    store = Store([], taps=[lambda action, _b, _a: reduced.append(str(action))], report=lambda _problem: None)
    for request_id in sorted(set(ids)):
        store.dispatch(AskEvery(request_id=RequestId(request_id), how="answer"))
    before = len(reduced)
    for request_id in ids:
        store.dispatch(Answered(request_id=RequestId(request_id)))
    assert len(reduced) - before == len(set(ids))
