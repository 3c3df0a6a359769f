"""What a client is made of. To add a feature is to add its modules and its lines here."""

from collections.abc import Iterator

from rbbn_sdk.effects import auth as auth_effects
from rbbn_sdk.effects import call as call_effects
from rbbn_sdk.effects import config as config_effects
from rbbn_sdk.effects import connectivity as connectivity_effects
from rbbn_sdk.effects import notification as notification_effects
from rbbn_sdk.effects import request as request_effects
from rbbn_sdk.effects import subscription as subscription_effects
from rbbn_sdk.effects import webrtc as webrtc_effects
from rbbn_sdk.events import auth as auth_events
from rbbn_sdk.events import call as call_events
from rbbn_sdk.events import connectivity as connectivity_events
from rbbn_sdk.events import notification as notification_events
from rbbn_sdk.events import request as request_events
from rbbn_sdk.events import subscription as subscription_events
from rbbn_sdk.events import webrtc as webrtc_events
from rbbn_sdk.events.base import Event
from rbbn_sdk.reducers.auth import authentication
from rbbn_sdk.reducers.call import calls
from rbbn_sdk.reducers.config import config
from rbbn_sdk.reducers.connectivity import connectivity
from rbbn_sdk.reducers.logs import logs
from rbbn_sdk.reducers.notification import notifications
from rbbn_sdk.reducers.subscription import subscription
from rbbn_sdk.reducers.webrtc import webrtc

SLICES = (logs, config, authentication, subscription, webrtc, notifications, connectivity, calls)
"""In the order in which the documented state has them (`state-and-actions` 1.1)."""

DERIVATIONS = (
    request_events.derivations,
    auth_events.derivations,
    connectivity_events.derivations,
    subscription_events.derivations,
    webrtc_events.derivations,
    call_events.derivations,
    notification_events.derivations,
)

SAGAS = (
    config_effects.watch,
    request_effects.watch,
    auth_effects.watch,
    webrtc_effects.watch,
    call_effects.watch,
    subscription_effects.watch,
    connectivity_effects.watch,
    notification_effects.watch,
)
"""Those that react to a notification run before the one that reads the next."""


def event_names() -> frozenset[str]:
    """The names of all events that can come: the client's own, and those of an application's subclasses of `Event`."""
    return frozenset(name for kind in _subclasses(Event) if (name := getattr(kind, "TYPE", "")))


def _subclasses(kind: type[Event]) -> Iterator[type[Event]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)
