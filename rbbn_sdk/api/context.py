"""What every namespace of the client stands on."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol, TypeVar

from attrs import field, frozen

from rbbn_sdk.api.operation import Operation
from rbbn_sdk.engine import Action, Fact, Request, Store
from rbbn_sdk.ports import Clock, Ids, Log, LogTarget, Objects, Secrets
from rbbn_sdk.types import ObjectRef, RequestId, SecretRef

T = TypeVar("T")


class Guard(Protocol):
    """Refuses calls that may not be made now or here; the client's."""

    def __call__(self) -> None:
        """Raise `WrongThread` or `ClientDestroyed`."""
        ...


def _anywhere() -> None:
    """Refuse nothing."""


@frozen(eq=False)
class ApiContext:
    """The store, and the four ports that the public surface may use at once."""

    store: Store
    ids: Ids
    clock: Clock
    secrets: Secrets
    objects: Objects
    logger: Log
    guard: Guard
    waiting: Guard = field(default=_anywhere)
    """Refuses another thread only: an operation may be awaited after the end too."""

    @property
    def state(self) -> Any:
        """The root state. Raises `ClientDestroyed` after `destroy`."""
        self.guard()
        return self.store.state

    def select(self, selector: Callable[..., T], *args: object) -> T:
        """What a selector makes of the present state."""
        return selector(self.state, *args)

    def dispatch(self, action: Action) -> None:
        """Dispatch an action that nobody waits for."""
        self.guard()
        self.store.dispatch(action)

    def request(
        self, request: Request, read: Callable[[Fact], T], *, held: tuple[SecretRef | ObjectRef, ...] = ()
    ) -> Operation[T]:
        """Dispatch a request.

        Args:
            request: What is asked for.
            read: Makes the operation's result of the fact that ended it well.
            held: What was kept for the request alone; it is forgotten when the request has ended.
        """
        self.guard()
        operation = Operation(slot := self.store.request(request), read, self.waiting)
        if held:
            slot.on_settled(lambda _fact: self.free(held))
        return operation

    def free(self, held: Iterable[SecretRef | ObjectRef]) -> None:
        """Forget what was kept; what is forgotten already is ignored."""
        for ref in held:
            if isinstance(ref, SecretRef):
                self.secrets.free(ref)
            else:
                self.objects.free(ref)

    def request_id(self) -> RequestId:
        """A new id for a request."""
        return RequestId(self.ids.uuid())

    def log(self, method: str, log_type: str, message: str, *more: object, id: str = "") -> None:  # noqa: A002 - the documented word
        """One log entry."""
        self.logger.write(method, LogTarget(type=log_type, id=id), (message, *more))

    def invoked(self, log_type: str, name: str, *arguments: object, id: str = "") -> None:  # noqa: A002 - the documented word
        """The entry that every public function writes when it is called. Arguments hold no secret.

        Raises `WrongThread` or `ClientDestroyed` when it may not be called.
        """
        self.guard()
        self.log("debug", log_type, f"API invoked: {name}", *arguments, id=id)
