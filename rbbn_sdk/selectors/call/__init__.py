"""What is known of calls, as sagas and the API ask for it."""

from rbbn_sdk.selectors.call.checks import (
    GLARE,
    INVALID_ARGUMENT,
    INVALID_STATE,
    answer_problem,
    decline_problem,
    refusal,
    ringing_problem,
    unknown_call,
)
from rbbn_sdk.selectors.call.destination import normalise, originator
from rbbn_sdk.selectors.call.lookup import (
    all_calls,
    awaiting,
    call_by_id,
    call_of_session,
    is_arriving,
    is_done,
    is_ending_or_done,
    is_session_taken,
    live_calls,
    may_become_known,
    operation,
)
from rbbn_sdk.selectors.call.peer import peer_config, turn_urls

__all__ = [
    "GLARE",
    "INVALID_ARGUMENT",
    "INVALID_STATE",
    "all_calls",
    "answer_problem",
    "awaiting",
    "call_by_id",
    "call_of_session",
    "decline_problem",
    "is_arriving",
    "is_done",
    "is_ending_or_done",
    "is_session_taken",
    "live_calls",
    "may_become_known",
    "normalise",
    "operation",
    "originator",
    "peer_config",
    "refusal",
    "ringing_problem",
    "turn_urls",
    "unknown_call",
]
