"""The subscription is extended before it expires (5.5)."""

from collections import deque

import pytest

from rbbn_sdk.effects.subscription.extend import pause
from rbbn_sdk.engine import Later
from rbbn_sdk.errors import RequestRefused, RequestTimedOut
from rbbn_sdk.selectors.subscription import extension_attempt, is_pending
from rbbn_sdk.testing.connection import granted
from rbbn_sdk.types import RestFailure

HALF = 1800.0


def refused(status, number=None, **more):
    failure = RestFailure(http_status=status, status_code=number, wrapper="subscribeResponse", has_body=True, **more)
    return RequestRefused("refused", code=status, failure=failure)


@pytest.mark.parametrize(
    ("expires", "attempt", "fraction", "seconds"),
    [
        (3600, 1, 0.5, 1800.0),
        (3600, 1, 0.0, 1440.0),
        (3600, 2, 0.5, 900.0),
        (3600, 3, 0.5, 450.0),
        (3600, 50, 0.5, 30.0),
        (60, 1, 0.0, 24.0),
        (None, 1, 0.5, 30.0),
        (3600, 5000, 0.5, 30.0),
    ],
)
def test_attempts_come_at_a_half_a_quarter_an_eighth_but_30_s_apart(expires, attempt, fraction, seconds) -> None:
    """Give or take 20 %, so that a thousand clients do not come at once."""
    assert pause(expires, attempt, fraction) == pytest.approx(seconds)
    assert pause(expires, attempt, 0.999999) < seconds * 1.6


def test_an_extension_repeats_the_services_and_tells_resub(subscribed) -> None:
    """And again after the next half of its life."""
    subscribed.pass_time(HALF)
    subscribed.pass_time(HALF)
    assert subscribed.rest.methods == ["update_subscription"] * 2
    assert subscribed.rest.calls[0][1][2].service == ("call", "IM")
    assert subscribed.events == ["subscription:resub C call,IM"] * 2
    event = subscribed.told[0].event
    assert dict(event) == {"attemptNum": 1, "isFailure": False}


def test_failures_come_sooner_after_one_another_and_tell_their_error(subscribed) -> None:
    """Without limit; a success begins anew."""
    subscribed.rest.will("update_subscription", RequestTimedOut("late"), refused(500, 26))
    subscribed.pass_time(HALF + 900 + 450)
    numbers = [(told.event.attempt_num, told.event.is_failure) for told in subscribed.told]
    assert numbers == [(1, True), (2, True), (3, False)]
    assert subscribed.told[0].event.error.code == "authentication:6"
    assert extension_attempt(subscribed.state) == 1


def test_a_refused_authorization_is_told_before_each_failure(subscribed) -> None:
    """Once a failure; the subscription lives on and the next extension succeeds with fresh credentials."""
    subscribed.rest.will("update_subscription", refused(401, unauthorized=True))
    subscribed.pass_time(HALF)
    assert subscribed.events == [
        "request:error(authentication:1) C call,IM",
        "subscription:resub(authentication:6) C call,IM",
    ]
    subscribed.pass_time(900)
    assert subscribed.told[-1].event.is_failure is False


def test_a_vanished_subscription_is_gone_without_resub(subscribed) -> None:
    """404 with 39 (7.6)."""
    subscribed.rest.will("update_subscription", refused(404, 39))
    subscribed.pass_time(HALF)
    assert subscribed.events == ["ws:change call,IM", "subscription:change(GONE)"]
    subscribed.pass_time(10_000)
    assert subscribed.rest.methods == ["update_subscription"]


def test_the_services_are_those_at_the_time_of_the_request(subscribed) -> None:
    """A service that was given up meanwhile is not granted again by the extension."""
    subscribed.unsubscribe("IM")
    subscribed.pass_time(HALF)
    assert subscribed.rest.calls[-1][1][2].service == ("call",)


def test_adding_services_begins_a_new_interval_and_removing_does_not(subscribed) -> None:
    """5.5."""
    subscribed.pass_time(1000)
    subscribed.subscribe("custom")
    subscribed.pass_time(1000)
    assert subscribed.rest.methods == ["update_subscription"]
    subscribed.unsubscribe("custom")
    subscribed.pass_time(800)
    assert subscribed.rest.methods == ["update_subscription"] * 3


def test_an_extension_waits_for_what_is_pending(subscribed) -> None:
    """Else its list could undo the update that is under way."""
    subscribed.rest.script["update_subscription"] = deque([lambda *_: granted("call", "IM", "custom")])
    subscribed.subscribe("custom")
    assert not is_pending(subscribed.state)
    subscribed.pass_time(HALF)
    assert subscribed.rest.calls[-1][1][2].service == ("call", "IM", "custom")


def test_nothing_is_extended_after_the_end(subscribed) -> None:
    """Full unsubscribe stops the timer."""
    subscribed.unsubscribe("call", "IM")
    subscribed.pass_time(10_000)
    assert subscribed.rest.methods == ["unsubscribe"]


def test_extensions_go_on_while_the_websocket_is_opened_anew(subscribed) -> None:
    """6.3."""
    subscribed.socket.script.append("hang")
    subscribed.pass_time(HALF - 2)
    subscribed.drop(1006)
    subscribed.pass_time(2)
    assert subscribed.rest.methods == ["update_subscription"]


def test_an_extension_that_falls_due_during_an_update_follows_it(subscribed) -> None:
    """And an end in that time ends it too."""
    answer = Later()
    subscribed.pass_time(HALF - 1)
    subscribed.rest.will("update_subscription", answer)
    subscribed.unsubscribe("IM")
    subscribed.pass_time(2)
    assert subscribed.rest.methods == ["update_subscription"]
    answer.set(granted("call"))
    subscribed.pass_time(0)
    assert [call[1][2].service for call in subscribed.rest.calls] == [("call",), ("call",)]
    assert subscribed.events[-1] == "subscription:resub C call"
