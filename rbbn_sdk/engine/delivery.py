"""What is on its way through a store."""

from rbbn_sdk.engine.action import Action
from rbbn_sdk.engine.ledger import OpenRequest
from rbbn_sdk.engine.plan import Plan
from rbbn_sdk.engine.state import State


class Delivery:
    """An action that was reduced and is to be delivered."""

    __slots__ = ("action", "after", "before", "ended", "line", "plan")

    def __init__(
        self, plan: Plan, action: Action, before: State, after: State, line: int, ended: OpenRequest | None
    ) -> None:
        self.plan = plan
        self.action = action
        self.before = before
        self.after = after
        self.line = line
        self.ended = ended
