"""A process that brings an intent at the same moment as another."""

from __future__ import annotations

from typing import Any

from duebill import connect
from duebill.errors import BudgetExceeded
from duebill.node_accounts import NodeAccount
from duebill.sponsorship import Budget, SignedIntent, Sponsor


class Together(NodeAccount):
    """A sponsor that signs when the other one signs too: each has looked, none has written."""

    def __init__(self, index: int, gate: Any) -> None:
        super().__init__(index)
        self.gate = gate

    def sign_transaction(self, transaction: Any) -> bytes:
        if self.gate:
            gate, self.gate = self.gate, None
            gate.wait(60)
        return super().sign_transaction(transaction)


def bring(at: tuple[str, Any], line: str, sponsor: tuple[int, int], ways: tuple[Any, Any]) -> None:
    """Bring an intent and tell what came of it: None when the budget does not allow it.

    Args:
        at: The node, and the address book.
        line: The intent.
        sponsor: Which of the node's accounts pays, and the budget in wei.
        ways: Where both meet, and where the answer goes.
    """
    (url, book), (index, wei), (gate, answers) = at, sponsor, ways
    paying = Sponsor(connect(url, deployment=book), Together(index, gate), budget=Budget(wei=wei))
    try:
        answers.put(paying.relay(SignedIntent.from_text(line)).hash)
    except BudgetExceeded:
        answers.put(None)
