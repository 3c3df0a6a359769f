"""Failures on demand: which requests they hit, and what those get."""

import pytest

from rbbn_sdk.errors import InvalidArgument
from rbbn_sdk.gateway.faults import Faults, user_of

AUDIT = "/rest/version/1/user/alice@example.com/callControl/callSessions/abc"
ALICE = "alice@example.com"


@pytest.mark.parametrize(
    ("path", "hit"),
    [
        ("*", True),
        ("callControl", True),
        ("/callControl/callSessions/*", True),
        ("*/callSessions/abc", True),
        ("/user/alice@*/callControl", True),
        ("^.*/callControl$", False),
        ("^/rest/.*/callSessions/[a-c]+$", True),
        ("subscription", False),
    ],
)
def test_a_path_pattern_fits_any_part_or_is_a_regular_expression(path, hit):
    """A person wants to say `callControl` and not spell the whole path."""
    faults = Faults()
    faults.fail(status=500, path=path)
    assert (faults.take("PUT", AUDIT, ALICE) is not None) is hit


@pytest.mark.parametrize(
    ("order", "hit"),
    [
        ({"user": "alice@EXAMPLE.com"}, True),
        ({"user": "bob@example.com"}, False),
        ({"method": "put"}, True),
        ({"method": "POST"}, False),
    ],
)
def test_user_and_method_narrow_it_down(order, hit):
    """Other users of the gateway go on undisturbed."""
    faults = Faults()
    faults.fail(status=500, **order)
    assert (faults.take("PUT", AUDIT, user_of(AUDIT)) is not None) is hit


@pytest.mark.parametrize(("times", "hits"), [(1, 1), (2, 2), (0, 5), (None, 5)])
def test_a_fault_is_used_up_or_stays(times, hits):
    """0 and None: until it is cleared."""
    faults = Faults()
    faults.fail(status=500, times=times)
    assert sum(faults.take("PUT", AUDIT, ALICE) is not None for _ in range(5)) == hits
    faults.clear()
    assert faults.take("PUT", AUDIT, ALICE) is None


def test_what_is_ordered_for_one_user_is_cleared_for_him_alone():
    """Tests that share a gateway must not undo each other's faults."""
    faults = Faults()
    faults.fail(status=500, user=ALICE)
    faults.delay(seconds=1, user="bob@example.com")
    faults.clear("bob@example.com")
    assert faults.take("GET", AUDIT, ALICE) is not None
    assert faults.delay_of("/x", "bob@example.com") == 0


@pytest.mark.parametrize(
    ("body", "content", "kind"),
    [
        ({"a": 1}, b'{"a":1}', "application/json"),
        ("<html>", b"<html>", "text/html"),
        ("cut", b"cut", "application/json"),
        (b"\x1f\x8b", b"\x1f\x8b", "application/json"),
        (None, b"", "application/json"),
        ([], b"[]", "application/json"),
    ],
    ids=["object", "html", "text", "bytes", "none", "list"],
)
def test_a_body_is_sent_as_it_was_given(body, content, kind):
    """Load balancers answer with anything."""
    faults = Faults()
    faults.fail(status=502, body=body, headers={"Retry-After": "3"})
    fault = faults.take("GET", AUDIT, ALICE)
    assert fault.content == content
    assert fault.headers["content-type"].startswith(kind)
    assert fault.headers["retry-after"] == "3"


def test_a_header_can_be_left_out():
    """A 403 without a content type is a case of its own (connection 3.1)."""
    faults = Faults()
    faults.fail(status=403, headers={"Content-Type": None})
    assert "content-type" not in faults.take("GET", AUDIT, ALICE).headers


def test_a_later_delay_replaces_the_earlier_and_zero_ends_it():
    """There is one delay for a user and path."""
    faults = Faults()
    faults.delay(seconds=3, path="callControl")
    faults.delay(seconds=5, path="callControl")
    assert faults.delay_of(AUDIT, ALICE) == 5
    faults.delay(seconds=0, path="callControl")
    assert faults.delay_of(AUDIT, ALICE) == 0


def test_a_bad_regular_expression_is_named():
    """The person who ordered it has to mend it."""
    with pytest.raises(InvalidArgument, match=r"path: not a regular expression: '\^\('"):
        Faults().fail(status=500, path="^(")
