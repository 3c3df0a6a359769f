"""`run_saga`: what one saga does with scripted answers, in virtual time."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any

from attrs import define, field

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.effects import LogLine
from rbbn_sdk.engine.journal import Put, Record
from rbbn_sdk.engine.runner import Runner, SagaDeath
from rbbn_sdk.engine.slice import Slice
from rbbn_sdk.engine.state import State
from rbbn_sdk.engine.store import Store
from rbbn_sdk.engine.task import Task
from rbbn_sdk.engine.virtual import Later, VirtualScheduler
from rbbn_sdk.types import port_method_name


class Never:
    """The answer that never comes."""


NEVER = Never()


@define
class Ran:
    """What a saga did."""

    put: list[Action] = field(factory=list)
    """Its puts, as they were reduced, and the failing facts that the engine made."""
    called: list[tuple[str, tuple[Any, ...]]] = field(factory=list)
    """Port methods by name, with their positional arguments (keyword arguments, if any, as a last dict)."""
    slept: list[float] = field(factory=list)
    """Seconds of its delays, in the order in which they began."""
    logged: list[LogLine] = field(factory=list)
    result: Any = None
    error: BaseException | None = None
    """What it died of."""
    waiting: bool = False
    """It waited for something that never came, and was cancelled after all else was noted."""
    state: State | None = None


class _Series:
    """Answers for one call after the other."""

    def __init__(self, answers: list[Any]) -> None:
        self.left = list(answers)


def _in_series(answer: Any) -> Any:
    given: Any = answer
    return _Series(given) if isinstance(answer, list) else given


class _Script:
    """Answers port calls from a script."""

    def __init__(self, answers: Mapping[Callable[..., Any], Any], ran: Ran) -> None:
        self._answers = {port_method_name(method): _in_series(answer) for method, answer in answers.items()}
        self._ran = ran
        self.missing: LookupError | None = None

    def __call__(self, name: str) -> Callable[..., Any]:
        """The function for a port's method."""

        def answer(*args: Any, **kwargs: Any) -> Any:
            self._ran.called.append((name, (*args, kwargs) if kwargs else args))
            return self._play(self._next(name), args, kwargs)

        return answer

    def _next(self, name: str) -> Any:
        if name not in self._answers:
            raise self._miss(f"the saga calls {name}; give an answer for it")
        answer = self._answers[name]
        if not isinstance(answer, _Series):
            return answer
        if not answer.left:
            raise self._miss(f"the saga calls {name} more often than there are answers for it")
        return answer.left.pop(0)

    def _miss(self, text: str) -> LookupError:
        self.missing = LookupError(text)
        return self.missing

    def _play(self, answer: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        if isinstance(answer, Never):
            return Later[Any]()
        if isinstance(answer, BaseException):
            raise answer
        return answer(*args, **kwargs) if callable(answer) else answer


def run_saga(
    saga: Coroutine[Any, Any, Any],
    *,
    answers: Mapping[Callable[..., Any], Any] | None = None,
    slices: Iterable[Slice[Any]] = (),
    state: Mapping[Slice[Any], object] | None = None,
    actions: Iterable[Action] = (),
) -> Ran:
    """Run a saga to its end, or until nothing can make it go on, and tell what it did.

    Args:
        saga: A coroutine: `run_saga(keep_subscribed(action), ...)`.
        answers: By port method: a value, an exception to raise, a function of the arguments, `NEVER`, or a list of
            these, one for each call.
        slices: What the state is made of, besides the keys of `state`.
        state: First values of slices.
        actions: Dispatched from outside one after the other, each when the saga can do nothing else but wait. Time
            passes only when no action is left.

    Raises:
        LookupError: The saga calls a port method for which there is no answer.
    """
    ran = Ran()
    script = _Script(answers or {}, ran)
    scheduler = VirtualScheduler()
    store = Store(dict.fromkeys((*slices, *(state or {}))), initial=state)
    runner = Runner(
        store,
        scheduler=scheduler,
        ports=script,
        log=ran.logged.append,
        on_error=_ignore_death,
        records=[_puts_into(ran)],
    )
    store.core.ledger.strict = False  # the saga is given requests that the store never saw
    task = runner.run(_the_same, saga)
    _play_out(task, store, scheduler, iter(actions))
    _note(ran, task, store, scheduler)
    runner.destroy()
    scheduler.run()
    if script.missing is not None:
        raise script.missing
    return ran


def _the_same(saga: Coroutine[Any, Any, Any]) -> Coroutine[Any, Any, Any]:
    return saga


def _ignore_death(_death: SagaDeath) -> None:
    """`Ran.error` has it."""


def _puts_into(ran: Ran) -> Callable[[Record], None]:
    def tap(record: Record) -> None:
        if isinstance(record, Put):
            ran.put.append(record.action)

    return tap


def _play_out(task: Task[Any], store: Store, scheduler: VirtualScheduler, actions: Iterable[Action]) -> None:
    scheduler.run_turns()
    for action in actions:
        if task.ended:
            return
        store.dispatch(action)
        scheduler.run_turns()
    while not task.ended and scheduler.jump():
        continue


def _note(ran: Ran, task: Task[Any], store: Store, scheduler: VirtualScheduler) -> None:
    """Copy before the end of the runner adds to it."""
    ran.slept = list(scheduler.slept)
    ran.put = list(ran.put)
    ran.called = list(ran.called)
    ran.logged = list(ran.logged)
    ran.state = store.state
    ran.waiting = not task.ended
    if task.status == "failed":
        ran.error = task.failure
    elif task.status == "done":
        ran.result = task.result()
