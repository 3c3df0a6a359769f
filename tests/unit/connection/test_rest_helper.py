"""What every feature sends its requests through."""

import pytest

from rbbn_sdk.actions.request import AuthorizationFailed, Fetch, Fetched
from rbbn_sdk.effects.request import login_rest, rest
from rbbn_sdk.engine import run_saga
from rbbn_sdk.errors import InvalidState, RequestError, RequestRefused, RequestTimedOut
from rbbn_sdk.ports import Credentials, FetchInit, FetchReply, Rest, Server
from rbbn_sdk.reducers.auth import Authentication, authentication
from rbbn_sdk.reducers.config import config
from rbbn_sdk.testing.connection import bench_options
from rbbn_sdk.types import RequestId, RestFailure, SecretRef, SessionId

LOGIN_SERVER = Server(base="login.example", port=1)
KNOWN = Authentication(
    server=LOGIN_SERVER,
    credentials=Credentials(username="ann", password=SecretRef(id="p", kind="password")),
)
STATE = {config: bench_options(), authentication: KNOWN}


def run(saga, state=STATE, **answers):
    return run_saga(saga, state=state, answers={getattr(Rest, name): answer for name, answer in answers.items()})


def test_requests_go_to_the_configured_server_and_those_of_the_login_to_the_login_s() -> None:
    """`connection` 1: the two differ after a change of the configuration."""
    ran = run(rest(Rest.end_call, SessionId("s")), end_call=None)
    assert ran.called[0][1][0].server.base == "gw.example"
    ran = run(login_rest(Rest.unsubscribe, "/path"), unsubscribe=None)
    assert ran.called[0][1][0].server == LOGIN_SERVER


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        (RestFailure(http_status=401, unauthorized=True), "HTTP 401"),
        (RestFailure(http_status=403, status_code=65, unauthorized=True), "Status code: 65"),
    ],
    ids=["401", "token-expired"],
)
def test_a_refused_authorization_is_told_before_the_error_is_raised(failure, said) -> None:
    """So `request:error` comes before the feature's own event."""
    ran = run(rest(Rest.end_call, SessionId("s")), end_call=RequestRefused("no", failure=failure))
    assert isinstance(ran.error, RequestRefused)
    (told,) = ran.put
    assert isinstance(told, AuthorizationFailed)
    assert told.error.code == "authentication:1"
    assert said in told.error.message


def test_other_failures_are_only_raised() -> None:
    """Nothing is retried."""
    ran = run(rest(Rest.end_call, SessionId("s")), end_call=RequestTimedOut("late"))
    assert isinstance(ran.error, RequestTimedOut)
    assert ran.put == []


def test_without_credentials_a_request_fails_as_requests_do() -> None:
    """Callers catch one kind of error only."""
    ran = run(rest(Rest.end_call, SessionId("s")), state={config: bench_options(), authentication: Authentication()})
    assert isinstance(ran.error, RequestError)
    assert "set_credentials" in ran.error.message


def test_a_secret_that_was_just_forgotten_is_a_request_error_too() -> None:
    """Credentials may be replaced between the decision to send and the sending."""
    ran = run(rest(Rest.end_call, SessionId("s")), end_call=InvalidState("freed"))
    assert isinstance(ran.error, RequestError)


def fetch(client):
    slot = client.store.request(Fetch(request_id=RequestId("f"), resource="/x", init=FetchInit()))
    client.scheduler.run_turns()
    return slot


def test_any_answer_to_a_fetch_is_a_success(client) -> None:
    """401 too, and no event is told."""
    client.rest.will("fetch", FetchReply(status=401, reason="Unauthorized", headers=(), body=None))
    slot = fetch(client)
    assert isinstance(slot.fact, Fetched)
    assert slot.fact.reply.status == 401
    assert client.events == []


def test_a_fetch_without_an_answer_fails(client) -> None:
    """With the port's error."""
    client.rest.will("fetch", RequestTimedOut("no route"))
    assert fetch(client).error.message == "no route"


def test_a_fetch_works_before_credentials_are_set(make_client) -> None:
    """Without headers of the client's own."""
    client = make_client()
    client.rest.will("fetch", FetchReply(status=200, reason="OK", headers=(), body=None))
    assert fetch(client).error is None
    assert client.rest.calls[0][1][1] is None
