"""Action classes by their names: how a log or a recording finds the class again."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rbbn_sdk.engine.action import Action

_CLASSES: "dict[str, type[Action]]" = {}


def register(action_class: "type[Action]") -> None:
    """Note a class under its `TYPE`. A name that another class has already is a `TypeError` naming both."""
    name = action_class.TYPE
    if not name:
        raise TypeError(f"{_where(action_class)} has an empty TYPE; give it a name such as 'call/MAKE'")
    known = _CLASSES.get(name)
    if known is not None and _where(known) != _where(action_class):
        raise TypeError(
            f"the action name {name!r} is claimed by {_where(known)} and by {_where(action_class)}; rename one"
        )
    _CLASSES[name] = action_class  # the same class again: its module was reloaded


def action_class(name: str) -> "type[Action]":
    """The class of an action name. Raises `LookupError` for a name that no imported module claims."""
    try:
        return _CLASSES[name]
    except KeyError:
        raise LookupError(f"no action is called {name!r}; is the module that defines it imported?") from None


def registered_actions() -> "tuple[type[Action], ...]":
    """All registered classes, sorted by name."""
    return tuple(_CLASSES[name] for name in sorted(_CLASSES))


def is_registered(cls: "type[Action]") -> bool:
    """Whether this very class stands under its name."""
    return _CLASSES.get(cls.TYPE) is cls


def _where(cls: type) -> str:
    return f"{cls.__module__}.{cls.__qualname__}"
