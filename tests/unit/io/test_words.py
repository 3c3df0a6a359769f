"""What a user reads of a connection that could not be made."""

import errno
import socket

import pytest

from rbbn_sdk.io.words import words_of


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            OSError(errno.ECONNREFUSED, "Connect call failed ('192.0.2.1', 443)"),
            "Connection refused ('192.0.2.1', 443)",
        ),
        (OSError(errno.EHOSTUNREACH, "Connect call failed ('::1', 443, 0, 0)"), "No route to host ('::1', 443, 0, 0)"),
        (OSError(errno.EPIPE, "Broken pipe"), "Broken pipe"),
        (socket.gaierror(socket.EAI_NONAME, "Name or service not known"), "Name or service not known"),
        (OSError("Multiple exceptions: [Errno 111] a, [Errno 111] b"), "none of the host's addresses can be reached"),
        (OSError("All connection attempts failed"), ""),
        (OSError(), ""),
    ],
)
def test_the_systems_words_are_told(error, words):
    """asyncio says that connecting failed, and its number says why."""
    assert words_of(error) == words
