"""Issuing receivables and holding vouchers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from duebill import _answers
from duebill._actions import NOTHING, always
from duebill.model import address, units_in
from duebill.roles._cover import Claimant
from duebill.roles._lending import Borrower, Debtor
from duebill.roles._seller import Seller

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from duebill.bulk import Batch
    from duebill.bulk._begin import Options
    from duebill.bulk._sources import Table
    from duebill.chain import Transaction
    from duebill.model import Amount, Money, Part, ReceivableId, Terms, VoucherId


class Issuer(Debtor, Claimant):
    """Issues receivables: as the creditor, to be accepted; as the obligor, accepted at once."""

    def issue(self, terms: Terms) -> Transaction[ReceivableId]:
        """Issue a receivable. `Ledger.draft` and `Ledger.draft_invoice` make terms.

        Raises:
            CurrencyMismatch: The currency's number and the code of the face do not fit.
        """
        self._desk.require_code(terms)
        return self._do(_answers.ISSUED, "issue", terms.as_abi())

    def issue_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Issue receivables from a table.

        Its columns: obligor, creditor (this account where empty), amount, currency, due_date,
        programme, and if need be documents_root, reference_hash.

        The receivables' salts follow from the batch's reference and the rows: the same row is the
        same receivable every time, and the ledger takes it once.

        Args:
            table: A CSV or Parquet file, a DataFrame, or mappings or dataclasses.
            options: The batch's reference, and how it is carried out; see `bulk.Options`.

        Raises:
            TableProblem: The table is wrong; nothing was sent.
        """
        from duebill.bulk._forms import Issue  # noqa: PLC0415 - as in `_many`

        return self._many(table, Issue(self._desk, self.address, ledger=self.ledger), options)


class Holder(Seller, Borrower, Claimant):
    """Holds vouchers, sells and pledges them."""

    def transfer(
        self, voucher: str, to: str, *, value: Amount | None = None
    ) -> Transaction[VoucherId]:
        """Give a voucher to someone, whole, or a part of its value as a new voucher.

        Args:
            voucher: The voucher.
            to: Who gets it.
            value: How much; all of it when not given.

        Returns:
            What the recipient gets: the voucher itself, or the new one.
        """
        id_ = self._desk.voucher_id(voucher)
        recipient = address(to)
        if value is None:
            # An operator sends what its principal holds.
            holder = self.ledger.voucher(id_).holder
            function = "safeTransferFrom(address,address,uint256)"
            return self._do(always(id_), function, holder, recipient, id_.number)
        units = units_in(value, self._desk.code_of(id_.receivable))
        function = "transferFrom(uint256,address,uint256)"
        return self._do(_answers.BRANCHED, function, id_.number, recipient, units)

    def split(
        self, voucher: str, parts: Iterable[Part] | Mapping[str, Amount]
    ) -> Transaction[tuple[VoucherId, ...]]:
        """Split parts off a voucher, each into a new voucher for its recipient.

        What is left stays; if nothing is left, the voucher is no more.

        Args:
            voucher: The voucher.
            parts: The pieces, in order; or recipients with what each gets. The holder may be one.

        Returns:
            The new vouchers, in the order of the parts.
        """
        id_ = self._desk.voucher_id(voucher)
        currency = self._desk.code_of(id_.receivable)
        pairs = parts.items() if hasattr(parts, "items") else ((p.to, p.value) for p in parts)
        wanted = [(address(to), units_in(value, currency)) for to, value in pairs]
        return self._do(_answers.split_into(len(wanted)), "split", id_.number, wanted)

    def merge(self, vouchers: Iterable[str], *, into: str) -> Transaction[VoucherId]:
        """Put the whole value of vouchers into another one of the same receivable and holder."""
        target = self._desk.voucher_id(into)
        numbers = [self._desk.voucher_id(voucher).number for voucher in vouchers]
        return self._do(always(target), "merge", numbers, target.number)

    def redeem(self, voucher: str) -> Transaction[Money]:
        """Take out what the voucher's share of the coverage allows.

        Returns:
            What is paid to the holder, or to the payee that the supervisor named.
        """
        id_ = self._desk.voucher_id(voucher)
        currency = self._desk.code_of(id_.receivable)
        return self._do(_answers.money("Redeemed", "payout", currency), "redeem", id_.number)

    def transfer_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Give vouchers of this account to others, from a table.

        Its columns: voucher, to, amount, which is left empty for the whole voucher.
        See `Issuer.issue_many` for arguments and errors.
        """
        from duebill.bulk._forms import Transfer  # noqa: PLC0415 - as in `_many`

        return self._many(table, Transfer(self._desk, self.address), options)

    def split_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Split parts off vouchers, from a table with the columns voucher, to, amount.

        Neighbouring rows of one voucher become one split. See `Issuer.issue_many` for arguments
        and errors.
        """
        from duebill.bulk._forms import Split  # noqa: PLC0415 - as in `_many`

        return self._many(table, Split(self._desk, self.address), options)

    def redeem_many(self, table: Table, **options: Unpack[Options]) -> Batch:
        """Take out what vouchers allow, from a table with the column voucher.

        See `Issuer.issue_many` for arguments and errors.
        """
        from duebill.bulk._forms import Redeem  # noqa: PLC0415 - as in `_many`

        return self._many(table, Redeem(self._desk, self.address), options)

    def approve(self, voucher: str, operator: str) -> Transaction[None]:
        """Let someone act on one voucher; the zero address ends it."""
        id_ = self._desk.voucher_id(voucher)
        return self._do(NOTHING, "approve(address,uint256)", address(operator), id_.number)

    def approve_value(self, voucher: str, operator: str, *, value: Amount) -> Transaction[None]:
        """Let someone move value out of one voucher, up to an amount."""
        id_ = self._desk.voucher_id(voucher)
        units = units_in(value, self._desk.code_of(id_.receivable))
        function = "approve(uint256,address,uint256)"
        return self._do(NOTHING, function, id_.number, address(operator), units)

    def approve_all(self, operator: str, *, approved: bool = True) -> Transaction[None]:
        """Let someone act on all vouchers of this holder, or end it."""
        return self._do(NOTHING, "setApprovalForAll", address(operator), approved)
