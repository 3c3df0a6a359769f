from typing import Protocol

from attrs import frozen


@frozen(kw_only=True, weakref_slot=False)
class LogTarget:
    """Which logger: a documented type and, for `CALL` and the like, an id (`logs` 5)."""

    type: str
    id: str = ""


class Log(Protocol):
    """The client's loggers. Not called through an effect: sagas use `fx.log`."""

    def write(self, method: str, target: LogTarget, messages: tuple[object, ...]) -> None:
        """One entry. `method` is a documented logger method: `trace`, `debug`, `info`, `warn`, `error`, `group` ..."""
        ...

    def passes(self, method: str, target: LogTarget) -> bool:
        """Whether such an entry would be made now, for those to whom its messages are dear."""
        ...
