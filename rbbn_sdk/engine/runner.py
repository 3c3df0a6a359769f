"""The runner: carries out the sagas of a store.

It knows no loop. All that it does follows from one ordered sequence of inputs: actions dispatched from outside, ends of
port calls and delays, and the end of the time that `destroy` gives to cleanup.
"""

import traceback
from collections.abc import Callable, Coroutine, Iterable, Mapping
from typing import Any, ClassVar, ParamSpec, TypeVar

from attrs import frozen

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.effects import LogLine
from rbbn_sdk.engine.errors import PortMissing
from rbbn_sdk.engine.handlers import HANDLERS
from rbbn_sdk.engine.journal import GRACE, Ended, RecordTap
from rbbn_sdk.engine.problem import ProblemKind
from rbbn_sdk.engine.request import Request
from rbbn_sdk.engine.scheduler import Done, Scheduler, Stop
from rbbn_sdk.engine.store import Store
from rbbn_sdk.engine.takers import Taker
from rbbn_sdk.engine.task import Task
from rbbn_sdk.engine.tree import Tree, coroutine_of, name_of
from rbbn_sdk.engine.waits import Outside, Putting
from rbbn_sdk.types import ErrorInfo

_P = ParamSpec("_P")
_T = TypeVar("_T")

Ports = Mapping[str, object] | Callable[[str], Callable[..., Any]]
"""Adapters by port name, or a function that gives the function for a method's name such as `rest.renew`."""


@frozen(kw_only=True, weakref_slot=False)
class Destroy(Action):
    """The last action from outside, when the application has none of its own for that."""

    TYPE: ClassVar[str] = "engine/DESTROY"


@frozen(kw_only=True, weakref_slot=False)
class SagaDeath:
    """A saga died of an exception."""

    error: BaseException
    stack: tuple[str, ...]
    """Who forked whom: the saga that raised first."""
    in_cleanup: bool = False
    """It was being cancelled, so its parent goes on."""

    @property
    def message(self) -> str:
        """One sentence."""
        where = " in cleanup" if self.in_cleanup else ""
        forks = ", forked by ".join(self.stack)
        return f"saga {forks} died{where} of {type(self.error).__name__}: {self.error}"


class Runner:
    """Runs sagas over a store. One for each store."""

    def __init__(
        self,
        store: Store,
        *,
        scheduler: Scheduler,
        ports: Ports | None = None,
        log: Callable[[LogLine], None] | None = None,
        on_error: Callable[[SagaDeath], None] | None = None,
        records: Iterable[RecordTap] = (),
    ) -> None:
        """Make a runner.

        Args:
            store: Whose actions the sagas take, and where they put theirs.
            scheduler: Runs port calls and delays.
            ports: What `fx.call` reaches.
            log: Gets the lines of `fx.log`, and those of the engine's own with the target `ENGINE`.
            on_error: Told of each saga that died of an exception.
            records: Told of each input and each put, as they happen (see `journal`).
        """
        self.store = store
        self.core = store.core
        self.scheduler = scheduler
        self.tree = Tree(self, HANDLERS)
        self.destroyed = False
        """Nothing runs any more."""
        self._ports: Ports = {} if ports is None else ports
        self._functions: dict[str, Callable[..., Any]] = {}
        self._log = log
        self._on_error = on_error
        self._destroying = False
        self._grace: Stop | None = None
        self._on_done: list[Callable[[], None]] = []
        self.core.serve(tuple(records))

    # -- for whoever composes

    def run(self, saga: Callable[_P, Coroutine[Any, Any, _T]], /, *args: _P.args, **kwargs: _P.kwargs) -> Task[_T]:
        """Start a saga of the runner's own, up to its first wait.

        A replay has to run the same sagas in the same order before it feeds the inputs. Raises `RuntimeError` after
        `destroy`.
        """
        if self._destroying:
            raise RuntimeError(f"{name_of(saga)} cannot be run: the runner was destroyed")
        task: Task[_T] = self.tree.root(coroutine_of(saga, args, kwargs), name_of(saga))
        self.core.enter_saga(self._begin, task)
        return task

    def _begin(self, task: Task[Any]) -> None:
        self.tree.step(task)
        self.tree.run_ready()

    @property
    def idle(self) -> bool:
        """Whether no saga runs."""
        return not self.tree.roots

    def destroy(
        self,
        action: Action | None = None,
        *,
        grace: float = 2.0,
        late_events: Callable[[Any], bool] | None = None,
        on_done: Callable[[], None] | None = None,
    ) -> None:
        """Dispatch a last action, then cancel all sagas and end all requests.

        Args:
            action: What is dispatched; `Destroy` if none is given.
            grace: Seconds for cleanup; after them every effect raises.
            late_events: Which events may still be emitted; none if it is not given.
            on_done: Called when nothing runs any more; a second `destroy` only adds one.
        """
        if on_done is not None:
            self._on_done.append(on_done)
        if self.destroyed:
            self._tell_done()
        if self._destroying or not self.core.close(action or Destroy(), late_events):
            return
        self._destroying = True
        self.core.enter_saga(self._end_all, grace)

    def _end_all(self, grace: float) -> None:
        for task in tuple(self.tree.roots):
            self.tree.cancel(task)
        self.tree.run_ready()
        if self.tree.roots:
            self._grace = self.scheduler.delay(f"root/{GRACE}", grace, self._grace_over)
        else:
            self.core.enter(self._finish)

    def _grace_over(self, _result: Any, _error: BaseException | None) -> None:
        self.core.enter_saga(self._force)

    def _force(self) -> None:
        if not self.tree.roots:
            return
        self._grace = None
        self.core.take_in_end(lambda line: Ended(line=line, path=f"root/{GRACE}", call=GRACE))
        self.tree.force()
        self.core.enter(self._finish)

    def all_ended(self) -> None:
        """For the tree: no saga runs any more."""
        if self._destroying and not self.destroyed and self._grace is not None:
            self._grace()
            self._grace = None
            self.core.enter(self._finish)

    def _finish(self) -> None:
        if not self.destroyed:
            self.core.endings.fail_all(ErrorInfo(message="the client was destroyed"))
            self.core.enter(self._ended)

    def _ended(self) -> None:
        self.destroyed = True
        self._tell_done()

    def _tell_done(self) -> None:
        waiting, self._on_done = self._on_done, []
        for callback in waiting:
            callback()

    # -- for the handlers of effects

    @property
    def cause(self) -> int:
        """Line of the input or put from which follows what happens now."""
        return self.core.cause

    def resolve(self, name: str) -> Callable[..., Any]:
        """The function behind a port's method."""
        function = self._functions.get(name)
        if function is None:
            function = self._functions[name] = self._look_up(name)
        return function

    def _look_up(self, name: str) -> Callable[..., Any]:
        if callable(self._ports):
            return self._ports(name)
        port, _, method = name.partition(".")
        adapter = self._ports.get(port)
        function = getattr(adapter, method, None)
        if function is None:
            raise PortMissing(f"the runner has no {name}; ports: {', '.join(sorted(self._ports)) or 'none'}")
        found: Callable[..., Any] = function
        return found

    def end_of(self, outside: Outside) -> Done:
        """What the scheduler calls at the end of a port call or delay."""

        def done(result: Any, error: BaseException | None) -> None:
            self.core.enter_saga(self._ended_outside, outside, result, error)

        return done

    def _ended_outside(self, outside: Outside, result: Any, error: BaseException | None) -> None:
        if not outside.finish():
            return  # cancelled meanwhile: no input
        self.core.take_in_end(
            lambda line: Ended(
                line=line, path=outside.path, call=outside.name, args=outside.args, result=result, error=error
            )
        )
        if error is None:
            outside.holder.succeed(result)
        else:
            outside.holder.fail(error)
        self.tree.run_ready()

    def put_later(self, putting: Putting) -> None:
        """Put an action when its turn has come."""
        self.core.enter(self._put, putting)

    def _put(self, putting: Putting) -> None:
        if not putting.live:
            return
        kept: Action | None = None
        failure: Exception | None = None
        try:
            kept = self.core.put(putting.action, putting.path, putting.cause)
        except TypeError as error:  # no action, or one without a name
            failure = error
        if putting.live:
            self.core.in_saga(self._go_on_after_put, putting, kept, failure)

    def _go_on_after_put(self, putting: Putting, kept: Action | None, failure: Exception | None) -> None:
        if failure is None:
            putting.holder.succeed(kept)
        else:
            putting.holder.fail(failure)
        self.tree.run_ready()

    def add_taker(self, taker: Taker) -> None:
        """Wait for actions."""
        self.core.takers.add(taker)

    def forget_taker(self, taker: Taker) -> None:
        """Wait no more."""
        self.core.takers.remove(taker)

    def own(self, owner: Any, request: Request) -> bool:
        """Let a task, or what keeps it for a task, answer for a request."""
        owned = self.core.ledger.own(request, owner)
        if owned and isinstance(owner, Task):
            owner.owned += (request.request_id,)
        return owned

    def disown_later(self, keeper: object, request: Request) -> None:
        """What kept a request has handed it over; whoever got it had time to own it when this is looked at."""
        self.core.enter(self._disown, keeper, request, self.cause)

    def _disown(self, keeper: Any, request: Request, cause: int) -> None:
        if self.core.ledger.disown(request.request_id, keeper):
            self.core.endings.fail_later(request.request_id, ErrorInfo(message=f"nobody serves {request.TYPE}"), cause)

    def release(self, task: Task[Any]) -> None:
        """For the tree: a task that owns requests has ended."""
        owned, task.owned = task.owned, ()
        for request_id in owned:
            if self.core.ledger.disown(request_id, task):
                self.core.endings.fail_later(request_id, _why(task), self.cause)

    # -- telling

    def write(self, line: LogLine) -> None:
        """Write a line to the log; its handler may only read."""
        if self._log is not None:
            self.core.aside("log handler", self._log, line)

    def report_death(self, error: BaseException, stack: tuple[str, ...], *, in_cleanup: bool = False) -> None:
        """A saga died of an exception, and there is no parent to take it."""
        death = SagaDeath(error=error, stack=stack, in_cleanup=in_cleanup)
        text = "".join(traceback.format_exception(error))
        self.write(LogLine("error", "ENGINE", death.message, (text,)))
        if self._on_error is not None:
            self.core.aside("error handler", self._on_error, death)
        elif self._log is None:
            self.core.problem(ProblemKind.SAGA, death.message, None, error)


def _why(task: Task[Any]) -> ErrorInfo:
    if task.failure is not None:
        return ErrorInfo.of(task.failure)
    how = "was cancelled" if task.cancelled else "ended without an answer"
    return ErrorInfo(message=f"{task.name} {how}")
