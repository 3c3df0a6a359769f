"""A gateway that does not wait long."""

from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio


@pytest_asyncio.fixture
async def hasty_gateway(nothing_is_left: None) -> AsyncIterator[Any]:
    """It speaks soon to those who have not audited their call."""
    from rbbn_sdk.gateway import Gateway
    from rbbn_sdk.gateway.timing import Timing

    async with Gateway(timing=Timing(settle=0.01, ready=0.1)) as running:
        yield running
