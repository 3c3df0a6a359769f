"""`client.getConfig` and `client.updateConfig`, and the configuration that a client is made with."""

from collections.abc import Iterable
from ssl import SSLContext
from typing import Any, Protocol, cast

from attrs import field, frozen

from rbbn_sdk.actions.config import ConfigUpdated
from rbbn_sdk.api.config_records import Keeper, Reader, Unknown, plain
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.config.checks import RESET
from rbbn_sdk.config.copying import copied
from rbbn_sdk.config.findings import Finding
from rbbn_sdk.config.reading import merged, read_configuration, read_update, with_defaults
from rbbn_sdk.config.sections import Values
from rbbn_sdk.errors import ClientDestroyed, InvalidArgument
from rbbn_sdk.ports import Log, LogTarget, Objects, Secrets
from rbbn_sdk.reducers.config import config
from rbbn_sdk.types.log import LogHandler
from rbbn_sdk.types.options import Options

_NOT_SHOWN = frozenset({"common"})
"""Namespaces that `getConfig` leaves out (`api` 3)."""


@frozen(kw_only=True)
class Settings:
    """What a client is made with: the records for the store, and what its adapters are made of."""

    options: Options
    findings: tuple[Finding, ...]
    """For the log, once there is one: `write_findings`."""
    log_handler: LogHandler | None
    """None: the default handler."""
    action_log_handler: LogHandler | None
    proxy: str | None = field(repr=False)
    """`environment`, the address of a proxy, or None for none at all."""
    tls: bool | str | SSLContext


def read_settings(value: object, secrets: Secrets, objects: Objects) -> Settings:
    """Check what an application wrote. Raises `ConfigurationError` when no client can be made of it."""
    reading = read_configuration(value)
    values: Values = plain(reading.values)
    logs: Values = values["logs"]
    action_logs: Values = logs["logActions"] or {}
    network: Values = values["network"]
    return Settings(
        options=Keeper(secrets, objects).options(reading.values, reading.unknown),
        findings=reading.findings,
        log_handler=logs.get("handler"),
        action_log_handler=action_logs.get("handler"),
        proxy=network["proxy"],
        tls=network["tls"],
    )


def write_findings(log: Log, findings: Iterable[Finding]) -> None:
    """One entry for each finding."""
    for finding in findings:
        log.write(finding.severity.value, LogTarget(type=finding.log_type), (finding.text,))


class LogSettings(Protocol):
    """The part of the logger's namespace that a new configuration reaches at once."""

    def use_level(self, level: str) -> None:
        """Set the level of all loggers."""
        ...

    def use_handler(self, handler: LogHandler | None) -> None:
        """Set the handler of all loggers; None is the default one."""
        ...


class ConfigApi:
    """The functions of the client that concern its configuration."""

    def __init__(self, context: ApiContext, logs: LogSettings) -> None:
        self._context = context
        self._logs = logs

    def get_config(self, namespace: str | None = None) -> dict[str, Any]:
        """The configuration, or one namespace of it, with all defaults: a copy, in the documented keys.

        Secrets and functions are in it as they were given. Raises `InvalidArgument` for an unknown namespace.
        """
        self._context.invoked("CONFIG", "getConfig", *(() if namespace is None else (namespace,)))
        values = self._plain(self._context.select(config))
        if namespace is None:
            return values
        name = "request" if namespace == "requests" else namespace
        if name not in tuple(values):  # as a tuple it may be asked for what cannot be hashed
            raise InvalidArgument(f"namespace {namespace!r} is unknown; known are {', '.join(values)}")
        return cast("dict[str, Any]", values[name])

    def update_config(self, new_config_values: object) -> None:
        """Change options of the running client.

        Mappings are merged key by key, lists replaced; what is left out or `UNSET` stays. Options that cannot be used
        are left as they were, with a warning in the log. `logs.logLevel` and `logs.handler` take effect at once,
        `network` is read at creation only. No event follows. After `destroy` nothing happens.

        Raises:
            InvalidArgument: It is no mapping and no `Configuration`.
        """
        reading = read_update(new_config_values)
        try:
            former = self._context.select(config)
        except ClientDestroyed:
            return
        self._context.invoked("CONFIG", "updateConfig", *reading.values)
        self._apply(former, reading.values, reading.unknown)
        write_findings(self._context.logger, reading.findings)

    getConfig = get_config
    updateConfig = update_config

    def _apply(self, former: Options, changes: Values, unknown: Unknown) -> None:
        context = self._context
        reader = Reader(context.secrets, context.objects)
        values = with_defaults(merged(reader.values(former), changes))
        keeper = Keeper(context.secrets, context.objects, former)
        known = reader.unknown(former)
        options = keeper.options(values, {**known, **unknown} if unknown else known)
        context.dispatch(
            ConfigUpdated(
                config=options, replaced_secrets=keeper.replaced_secrets, replaced_objects=keeper.replaced_objects
            )
        )
        self._apply_logs(changes.get("logs", {}))

    def _apply_logs(self, changes: Values) -> None:
        if "handler" in changes:
            handler = changes["handler"]
            self._logs.use_handler(None if handler is RESET else plain(handler))
        if "logLevel" in changes:
            self._logs.use_level(changes["logLevel"])

    def _plain(self, options: Options) -> dict[str, Any]:
        reader = Reader(self._context.secrets, self._context.objects)
        values = {key: value for key, value in plain(reader.values(options)).items() if key not in _NOT_SHOWN}
        for keys, value in reader.unknown(options).items():
            _put(values, keys, copied(value))
        return values


def _put(values: dict[str, Any], keys: tuple[str, ...], value: object) -> None:
    """Put what stood under an unknown key back into its place, as far as that is there."""
    *outer, last = keys
    for key in outer:
        inner = values.setdefault(key, {})
        if not isinstance(inner, dict):
            return
        values = cast("dict[str, Any]", inner)
    values.setdefault(last, value)
