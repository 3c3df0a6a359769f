"""Whatever a gateway or something in front of it answers, reading it ends in a value or in one of our errors."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from rbbn_sdk.engine.codec import decode, encode
from rbbn_sdk.errors import RequestError
from rbbn_sdk.io import KeptSecrets
from rbbn_sdk.io.rest.calls import read_session, read_state, refused_call
from rbbn_sdk.io.rest.failure import json_of, read_failure, refused
from rbbn_sdk.io.rest.message import Answer
from rbbn_sdk.io.rest.subscription import read_subscription, read_update
from rbbn_sdk.io.rest.urls import full_url, path_of, query_string
from rbbn_sdk.ports import Server
from rbbn_sdk.types import RestFailure

INNER = ["statusCode", "retryAfter", "service", "expires", "sessionId", "sessionData", "state", "message", "reason"]
OUTER = ["subscribeResponse", "subscriptionParams", "turnCredentials", "callControlResponse"]
NAMES = st.sampled_from([*INNER, *OUTER])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
TREES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner), max_leaves=20)
CONTENTS = st.binary(max_size=200) | TREES.map(json.dumps).map(str.encode)
HEADERS = st.lists(st.tuples(st.sampled_from(["content-type", "retry-after"]), st.text(max_size=40)), max_size=3).map(
    tuple
)


@st.composite
def answers(draw: st.DrawFn, statuses: st.SearchStrategy[int]) -> Answer:
    return Answer(
        status=draw(statuses),
        reason=draw(st.text(max_size=300)),
        headers=draw(HEADERS),
        content=draw(CONTENTS),
        broken=draw(st.booleans()),
    )


def is_a_line(text: str) -> bool:
    return len(text) < 500 and (text.isprintable() or not text)


@given(answers(st.integers(300, 599)), st.integers(0, 2**50))
@example(Answer(status=503, reason="", headers=(("retry-after", "9" * 400),), content=b"{}"), 0)
def test_every_refusal_becomes_one_printable_line(answer: Answer, now: int) -> None:
    """It ends in logs, events and on screens."""
    failure = read_failure(answer, now)
    assert failure.http_status == answer.status
    assert failure.retry_after is None or failure.retry_after > 0
    assert decode(encode(failure), RestFailure) == failure
    assert is_a_line(failure.reason)
    assert is_a_line(refused(failure, "x").message)
    assert is_a_line(refused_call(failure, "x").message)


@given(answers(st.integers(200, 299)))
def test_every_success_is_read_or_is_an_error_of_ours(answer: Answer) -> None:
    """No exception of a decoder ends a worker."""
    secrets = KeptSecrets()
    for read in (
        lambda: read_subscription(answer, secrets),
        lambda: read_update(answer, secrets),
        lambda: read_session(answer),
        lambda: read_state(answer),
        lambda: json_of(answer, "x"),
    ):
        try:
            encode(read())
        except RequestError as error:
            assert is_a_line(error.message)  # noqa: PT017 - whether it is raised depends on the example


@given(st.text(), st.lists(st.tuples(st.text(), st.text())))
def test_every_address_is_ascii_and_on_our_host(path: str, params: list[tuple[str, str]]) -> None:
    """Nothing that a gateway or an application gives can lead elsewhere or break the request line."""
    url = full_url(Server(base="gw.example.com", port=443), path_of(path), query_string(params))
    assert url.startswith("https://gw.example.com:443/")
    assert url.isascii()
    assert not set(url) & set(" \r\n\t#")
