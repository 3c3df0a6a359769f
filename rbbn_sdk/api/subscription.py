"""`client.services`: what the gateway notifies this client of."""

from collections.abc import Iterable, Mapping
from typing import cast

from rbbn_sdk.actions.subscription import ChangeReason, Subscribe, Unsubscribe
from rbbn_sdk.api.arguments import expected, mapping, names, pairs, text
from rbbn_sdk.api.context import ApiContext
from rbbn_sdk.api.operation import Operation
from rbbn_sdk.api.sealing import SealedPairs, refs_of, sealed
from rbbn_sdk.engine import Fact
from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.selectors.auth import username
from rbbn_sdk.selectors.subscription import Subscriptions, subscriptions

_TYPES = ("websocket", "push")
_OPTIONS = ("type", "clientCorrelator", "headers", "queryParams")


class Services:
    """Subscribe to services of the gateway: `call`, `IM`, `Presence`, `custom`, ..."""

    change_reasons = ChangeReason
    """Reasons in `subscription:change` for an end that was not asked for."""
    changeReasons = ChangeReason

    def __init__(self, context: ApiContext) -> None:
        self._context = context

    def subscribe(
        self, services: object = None, options: object = None, *, client_correlator: str | None = None
    ) -> Operation[None]:
        """Subscribe to services, or add services to the subscription there is.

        Args:
            services: A list of names, or of descriptors `{"service": name, "params": {...}}`, whose `params` are not
                sent.
            options: A mapping with `type` (`websocket`, which has no effect), `clientCorrelator` (names this device
                when a user has several), `headers` and `queryParams` for the request; or just the type. Options have
                an effect only when nothing is subscribed yet.
            client_correlator: The same as the option.

        Followed by `subscription:change` at the beginning and at the end, `ws:change` between; or by
        `subscription:error`: `subscription:4` (no user), `subscription:2` (no service), `authentication:4` (refused,
        or no answer; the message has `Status Code: <n>`), `authentication:13` (unavailable), `subscription:1` (no
        websocket), `authentication:6` or 39 (an update failed). Awaiting raises that error.

        Raises:
            InvalidArgument: An argument of a wrong kind; nothing has happened then.
        """
        wanted = self._services(services)
        given = self._options(options)
        correlator = text("options.clientCorrelator", client_correlator or given.get("clientCorrelator"))
        headers, parameters = self._sealed(given, "headers"), self._sealed(given, "queryParams")
        request = Subscribe(
            request_id=self._context.request_id(),
            services=wanted,
            username=self._context.select(username),
            start_time=self._context.clock.now(),
            type=text("options.type", given.get("type")) or _TYPES[0],
            client_correlator=correlator or None,
            headers=headers,
            query_params=parameters,
        )
        self._context.invoked("SUBSCRIPTION", "services.subscribe", wanted)
        return self._context.request(request, _nothing, held=refs_of(headers, parameters))

    def unsubscribe(self, services: object = None, type: str = "websocket") -> Operation[None]:  # noqa: A002 - the documented word
        """Give services up, by the names that `get_subscriptions` shows.

        Followed by `subscription:change` at the beginning and at the end, and `ws:change` between when nothing is
        left; or by `subscription:error`: `subscription:4` (no user), `subscription:2` (no service),
        `authentication:3` (not subscribed), `authentication:6` or 39 (the update failed), else the gateway's number,
        the HTTP status or the kind of failure. After an error what was subscribed still is. Awaiting raises it.

        Raises:
            InvalidArgument: An argument of a wrong kind; nothing has happened then.
        """
        request = Unsubscribe(
            request_id=self._context.request_id(),
            services=names("services", services),
            username=self._context.select(username),
            start_time=self._context.clock.now(),
            type=text("type", type) or _TYPES[0],
        )
        self._context.invoked("SUBSCRIPTION", "services.unsubscribe", request.services)
        return self._context.request(request, _nothing)

    def get_subscriptions(self) -> Subscriptions:
        """What is subscribed, what is advertised, and whether a subscribe or unsubscribe is under way."""
        self._context.invoked("SUBSCRIPTION", "services.getSubscriptions")
        return self._context.select(subscriptions)

    def _services(self, services: object) -> tuple[str, ...]:
        if services is None:
            return ()
        given = services  # the type checkers narrow `services` to what they only half know
        if isinstance(services, (str, bytes, Mapping)) or not isinstance(services, Iterable):
            raise expected("services", "a list of names or of {service, params}", given)
        items = cast("Iterable[object]", services)
        return tuple(self._service(f"services[{place}]", item) for place, item in enumerate(items))

    def _service(self, argument: str, item: object) -> str:
        if isinstance(item, str):
            return item
        if not isinstance(item, Mapping):
            raise expected(argument, "a name or {service, params}", item)
        descriptor = mapping(argument, cast("object", item))
        name = descriptor.get("service")
        if not isinstance(name, str):
            raise expected(f"{argument}.service", "a name", name)
        if descriptor.get("params"):
            self._context.log("warn", "SUBSCRIPTION", f"{argument}.params: parameters of services cannot be sent")
        return name

    def _sealed(self, given: dict[str, object], key: str) -> SealedPairs:
        return sealed(pairs(f"options.{key}", given.get(key)), self._context.secrets)

    def _options(self, options: object) -> dict[str, object]:
        if isinstance(options, str):
            if options not in _TYPES:
                msg = f"options: expected a mapping, 'websocket' or 'push', got {options!r}"
                raise InvalidArgument(msg)
            return {"type": options}
        given = mapping("options", options)
        unknown = sorted(set(given) - set(_OPTIONS))
        if unknown:
            known = ", ".join(_OPTIONS)
            self._context.log("warn", "SUBSCRIPTION", f"options: {', '.join(unknown)}: unknown; known are {known}")
        return given

    getSubscriptions = get_subscriptions


def _nothing(_fact: Fact) -> None:
    return None
