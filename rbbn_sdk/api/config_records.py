"""Checked values of a configuration become records with references, and records become values again.

Nothing but this knows both sides: `rbbn_sdk.config` never enters the store, and records hold no secret and no callable.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, Literal, cast

import attrs
from msgspec import UNSET

from rbbn_sdk import config as written
from rbbn_sdk.config.checks import Live, Secret
from rbbn_sdk.config.copying import items_of
from rbbn_sdk.config.option import Section, options_of
from rbbn_sdk.config.sections import Values, values_of
from rbbn_sdk.ports import Objects, Secrets
from rbbn_sdk.types import ObjectRef, SecretRef, documented_key
from rbbn_sdk.types import options as records

UNKNOWN: Final = "config"
"""Kind of the reference to what stands under unknown keys."""

RECORDS: Final[Mapping[type[Section], type[Any]]] = {
    written.Authentication: records.AuthenticationOptions,
    written.Call: records.CallOptions,
    written.Common: records.CommonOptions,
    written.Configuration: records.Options,
    written.Connectivity: records.ConnectivityOptions,
    written.IceServer: records.IceServerOption,
    written.LogActions: records.LogActionOptions,
    written.Logs: records.LogOptions,
    written.Messaging: records.MessagingOptions,
    written.Network: records.NetworkOptions,
    written.Notifications: records.NotificationOptions,
    written.PeerConfig: records.PeerOptions,
    written.PushRegistration: records.PushRegistrationOptions,
    written.Request: records.RequestOptions,
    written.Server: records.ServerOptions,
    written.Subscription: records.SubscriptionOptions,
    written.Websocket: records.WebsocketOptions,
}
_SECTIONS: Final = {record: section for section, record in RECORDS.items()}

Unknown = Mapping[tuple[str, ...], object]


class Keeper:
    """Makes records. What the former configuration kept already keeps its reference."""

    def __init__(self, secrets: Secrets, objects: Objects, former: records.Options | None = None) -> None:
        self._secrets = secrets
        self._objects = objects
        held = () if former is None else tuple(_refs(former))
        self._free_secrets = [ref for ref in held if isinstance(ref, SecretRef)]
        self._free_objects = [ref for ref in held if isinstance(ref, ObjectRef)]

    def options(self, values: Values, unknown: Unknown) -> records.Options:
        """The whole configuration."""
        made = cast("records.Options", self._record(written.Configuration, values))
        return attrs.evolve(made, further=self._object(Live(unknown, UNKNOWN))) if unknown else made

    @property
    def replaced_secrets(self) -> tuple[SecretRef, ...]:
        """References of the former configuration that the new one does not have."""
        return tuple(self._free_secrets)

    @property
    def replaced_objects(self) -> tuple[ObjectRef, ...]:
        """References of the former configuration that the new one does not have."""
        return tuple(self._free_objects)

    def _record(self, kind: type[Section], values: Values) -> Any:
        opts = options_of(kind)
        fields = {opts[key].attribute: self._field(key, value, opts[key].section) for key, value in values.items()}
        return RECORDS[kind](**fields)

    def _field(self, key: str, value: Any, section: type[Section] | None) -> Any:
        form = _FORMS.get(key)
        if form is not None:
            return form(self, value)
        if section is not None:
            return self._record(section, value)
        return self.kept(value)

    def kept(self, value: Any) -> Any:
        """A checked value with references for what cannot be written down."""
        if isinstance(value, Secret):
            return self._secret(value)
        if isinstance(value, Live):
            return self._object(value)
        items = items_of(value)
        return value if items is None else tuple(self.kept(item) for item in items)

    def log_actions(self, values: Values | Literal[False]) -> records.LogActionOptions | None:
        """None when action logs are off."""
        return None if values is False else cast("records.LogActionOptions", self._record(written.LogActions, values))

    def ice_server(self, values: Values) -> records.IceServerOption:
        """The record of one server, whose `urls` may be one."""
        urls = values["urls"]
        one_url = isinstance(urls, str)
        made = self._record(written.IceServer, {**values, "urls": (urls,) if one_url else urls})
        return attrs.evolve(cast("records.IceServerOption", made), one_url=one_url)

    def _secret(self, secret: Secret) -> SecretRef:
        for ref in self._free_secrets:
            if ref.kind == secret.kind and self._secrets.read(ref) == secret.value:
                self._free_secrets.remove(ref)
                return ref
        return self._secrets.keep(secret.value, secret.kind)

    def _object(self, live: Live) -> ObjectRef:
        for ref in self._free_objects:
            if ref.kind == live.kind and self._objects.read(ref) is live.value:
                self._free_objects.remove(ref)
                return ref
        return self._objects.keep(live.value, live.kind, live.label)


def _method(_keeper: Keeper, values: Values) -> records.ConnectivityMethod:
    return records.ConnectivityMethod(type=values["type"], responsible_party=values["responsibleParty"])


def _ice_servers(keeper: Keeper, values: tuple[Values, ...]) -> tuple[records.IceServerOption, ...]:
    return tuple(keeper.ice_server(server) for server in values)


_FORMS: Final[Mapping[str, Callable[[Keeper, Any], Any]]] = {
    "method": _method,
    "iceServers": _ice_servers,
    "logActions": Keeper.log_actions,
}
"""Options whose record has another form than their value."""


def _refs(record: object) -> Iterable[SecretRef | ObjectRef]:
    """All references in a record, in the order of its fields."""
    if isinstance(record, (SecretRef, ObjectRef)):
        yield record
    elif isinstance(record, tuple):
        for item in cast("tuple[object, ...]", record):
            yield from _refs(item)
    elif attrs.has(type(record)):
        for field in attrs.fields(cast("Any", type(record))):
            yield from _refs(getattr(record, field.name))


class Reader:
    """Makes checked values of records again."""

    def __init__(self, secrets: Secrets, objects: Objects) -> None:
        self._secrets = secrets
        self._objects = objects

    def values(self, record: records.Options) -> Values:
        """The configuration's values by documented keys."""
        return cast("Values", self._value(record))

    def unknown(self, record: records.Options) -> Unknown:
        """What stands under unknown keys: the very object that is kept."""
        return cast("Unknown", self._objects.read(record.further)) if isinstance(record.further, ObjectRef) else {}

    def _value(self, value: Any) -> Any:
        if isinstance(value, SecretRef):
            return Secret(self._secrets.read(value), value.kind)
        if isinstance(value, ObjectRef):
            return Live(self._objects.read(value), value.kind)
        items = items_of(value)
        if items is not None:
            return tuple(self._value(item) for item in items)
        kind = _type(value)
        return self._fields(kind, value) if attrs.has(kind) else value

    def _fields(self, kind: type[Any], record: Any) -> Values:
        section = _SECTIONS.get(kind)
        keys = {} if section is None else {opt.attribute: key for key, opt in options_of(section).items()}
        stated = ((field.name, getattr(record, field.name)) for field in attrs.fields(kind))
        values = {
            keys.get(name, documented_key(name)): self._value(value)
            for name, value in stated
            if value is not UNSET and name not in _OURS
        }
        restore = _RESTORED.get(kind)
        return values if restore is None else restore(record, values)


_OURS: Final = frozenset({"further", "one_url"})
"""Fields of records that are no options."""


def _restored_ice_server(record: records.IceServerOption, values: Values) -> Values:
    return {**values, "urls": record.urls[0]} if record.one_url else values


def _restored_logs(record: records.LogOptions, values: Values) -> Values:
    return {**values, "logActions": False} if record.log_actions is None else values


_RESTORED: Final[Mapping[type[Any], Callable[[Any, Values], Values]]] = {
    records.IceServerOption: _restored_ice_server,
    records.LogOptions: _restored_logs,
}


def _type(value: object) -> type[Any]:
    return type(value)


def plain(value: Any) -> Any:
    """A value as an application wrote it: secrets and callables themselves, lists for tuples; containers are new."""
    if isinstance(value, Secret):
        return value.value
    if isinstance(value, Live):
        certificates = items_of(value.value)
        return value.value if certificates is None else list(certificates)
    items, values = items_of(value), values_of(value)
    if items is not None:
        return [plain(item) for item in items]
    return value if values is None else {key: plain(item) for key, item in values.items()}
