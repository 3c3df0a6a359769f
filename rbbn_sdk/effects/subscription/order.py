"""What is asked of the gateway (`connection` 5.1, 5.2)."""

from rbbn_sdk.actions.subscription import Subscribe
from rbbn_sdk.engine import State, evolve
from rbbn_sdk.ports import SubscribeOrder, Subscription
from rbbn_sdk.selectors.config import authentication_options, subscription_options


def subscribe_order(state: State, request: Subscribe) -> SubscribeOrder:
    """For a POST: from the configuration and what the application asked for."""
    login = authentication_options(state)
    return SubscribeOrder(
        expires=subscription_options(state).expires,
        service=request.services,
        localization=login.localization,
        notification_type=login.notification_type,
        client_correlator=request.client_correlator,
        headers=request.headers,
        query_params=request.query_params,
    )


def update_order(current: Subscription, services: tuple[str, ...]) -> SubscribeOrder:
    """For a PUT: the whole wanted list, the rest from the gateway's last answer."""
    return SubscribeOrder(
        expires=current.expires,
        service=services,
        localization=current.localization or "English_US",
        notification_type=current.notification_type or "WebSocket",
        client_correlator=current.client_correlator,
    )


def with_more(current: Subscription, services: tuple[str, ...]) -> tuple[str, ...]:
    """The granted services, then those that are not among them, whatever their case."""
    granted = {name.lower() for name in current.service}
    return (*current.service, *(name for name in services if name.lower() not in granted))


def completed(answer: Subscription, current: Subscription) -> Subscription:
    """An update's answer replaces what was stored; what it does not repeat but is needed is kept."""
    return evolve(
        answer,
        path=answer.path or current.path,
        expires=current.expires if answer.expires is None else answer.expires,
    )
