"""What the ledger and its facades share: names become ids, calls become actions, reads go out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeVar

from duebill import _views
from duebill._abi import abi_of, gate_abi, ledger_abi, manager_abi, token_abi
from duebill._actions import NOTHING, Action, Approval, always
from duebill._answers import ANNOUNCED
from duebill._history import History
from duebill._permits import Permits
from duebill.errors import (
    AllowanceRefused,
    Ambiguous,
    BadId,
    CurrencyIsOffChain,
    CurrencyMismatch,
    NotFound,
    RevertError,
)
from duebill.model import ReceivableId, Status, VoucherId, hash_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duebill._abi import Abi
    from duebill._actions import Answer
    from duebill._contracts import Contracts
    from duebill._fold import Books
    from duebill.chain import Chain
    from duebill.model import Address, Currency, Money, Terms

T = TypeVar("T")

_PREFIX = re.compile(r"([0-9a-f]{1,48})(?:/([1-9][0-9]{0,19}))?")
_FULL_LENGTH = 48
_VALUE_DECIMALS = 6
# Calls in one request: nodes limit the gas and the time of a call.
_MOST_CALLS = 200


class Desk:
    """One ledger on one chain.

    Attributes:
        chain: The chain.
        contracts: Where the ledger is, and the contracts that go with it.
        address: The ledger.
        history: What their events tell.
        permits: What can be allowed without a transaction.
    """

    def __init__(self, chain: Chain, contracts: Contracts, *, first_block: int) -> None:
        self.chain = chain
        self.contracts = contracts
        self.address = contracts.ledger
        self.history = History(chain, contracts.own, first=first_block)
        self.permits = Permits(chain)
        self._abi = ledger_abi()
        self._codes: dict[ReceivableId, str] = {}
        self._code_by_number: dict[int, str] = {}

    # -- reads ------------------------------------------------------------------------------

    def read(self, function: str, *args: Any, block: int | None = None) -> Any:
        """What one of the ledger's views says."""
        return self._ask(self._abi, self.address, function, args, block)

    def read_from(self, contract: str, function: str, *args: Any, block: int | None = None) -> Any:
        """What a view of one of the contracts beside the ledger says.

        Args:
            contract: Its name: "exchange", "guarantee_book" or "pledge_book".
            function: The view.
            args: What it is asked.
            block: The block whose state is used; the latest when not given.

        Raises:
            NotDeployed: There is no such contract.
        """
        return self._ask(abi_of(contract), self.contracts.need(contract), function, args, block)

    def read_all(self, calls: Sequence[tuple[str, Any]], *, block: int) -> list[Any]:
        """What several views of one argument say, all at one block, in few requests."""
        return [
            answer
            for start in range(0, len(calls), _MOST_CALLS)
            for answer in self._read_some(calls[start : start + _MOST_CALLS], block)
        ]

    def ask_manager(self, function: str, *args: Any, block: int | None = None) -> Any:
        """What a view of the ledger's role manager says."""
        return self._ask(manager_abi(), self._manager(), function, args, block)

    def ask_manager_all(self, calls: Sequence[tuple[str, Any]], *, block: int) -> list[Any]:
        """What several views of one argument of the role manager say, in one request."""
        abi = manager_abi()
        encoded = [abi.encode(function, arg) for function, arg in calls]
        answers = self.ask_manager("multicall", encoded, block=block)
        pairs = zip(calls, answers, strict=True)
        return [_decoded(abi, function, data) for (function, _), data in pairs]

    def ask_token(self, token: Address, function: str, *args: Any, block: int | None = None) -> int:
        """What a token says."""
        return int(self._ask(token_abi(), token, function, args, block))

    def ask_gate(self, gate: Address, function: str, *args: Any) -> Any:
        """What a gate of the kind that ships says."""
        return self._ask(gate_abi(), gate, function, args, None)

    def currency(self, number: int, *, block: int | None = None) -> Currency:
        """A row of the currency table."""
        return _views.currency(number, self.read("currencyOf", number, block=block))

    def code(self, currency: int) -> str:
        """A currency's code, which never changes."""
        if currency not in self._code_by_number:
            self._code_by_number[currency] = self.currency(currency).code
        return self._code_by_number[currency]

    def code_of(self, receivable: ReceivableId) -> str:
        """The code of a receivable's currency, which never changes.

        Raises:
            NotFound: There is no such receivable.
        """
        if receivable not in self._codes:
            fields = self.read("receivableOf", receivable.number)
            self.require_issued(receivable, fields)
            self._codes[receivable] = self.code(fields["currency"])
        return self._codes[receivable]

    def codes_of(self, receivables: Sequence[ReceivableId]) -> dict[ReceivableId, str]:
        """As `code_of` for each of several, in few requests."""
        fresh = [id_ for id_ in dict.fromkeys(receivables) if id_ not in self._codes]
        if fresh:
            calls = [("receivableOf", id_.number) for id_ in fresh]
            answers = self.read_all(calls, block=self.chain.block_number())
            for id_, fields in zip(fresh, answers, strict=True):
                self.require_issued(id_, fields)
                self._codes[id_] = self.code(fields["currency"])
        return {id_: self._codes[id_] for id_ in receivables}

    def require_code(self, terms: Terms) -> None:
        """Refuse terms whose face has another code than their currency's number stands for.

        Raises:
            CurrencyMismatch: The two do not fit.
        """
        if (code := self.code(terms.currency)) != terms.face.currency:
            raise CurrencyMismatch(terms.face.currency, expected=code)

    def require_issued(self, receivable: ReceivableId, fields: dict[str, Any]) -> None:
        """Refuse what was never issued."""
        if fields["status"] == Status.NONE:
            raise NotFound("receivable", receivable)

    # -- ids --------------------------------------------------------------------------------

    def receivable_id(self, text: str) -> ReceivableId:
        """A receivable's id, from all or the first of its characters."""
        if isinstance(text, ReceivableId):
            return text
        prefix, serial = _parts(text)
        if serial is not None:
            raise BadId(text, expected="that of a receivable: without a slash")
        if len(prefix) == _FULL_LENGTH:
            return ReceivableId(prefix)
        with self.history.books() as (books, _):
            return _only_match(books, prefix)

    def voucher_id(self, text: str) -> VoucherId:
        """A voucher's id; of its receivable's, the first characters are enough."""
        if isinstance(text, VoucherId):
            return text
        prefix, serial = _parts(text)
        if serial is None:
            raise BadId(text, expected="that of a voucher: a receivable's, a slash and a serial")
        if len(prefix) == _FULL_LENGTH:
            return VoucherId(f"{prefix}/{serial}")
        with self.history.books() as (books, _):
            id_ = _only_match(books, prefix).voucher(serial)
            if id_ not in books.vouchers:
                raise NotFound("voucher", id_)
            return id_

    # -- actions ----------------------------------------------------------------------------

    def action(self, answer: Answer[T], function: str, *args: Any) -> Action[T]:
        """A call of the ledger."""
        return _action(self._abi, self.address, answer, function, *args)

    def action_of(self, contract: str, answer: Answer[T], function: str, *args: Any) -> Action[T]:
        """A call of one of the contracts beside the ledger; see `read_from`."""
        return _action(abi_of(contract), self.contracts.need(contract), answer, function, *args)

    def announcement(self, action: Action[Any]) -> Action[datetime | None]:
        """The announcement of a call whose role has a delay; gives from when on it can be made."""
        args = ("schedule", action.to, action.data, 0)
        return _action(manager_abi(), self._manager(), ANNOUNCED, *args)

    def announcements(self, calls: Sequence[bytes]) -> Action[None]:
        """The announcement of several calls of the ledger."""
        abi = manager_abi()
        encoded = [abi.encode("schedule", self.address, call, 0) for call in calls]
        return _action(abi, self._manager(), NOTHING, "multicall", encoded)

    def together(self, calls: Sequence[bytes]) -> Action[None]:
        """Several calls of the ledger in one transaction: all of them, or none."""
        return _action(self._abi, self.address, NOTHING, "multicall", list(calls))

    def cancellation(self, transaction: str) -> Action[None]:
        """The cancelling of what a transaction announced.

        Raises:
            NotFound: It announced nothing.
        """
        hash_ = hash_text(transaction, field="transaction")
        receipt = self.chain.receipt(hash_)
        events = self.chain.decoded(receipt.logs) if receipt else ()
        told = next((it.args for it in events if it.name == "OperationScheduled"), None)
        if told is None:
            raise NotFound("announcement", hash_)
        call = (told["caller"], told["target"], told["data"])
        return _action(manager_abi(), self.read("authority"), NOTHING, "cancel", *call)

    def token_transfer(self, to: Address, amount: Money, currency: Currency) -> Action[Money]:
        """A plain transfer of a currency's token."""
        token = _token(currency)
        scaled = _in_token(amount.units, currency.decimals)
        return _action(token_abi(), token, always(amount), "transfer", to, scaled)

    def allowing(
        self,
        currency: int,
        units: int,
        *,
        owner: Address,
        spender: Address | None = None,
        exactly: bool = False,
    ) -> list[Approval]:
        """What has to be sent before a contract may take this much of an owner's token.

        Exactly the amount is allowed. Tokens that refuse to change an allowance are first set to
        zero (USDT).

        Args:
            currency: The number of the currency.
            units: How much, in units.
            owner: Whose token.
            spender: Who takes it; the ledger when not given.
            exactly: Whether also more than this much is replaced by it.

        Raises:
            AllowanceRefused: The token says no.
        """
        taker = spender or self.address
        row = self.currency(currency)
        if row.token is None:
            return []
        needed = _in_token(units, row.decimals)
        allowed = self.ask_token(row.token, "allowance", owner, taker)
        if allowed >= needed and not exactly:
            return []
        approve = _approval(row.token, taker, needed)
        try:
            answer = self.chain.call(row.token, approve.data, sender=owner)
        except RevertError:
            if not allowed:
                raise
            return [_approval(row.token, taker, 0), approve]
        # Some tokens return nothing; one that returns false has refused.
        if answer and not any(answer):
            raise AllowanceRefused(row.token)
        return [approve]

    # -- inside -----------------------------------------------------------------------------

    def _manager(self) -> Address:
        manager: Address = self.read("authority")
        return manager

    def _ask(
        self, abi: Abi, to: Address, function: str, args: Sequence[Any], block: int | None
    ) -> Any:
        data = self.chain.call(to, abi.encode(function, *args), block=block)
        return _decoded(abi, function, data)

    def _read_some(self, calls: Sequence[tuple[str, Any]], block: int) -> list[Any]:
        encoded = [self._abi.encode(function, arg) for function, arg in calls]
        answers = self.read("multicall", encoded, block=block)
        pairs = zip(calls, answers, strict=True)
        return [_decoded(self._abi, function, data) for (function, _), data in pairs]


def _approval(token: Address, spender: Address, amount: int) -> Approval:
    return Approval(
        to=token,
        data=token_abi().encode("approve", spender, amount),
        decode=lambda _: None,
        answer=NOTHING,
        spender=spender,
        amount=amount,
    )


def _action(abi: Abi, to: Address, answer: Answer[T], function: str, *args: Any) -> Action[T]:
    return Action(
        to=to,
        data=abi.encode(function, *args),
        decode=lambda data: _decoded(abi, function, data),
        answer=answer,
    )


def _decoded(abi: Abi, function: str, data: bytes) -> Any:
    # Late: only an answer that makes no sense needs it.
    from duebill.errors import NodeAnswerInvalid  # noqa: PLC0415

    try:
        return abi.decode(function, data)
    except ValueError as error:
        raise NodeAnswerInvalid("eth_call", reason=f"{function}: {error}") from error


def _parts(text: str) -> tuple[str, int | None]:
    found = _PREFIX.fullmatch(text.lower())
    if not found:
        raise BadId(text, expected="hex digits, and for a voucher a slash and its serial")
    return found[1], int(found[2]) if found[2] else None


def _only_match(books: Books, prefix: str) -> ReceivableId:
    matches = tuple(id_ for id_ in books.receivables if id_.startswith(prefix))
    if not matches:
        raise NotFound("receivable", prefix)
    if len(matches) > 1:
        raise Ambiguous(prefix, matches=matches)
    return matches[0]


def _token(currency: Currency) -> Address:
    if currency.token is None:
        raise CurrencyIsOffChain(currency=currency.number)
    return currency.token


def _in_token(units: int, decimals: int) -> int:
    """Units as the token counts; the ledger itself refuses what the token cannot express."""
    factor: int = 10 ** abs(decimals - _VALUE_DECIMALS)
    return units * factor if decimals >= _VALUE_DECIMALS else -(-units // factor)
