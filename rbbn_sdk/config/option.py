"""An option of a section: its documented key, its default and its check stand where its attribute is declared."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

import attrs
from msgspec import UNSET

from rbbn_sdk.config.checks import Check
from rbbn_sdk.types import documented_key

_METADATA = "rbbn_sdk.option"


@attrs.frozen(kw_only=True)
class Option:
    """How one option is read."""

    key: str
    attribute: str
    default: object
    """The checked value; `UNSET` when there is none."""
    check: Check | None
    section: "type[Section] | None"
    required: bool
    """Documented as required, and without default."""
    secret: bool
    """Its value is never shown."""


class Section:
    """Base of the classes an application writes. All attributes are optional; one that is left out is `UNSET`."""

    __slots__ = ()

    ALIASES: ClassVar[Mapping[str, str]] = {}
    """Other documented spellings of keys."""
    FORMER: ClassVar[Mapping[str, str]] = {}
    """Names that keys had in earlier releases."""
    REMOVED: ClassVar[Mapping[str, str]] = {}
    """Keys that are known and have no effect, with what to do instead."""


def option(
    default: object = UNSET, check: Check | None = None, *, key: str = "", required: bool = False, secret: bool = False
) -> Any:
    """Declare an option; the attribute itself is `UNSET` until the application sets it."""
    told = {"default": default, "check": check, "key": key, "required": required, "secret": secret, "section": None}
    return attrs.field(default=UNSET, metadata={_METADATA: told}, repr=not secret)


def section(kind: type[Section], check: Check | None = None, *, default: object = UNSET) -> Any:
    """Declare an option that is a section of its own."""
    told = {"default": default, "check": check, "key": "", "required": False, "secret": False, "section": kind}
    return attrs.field(default=UNSET, metadata={_METADATA: told})


def options_of(kind: type[Section]) -> Mapping[str, Option]:
    """The options of a section by their documented keys, in the order of their declaration."""
    hashable: Any = kind  # mypy takes the class for its instances, which have no hash
    return _options_of(hashable)


@cache
def _options_of(kind: Any) -> Mapping[str, Option]:
    return {made.key: made for made in map(_option, attrs.fields(kind))}


def _option(attribute: "attrs.Attribute[Any]") -> Option:
    told: dict[str, Any] = dict(attribute.metadata[_METADATA])
    key = told.pop("key") or documented_key(attribute.name)
    return Option(key=key, attribute=attribute.name, **told)
