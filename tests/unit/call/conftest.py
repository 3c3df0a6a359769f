"""Every bench that a test makes is destroyed after it, and nothing may be left open then."""

import pytest

from rbbn_sdk.actions import call as acts
from rbbn_sdk.testing.call import CallBench
from rbbn_sdk.types.call import OperationType


@pytest.fixture(
    params=[
        (acts.AnswerCall, OperationType.ANSWER),
        (acts.RejectCall, OperationType.REJECT),
        (acts.IgnoreCall, OperationType.IGNORE),
        (acts.EndCall, OperationType.END),
        (acts.SendRingingFeedback, OperationType.SEND_RINGING_FEEDBACK),
        (acts.ResyncCall, OperationType.RESYNC),
    ],
    ids=lambda pair: pair[0].__name__,
)
def asked_for(request):
    """What an application asks for about a call that is there, and the operation that begins by it."""
    return request.param


@pytest.fixture(autouse=True)
def benches_are_destroyed(monkeypatch):
    """What is still under way ends as with a client that is destroyed."""
    made = []
    make = CallBench.__init__

    def note(self, **options):
        make(self, **options)
        made.append(self)

    monkeypatch.setattr(CallBench, "__init__", note)
    yield
    for bench in made:
        bench.destroy()
        assert bench.media.is_closed
        assert not bench.deaths
