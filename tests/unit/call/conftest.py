"""Every bench that a test makes is destroyed after it, and nothing may be left open then."""

import pytest

from rbbn_sdk.testing.call import CallBench


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
