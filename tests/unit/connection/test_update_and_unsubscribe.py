"""Changes of a subscription, and its end when it is asked for."""

import pytest

from rbbn_sdk.actions.subscription import ServicesAdded
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused, RequestTimedOut, RequestUnreachable, UnusableReply
from rbbn_sdk.selectors.subscription import current_subscription, services_info
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import RestFailure


def refused(status, number=None, wrapper="subscribeResponse", **more):
    failure = RestFailure(http_status=status, status_code=number, wrapper=wrapper, has_body=True, **more)
    return RequestRefused("refused", code=status, failure=failure)


BEGIN = "subscription:change P C call,IM"


def test_more_services_are_added_by_an_update_of_the_whole_list(subscribed) -> None:
    """5.3: names that are there already, in whatever case, are not named twice."""
    slot = subscribed.subscribe("im", "custom")
    assert subscribed.events == [BEGIN, "subscription:change C call,IM,custom"]
    method, (_, _, order) = subscribed.rest.calls[0]
    assert (method, order.service) == ("update_subscription", ("call", "IM", "custom"))
    assert slot.error is None


def test_an_update_repeats_what_the_gateway_answered(client) -> None:
    """5.2: life, localization, notification type and correlator come from the stored answer."""
    answer = granted(
        "call", expires=900, localization="French_FR", notification_type="WebSocket2", client_correlator="desk01"
    )
    client.rest.will("subscribe", answer)
    client.subscribe("call", client_correlator="desk01")
    client.subscribe("IM", client_correlator="other")
    first, second = client.rest.calls[0][1][1], client.rest.calls[1][1][2]
    assert first.client_correlator == "desk01"
    assert (second.expires, second.localization, second.notification_type) == (900, "French_FR", "WebSocket2")
    assert second.client_correlator == "desk01"


def test_an_update_without_new_names_sends_the_list_again(subscribed) -> None:
    """5.3: an empty list is allowed once something is subscribed."""
    assert subscribed.subscribe().error is None
    assert subscribed.rest.calls[0][1][2].service == ("call", "IM")


@pytest.mark.parametrize(
    ("failure", "code", "fragment"),
    [
        pytest.param(refused(403, 37), "authentication:6", "status code 37", id="refused"),
        pytest.param(refused(503, 500), "authentication:6", "Status Code: 500", id="unavailable"),
        pytest.param(refused(500, None, wrapper=""), "authentication:6", "refused", id="html"),
        pytest.param(refused(200, 5), "authentication:6", "statusCode: 5", id="http-200"),
        pytest.param(RequestTimedOut("no answer in time"), "authentication:6", "no answer in time", id="time-out"),
    ],
)
def test_a_failed_update_leaves_the_old_list(subscribed, failure, code, fragment) -> None:
    """5.2 and 7.4."""
    subscribed.rest.will("update_subscription", failure)
    slot = subscribed.subscribe("custom")
    assert subscribed.events == [BEGIN, f"subscription:error({code}) C call,IM"]
    assert fragment in slot.error.message


def test_an_update_of_a_vanished_subscription_ends_it(subscribed) -> None:
    """The number 39 is told, and then the state says what is true."""
    subscribed.rest.will("update_subscription", refused(404, 39))
    slot = subscribed.subscribe("custom")
    assert slot.error.code == 39
    assert subscribed.events == [
        BEGIN,
        "subscription:error(39) C call,IM",
        "ws:change call,IM",
        "subscription:change(GONE)",
    ]


def test_some_services_are_given_up_by_an_update_with_the_rest(subscribed) -> None:
    """5.4."""
    slot = subscribed.unsubscribe("IM", "never subscribed")
    assert subscribed.events == [BEGIN, "subscription:change C call"]
    assert subscribed.rest.calls[0][1][2].service == ("call",)
    assert slot.error is None


def test_all_services_are_given_up_by_a_delete(subscribed) -> None:
    """7.4: the websocket closes before the end is told, while it is still pending."""
    slot = subscribed.unsubscribe("IM", "call")
    assert subscribed.events == [BEGIN, "ws:change P call,IM", "subscription:change"]
    assert subscribed.rest.methods == ["unsubscribe"]
    assert subscribed.socket.closed == [subscribed.socket.current]
    assert slot.error is None


def test_names_that_are_not_subscribed_are_an_error(subscribed) -> None:
    """5.4: the case counts."""
    assert subscribed.unsubscribe("im").error.code == "authentication:3"
    assert subscribed.events == [BEGIN, "subscription:error(authentication:3) C call,IM"]


def test_nothing_can_be_given_up_when_nothing_is_subscribed(client) -> None:
    """5.4."""
    assert client.unsubscribe("call").error.code == "authentication:3"


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        pytest.param(refused(403, 27), 27, id="number"),
        pytest.param(refused(500, None, wrapper=""), 500, id="http-status"),
        pytest.param(RequestTimedOut("late"), "TimeoutError", id="time-out"),
        pytest.param(RequestUnreachable("no", code="ConnectError"), "ConnectError", id="network"),
        pytest.param(UnusableReply("not JSON", code="SyntaxError"), "SyntaxError", id="not-json"),
    ],
)
def test_a_failed_delete_leaves_everything_as_it_was(subscribed, failure, code) -> None:
    """5.4: still subscribed, still connected."""
    subscribed.rest.will("unsubscribe", failure)
    assert subscribed.unsubscribe("IM", "call").error.code == code
    assert subscribed.events == [BEGIN, f"subscription:error({code}) C call,IM"]
    assert subscribed.socket.closed == []


def test_a_subscription_without_services_can_be_given_up(client) -> None:
    """Whatever is named, for every granted service is named."""
    client.rest.will("subscribe", granted())
    client.subscribe("call")
    assert client.unsubscribe("call").error is None


def test_an_update_that_ends_after_its_subscription_changes_nothing(subscribed) -> None:
    """The answer to a PUT may come after `gone`."""
    answer = Later()
    subscribed.rest.will("update_subscription", answer)
    slot = subscribed.subscribe("custom")
    subscribed.push('{"notificationMessage":{"eventType":"gone","eventId":"1"}}')
    answer.set(granted("call", "IM", "custom"))
    subscribed.pass_time(0)
    assert slot.error.code == "authentication:6"
    assert current_subscription(subscribed.state) is None
    assert not subscribed.actions_of(ServicesAdded)


def test_an_answer_that_forgets_its_path_does_not_break_the_delete(subscribed) -> None:
    """What an update's answer does not repeat is kept when it is needed."""
    subscribed.rest.will("update_subscription", granted("call", "IM", "custom", path="", expires=None))
    subscribed.subscribe("custom")
    current = current_subscription(subscribed.state)
    assert (current.path, current.expires) == (granted().path, 3600)


def test_the_comparison_of_wanted_and_granted_services_is_kept(client) -> None:
    """10.2."""
    client.rest.will("subscribe", granted("CALL"))
    client.subscribe("call", "IM")
    info = services_info(client.state)
    assert (info.status, info.missing, dict(info.services)) == ("PARTIAL", ("IM",), {"call": True, "IM": False})


def test_a_partial_unsubscribe_that_fails_leaves_the_old_list(subscribed) -> None:
    """As for every update."""
    subscribed.rest.will("update_subscription", refused(403, 37))
    assert subscribed.unsubscribe("IM").error.code == "authentication:6"
    assert subscribed.events == [BEGIN, "subscription:error(authentication:6) C call,IM"]


def test_a_partial_unsubscribe_from_a_vanished_subscription_ends_it(subscribed) -> None:
    """Told with the number 39, then GONE."""
    subscribed.rest.will("update_subscription", refused(404, 39))
    assert subscribed.unsubscribe("IM").error.code == 39
    assert subscribed.events[-1] == "subscription:change(GONE)"


def test_a_lost_connection_waits_for_a_partial_unsubscribe_and_is_told_after_it(subscribed) -> None:
    """The websocket ends for good while the PUT is under way."""
    answer = Later()
    subscribed.rest.will("update_subscription", answer)
    slot = subscribed.unsubscribe("IM")
    subscribed.drop(1000)
    answer.set(granted("call"))
    subscribed.pass_time(0)
    assert slot.error is None
    assert subscribed.events == [
        BEGIN,
        "ws:change P call,IM",
        "subscription:change call",
        "subscription:change(LOST_CONNECTION)",
    ]


def test_a_subscription_without_a_path_ends_without_a_request(client) -> None:
    """There is nothing that a DELETE could name."""
    client.rest.will("subscribe", granted("call", path=""))
    client.subscribe("call")
    assert client.unsubscribe("call").error is None
    assert client.rest.methods == ["subscribe"]
