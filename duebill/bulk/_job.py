"""What a batch is made of: its rows, how each becomes a call, who signs, and how it is packed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from duebill._actions import NOTHING, Action
from duebill._enclosing import enclosure
from duebill._wallet import ContractWallet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from duebill._desk import Desk
    from duebill.bulk._forms import Form
    from duebill.bulk._spool import Item, Spool
    from duebill.model import Address
    from duebill.signing import Signer

# What a wallet adds to a call that it makes, at most.
_ENCLOSING_GAS = 40_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A checked table with everything that sending it takes.

    Attributes:
        desk: The ledger.
        signer: Who acts: an account, or a contract wallet.
        form: What its rows are.
        spool: The rows.
        reference: The batch's name in the journal.
        alone: Whether each row is a transaction of its own.
        timeout: Seconds without progress after which it is given up for now.
    """

    desk: Desk
    signer: Signer
    form: Form
    spool: Spool
    reference: str
    alone: bool
    timeout: float

    @property
    def sender(self) -> Address:
        """Whose vouchers and cash they are."""
        return self.signer.address

    @property
    def key(self) -> Signer:
        """Who signs: for a contract wallet, its owner.

        Raises:
            WalletHasNoKey: The wallet was given no owner.
        """
        return self.signer.owner if isinstance(self.signer, ContractWallet) else self.signer

    @property
    def gas_beyond(self) -> int:
        """What a transaction takes beyond its calls, at most."""
        return _ENCLOSING_GAS if isinstance(self.signer, ContractWallet) else 0

    def items(self, rows: Sequence[int]) -> list[Item] | None:
        """What rows ask for; None if one of them is missing."""
        found = self.spool.items(rows)
        named = [
            self.form.named(item, self.reference, row)
            for row, item in zip(rows, found, strict=True)
            if item is not None
        ]
        return named if len(named) == len(rows) else None

    def calls(self, items: Sequence[Item]) -> list[Action[None]]:
        """Each row's own call of the ledger."""
        return [self._call(self.form.call(item)) for item in items]

    def action(self, items: Sequence[Item]) -> Action[None]:
        """The call of the ledger that does what rows ask for."""
        calls = self.form.calls(items)
        if len(calls) > 1:
            return self.sent(self.desk.action(NOTHING, "multicall", calls))
        return self.sent(self._call(calls[0]))

    def sent(self, action: Action[Any]) -> Action[Any]:
        """A call as it is sent: a contract wallet makes it for its owner."""
        if isinstance(self.signer, ContractWallet):
            return enclosure(self.sender, [action])
        return action

    def _call(self, data: bytes) -> Action[None]:
        return Action(to=self.desk.address, data=data, decode=lambda _: None, answer=NOTHING)
