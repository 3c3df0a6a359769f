"""The configuration is set once, at creation, and updated as a whole: reducers never merge."""

from typing import ClassVar

from attrs import frozen

from rbbn_sdk.engine import Action
from rbbn_sdk.types import ObjectRef, SecretRef
from rbbn_sdk.types.options import Options


@frozen(kw_only=True, weakref_slot=False)
class ConfigSet(Action):
    """The configuration that the client was made with."""

    TYPE: ClassVar[str] = "config/SET"
    config: Options


@frozen(kw_only=True, weakref_slot=False)
class ConfigUpdated(Action):
    """The application changed options; `config` is the whole that came of it."""

    TYPE: ClassVar[str] = "config/UPDATED"
    config: Options
    replaced_secrets: tuple[SecretRef, ...] = ()
    """Those of the former configuration that the new one does not have."""
    replaced_objects: tuple[ObjectRef, ...] = ()
