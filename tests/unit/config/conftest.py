"""A store with the two slices of configuration and logs, and the namespaces that write to them."""

from collections.abc import Callable
from typing import Any

import pytest
from attrs import define

from rbbn_sdk.actions.config import ConfigSet
from rbbn_sdk.api.config import ConfigApi, Settings, read_settings, write_findings
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.logger import LoggerApi
from rbbn_sdk.engine import Action, Store
from rbbn_sdk.io.ids import SystemIds
from rbbn_sdk.io.log import LogRegistry
from rbbn_sdk.io.objects import KeptObjects
from rbbn_sdk.io.secrets import KeptSecrets
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.logs import logs
from rbbn_sdk.types.log import LogEntry

REQUIRED = {
    "authentication": {"server": {"base": "gateway.example.com"}},
    "subscription": {"websocket": {"server": "gateway.example.com"}},
}


class FixedClock:
    def now(self) -> int:
        return 1_700_000_000_123


@define
class Desk:
    """What a client would have of these two features."""

    settings: Settings
    store: Store
    registry: LogRegistry
    secrets: KeptSecrets
    objects: KeptObjects
    config: ConfigApi
    logger: LoggerApi
    entries: list[LogEntry]
    actions: list[Action]
    refusals: list[Exception]
    """What the guard of the client raises, when there is one."""

    @property
    def warnings(self) -> list[str]:
        return [str(entry.messages[0]) for entry in self.entries if entry.level == "WARN"]


def make_desk(*parts: dict[str, Any]) -> Desk:
    entries: list[LogEntry] = []
    actions: list[Action] = []
    merged: dict[str, Any] = {"logs": {"handler": entries.append}}
    for part in (REQUIRED, *parts):
        for key, value in part.items():
            both = isinstance(value, dict) and isinstance(merged.get(key), dict)
            merged[key] = {**merged[key], **value} if both else value
    secrets, objects = KeptSecrets(), KeptObjects()
    settings = read_settings(merged, secrets, objects)
    registry = LogRegistry(FixedClock())
    registry.set_level(settings.options.logs.log_level)
    registry.set_handler(settings.log_handler)
    refusals: list[Exception] = []

    def guard() -> None:
        for refusal in refusals:
            raise refusal

    store = Store([config, logs], taps=[lambda action, _before, _after: actions.append(action)])
    context = ApiContext(store, SystemIds(), FixedClock(), secrets, objects, registry, guard)
    logger = LoggerApi(context, registry)
    store.dispatch(ConfigSet(config=settings.options))
    write_findings(registry, settings.findings)
    return Desk(
        settings, store, registry, secrets, objects, ConfigApi(context, logger), logger, entries, actions, refusals
    )


@pytest.fixture
def desk() -> Callable[..., Desk]:
    """`desk({...}, {...})`: the required options and these, namespace by namespace."""
    return make_desk
