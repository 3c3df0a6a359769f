"""Actions: immutable values that say what is asked for or what happened."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine.registry import register


@frozen(kw_only=True, weakref_slot=False)
class Action:
    """Base of all actions. A subclass that states its own `TYPE` is registered under it; others are abstract.

    Write a subclass as `@frozen(kw_only=True, weakref_slot=False)` with plain fields: scalars, enums, records, tuples,
    `PMap` and `PVector`. Anything else cannot be logged and replayed.
    """

    TYPE: ClassVar[str] = ""
    """The name in logs, such as `call/MAKE`. A class attribute, so that a field may be called `type`."""

    @classmethod
    def __attrs_init_subclass__(cls) -> None:
        """Register the class; attrs calls this once, with the class it has finished."""
        if "TYPE" in vars(cls):
            register(cls)
