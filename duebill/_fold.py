"""From events to state: all that the contracts hold, rebuilt from their log alone (invariant 12).

Pure: events go in, in the order of the chain, and `Books` come out. What a transfer, a split or a
claim does to a voucher is computed here as the contracts compute it, so that a difference to the
chain shows that events are missing or made up.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from duebill import _fold_documents, _fold_finance
from duebill._fold_documents import DocumentBooks
from duebill._fold_finance import FinanceBooks
from duebill.errors import HistoryInconsistent
from duebill.model import (
    ZERO_ADDRESS,
    ZERO_HASH,
    ReceivableId,
    Status,
    VoucherId,
    hash_text,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from duebill.model import Address, Event

_VALUE_DECIMALS = 6


@dataclass(slots=True)
class AdvanceRecord:
    """What a guarantor paid in; amounts in units."""

    guarantor: Address
    amount: int
    reimbursed: int = 0


@dataclass(slots=True)
class ReceivableRecord:
    """A receivable; amounts in units, days since 1970.

    `status` is the one that is kept: lapsed, overdue and settled follow from time and money.
    """

    id: ReceivableId
    issued: dict[str, Any]
    max_hops: int
    granule: int
    status: Status = Status.ISSUED
    face: int = 0
    paid: int = 0
    advanced: int = 0
    claimed: int = 0
    defaulted: bool = False
    redeemed_value: int = 0
    came_in: int = 0
    went_out: int = 0
    vouchers: list[VoucherId] = field(default_factory=list)
    advances: dict[int, AdvanceRecord] = field(default_factory=dict)


@dataclass(slots=True)
class VoucherRecord:
    """A voucher; amounts in units. It stays on record when it is no more."""

    id: VoucherId
    holder: Address
    holders: list[Address]
    parent: VoucherId | None = None
    hops: int = 0
    born_value: int = 0
    value: int = 0
    claimed: int = 0
    redeemed: int = 0
    filled: bool = False
    alive: bool = True
    operator: Address = ZERO_ADDRESS
    allowances: dict[Address, int] = field(default_factory=dict)
    frozen: dict[Address, int] = field(default_factory=dict)
    children: list[VoucherId] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    # Whether its last move was a hop: a seizure, told afterwards, takes it back.
    counted: bool = False


@dataclass(slots=True)
class PartyRecord:
    """An account; times in seconds since 1970."""

    verified_until: int = 0
    frozen_until: int = 0
    vouchers: int = 0
    defaults: int = 0
    custodian: bool = False
    payee: Address = ZERO_ADDRESS
    identifier: str = ZERO_HASH
    encryption_key: str = ZERO_HASH


@dataclass(slots=True)
class TableRow:
    """A programme or a currency: its fields as in the ABI, and whether it is open."""

    fields: dict[str, Any]
    open: bool = True


@dataclass(slots=True)
class Books:
    """All that the ledger holds, and the contracts beside it."""

    receivables: dict[ReceivableId, ReceivableRecord] = field(default_factory=dict)
    vouchers: dict[VoucherId, VoucherRecord] = field(default_factory=dict)
    parties: dict[Address, PartyRecord] = field(default_factory=dict)
    programmes: dict[int, TableRow] = field(default_factory=dict)
    currencies: dict[int, TableRow] = field(default_factory=dict)
    consents: set[tuple[Address, Address]] = field(default_factory=set)
    operators: set[tuple[Address, Address]] = field(default_factory=set)
    paused_until: int = 0
    finance: FinanceBooks = field(default_factory=FinanceBooks)
    documents: DocumentBooks = field(default_factory=DocumentBooks)

    def party(self, who: Address) -> PartyRecord:
        """The record of an account; a fresh one when nothing is known of it."""
        return self.parties.setdefault(who, PartyRecord())

    def advance_claims(self, receivable: ReceivableRecord) -> dict[int, int]:
        """What each advance could be given back now, in units, by its key."""
        surplus = max(0, receivable.paid + receivable.advanced - receivable.face)
        return {
            start: max(0, min(surplus - start, advance.amount) - advance.reimbursed)
            for start, advance in receivable.advances.items()
        }


def fold(events: Iterable[Event], books: Books | None = None) -> Books:
    """Apply events, in the order of the chain.

    Args:
        events: The events of the ledger and of the contracts beside it.
        books: What came before; changed in place. Empty when not given.

    Raises:
        HistoryInconsistent: An event does not fit what came before.
    """
    books = Books() if books is None else books
    for event in events:
        handler = _HANDLERS.get(event.name)
        if handler is None:
            continue
        try:
            handler(books, event, **{_name(name): value for name, value in event.args.items()})
        except (KeyError, TypeError) as error:
            reason = f"{event.name} speaks of something unheard of"
            raise HistoryInconsistent(block=event.block, reason=reason) from error
    return books


@cache
def _name(name: str) -> str:
    """A field's name as Python has it: snake case, and no word or function of the language."""
    snake = re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()
    return f"{snake}_" if snake in {"from", "open"} else snake


def handled() -> frozenset[str]:
    """The names of the events that change the books."""
    return frozenset(_HANDLERS)


# -- receivables ------------------------------------------------------------------------------


def _issued(books: Books, _: Event, *, receivable: int, **terms: Any) -> None:
    id_ = ReceivableId.from_number(receivable)
    decimals = books.currencies[terms["currency"]].fields["decimals"]
    books.receivables[id_] = ReceivableRecord(
        id=id_,
        issued=terms,
        max_hops=books.programmes[terms["programme"]].fields["maxHops"],
        granule=10 ** max(0, _VALUE_DECIMALS - decimals),
        face=terms["face"],
    )


def _accepted(books: Books, _: Event, *, receivable: int, **__: Any) -> None:
    books.receivables[ReceivableId.from_number(receivable)].status = Status.ACCEPTED


def _cancelled(books: Books, _: Event, *, receivable: int, **__: Any) -> None:
    books.receivables[ReceivableId.from_number(receivable)].status = Status.CANCELLED


def _default_declared(
    books: Books, _: Event, *, receivable: int, obligor: Address, **__: Any
) -> None:
    books.receivables[ReceivableId.from_number(receivable)].defaulted = True
    books.party(obligor).defaults += 1


def _default_cured(books: Books, _: Event, *, receivable: int, obligor: Address) -> None:
    books.receivables[ReceivableId.from_number(receivable)].defaulted = False
    books.party(obligor).defaults -= 1


# -- vouchers ---------------------------------------------------------------------------------


def _transferred(books: Books, event: Event, *, from_: Address, to: Address, token_id: int) -> None:
    id_ = VoucherId.from_number(token_id)
    if from_ == ZERO_ADDRESS:
        books.vouchers[id_] = VoucherRecord(id=id_, holder=to, holders=[to])
        books.receivables[id_.receivable].vouchers.append(id_)
    else:
        books.party(from_).vouchers -= 1
    voucher = books.vouchers[id_]
    voucher.events.append(event)
    if to == ZERO_ADDRESS:
        voucher.alive, voucher.claimed = False, 0
        return
    books.party(to).vouchers += 1
    if from_ != ZERO_ADDRESS:
        _give(books, voucher, from_, to)


def _give(books: Books, voucher: VoucherRecord, giver: Address, taker: Address) -> None:
    voucher.counted = _is_hop(books, giver, taker)
    voucher.hops += voucher.counted
    voucher.holder = taker
    voucher.operator, voucher.allowances = ZERO_ADDRESS, {}
    if giver != taker:
        voucher.holders.append(taker)


def _value_transferred(
    books: Books,
    event: Event,
    *,
    from_token_id: int,
    to_token_id: int,
    value: int,
) -> None:
    if from_token_id == 0:
        target = books.vouchers[VoucherId.from_number(to_token_id)]
        target.value = target.born_value = value
        target.filled = True
        return
    source = books.vouchers[VoucherId.from_number(from_token_id)]
    source.events.append(event)
    if to_token_id == 0:
        source.value -= value
        return
    target = books.vouchers[VoucherId.from_number(to_token_id)]
    target.events.append(event)
    _move_value(books, source, target, value)


def _move_value(books: Books, source: VoucherRecord, target: VoucherRecord, value: int) -> None:
    if not target.filled:
        target.parent, target.born_value, target.filled = source.id, value, True
        target.hops = source.hops + _is_hop(books, source.holder, target.holder)
        source.children.append(target.id)
    elif source.holder == target.holder:
        target.hops = max(target.hops, source.hops)
    granule = books.receivables[source.id.receivable].granule
    carried = _carried(source.claimed, value, source.value, granule)
    source.claimed -= carried
    target.claimed += carried
    source.value -= value
    target.value += value


def _carried(claimed: int, moved: int, value: int, granule: int) -> int:
    """How much of a claim goes with a part of the value, as `Shares.carried` has it."""
    if moved == value:
        return claimed
    share = claimed * moved // value
    return share - share % granule


def _is_hop(books: Books, giver: Address, taker: Address) -> bool:
    kept = books.party(giver).custodian or books.party(taker).custodian
    return giver != taker and not kept


def _approved(
    books: Books,
    _: Event,
    *,
    approved: Address,
    token_id: int,
    **__: Any,
) -> None:
    books.vouchers[VoucherId.from_number(token_id)].operator = approved


def _value_approved(
    books: Books,
    _: Event,
    *,
    token_id: int,
    operator: Address,
    value: int,
) -> None:
    books.vouchers[VoucherId.from_number(token_id)].allowances[operator] = value


def _approved_for_all(
    books: Books,
    _: Event,
    *,
    owner: Address,
    operator: Address,
    approved: bool,
) -> None:
    _set(books.operators, (owner, operator), given=approved)


def _forced(books: Books, event: Event, *, token_id: int, **_: Any) -> None:
    voucher = books.vouchers[VoucherId.from_number(token_id)]
    voucher.events.append(event)
    voucher.hops -= voucher.counted
    voucher.counted = False


def _frozen(
    books: Books,
    _: Event,
    *,
    account: Address,
    token_id: int,
    frozen_status: bool,
) -> None:
    # Until when is told by `VoucherFrozen`, which follows; a seizure lifts without it.
    if not frozen_status:
        books.vouchers[VoucherId.from_number(token_id)].frozen[account] = 0


def _voucher_frozen(
    books: Books, event: Event, *, voucher: int, account: Address, until: int, **_: Any
) -> None:
    record = books.vouchers[VoucherId.from_number(voucher)]
    record.frozen[account] = until
    record.events.append(event)


# -- money ------------------------------------------------------------------------------------


def _paid(books: Books, _: Event, *, receivable: int, amount: int, **__: Any) -> None:
    record = books.receivables[ReceivableId.from_number(receivable)]
    record.paid += amount
    record.came_in += amount


def _advanced(
    books: Books,
    _: Event,
    *,
    receivable: int,
    guarantor: Address,
    start: int,
    amount: int,
    **__: Any,
) -> None:
    record = books.receivables[ReceivableId.from_number(receivable)]
    record.advanced += amount
    record.came_in += amount
    record.advances[start] = AdvanceRecord(guarantor, amount)


def _reimbursed(
    books: Books, _: Event, *, receivable: int, start: int, amount: int, **__: Any
) -> None:
    record = books.receivables[ReceivableId.from_number(receivable)]
    record.advances[start].reimbursed += amount
    record.went_out += amount


def _redeemed(
    books: Books, event: Event, *, voucher: int, value: int, payout: int, **_: Any
) -> None:
    record = books.vouchers[VoucherId.from_number(voucher)]
    receivable = books.receivables[record.id.receivable]
    record.events.append(event)
    record.redeemed += payout
    receivable.went_out += payout
    receivable.redeemed_value += value
    if value == 0:
        record.claimed += payout
        receivable.claimed += payout


def _extinguished(
    books: Books, event: Event, *, voucher: int, value: int, claimed: int, **_: Any
) -> None:
    record = books.vouchers[VoucherId.from_number(voucher)]
    receivable = books.receivables[record.id.receivable]
    # What it could still claim was paid to the obligor first, and is part of `claimed`.
    payout = claimed - record.claimed
    record.events.append(event)
    record.redeemed += payout
    receivable.went_out += payout
    receivable.claimed -= record.claimed
    receivable.paid -= claimed
    receivable.face -= value


# -- parties and tables -----------------------------------------------------------------------


def _party_verified(
    books: Books, _: Event, *, party: Address, until: int, identifier: bytes, **__: Any
) -> None:
    record = books.party(party)
    record.verified_until, record.identifier = until, hash_text(identifier)


def _party_frozen(books: Books, _: Event, *, party: Address, until: int, **__: Any) -> None:
    books.party(party).frozen_until = until


def _custodian_set(books: Books, _: Event, *, party: Address, custodian: bool) -> None:
    books.party(party).custodian = custodian


def _payee_set(books: Books, _: Event, *, holder: Address, payee: Address, **__: Any) -> None:
    books.party(holder).payee = payee


def _key_published(books: Books, _: Event, *, party: Address, key: bytes) -> None:
    books.party(party).encryption_key = hash_text(key)


def _consent_set(
    books: Books,
    _: Event,
    *,
    recipient: Address,
    sender: Address,
    given: bool,
) -> None:
    _set(books.consents, (recipient, sender), given=given)


def _programme_created(books: Books, _: Event, *, programme: int, rules: dict[str, Any]) -> None:
    books.programmes[programme] = TableRow(dict(rules))


def _programme_opened(
    books: Books,
    _: Event,
    *,
    programme: int,
    open_: bool,
) -> None:
    books.programmes[programme].open = open_


def _currency_added(books: Books, _: Event, *, currency: int, **fields: Any) -> None:
    books.currencies[currency] = TableRow(fields)


def _currency_opened(
    books: Books,
    _: Event,
    *,
    currency: int,
    open_: bool,
) -> None:
    books.currencies[currency].open = open_


def _agent_changed(books: Books, _: Event, *, currency: int, paying_agent: Address) -> None:
    books.currencies[currency].fields["paying_agent"] = paying_agent


def _paused(books: Books, _: Event, *, until: int, **__: Any) -> None:
    books.paused_until = until


def _unpaused(books: Books, _: Event, **__: Any) -> None:
    books.paused_until = 0


def _set(
    members: set[tuple[Address, Address]], pair: tuple[Address, Address], *, given: bool
) -> None:
    if given:
        members.add(pair)
    else:
        members.discard(pair)


_HANDLERS: dict[str, Callable[..., None]] = {
    **_fold_documents.HANDLERS,
    **_fold_finance.HANDLERS,
    "Advanced": _advanced,
    "Approval": _approved,
    "ApprovalForAll": _approved_for_all,
    "ApprovalValue": _value_approved,
    "ConsentSet": _consent_set,
    "CurrencyAdded": _currency_added,
    "CurrencyOpened": _currency_opened,
    "CustodianSet": _custodian_set,
    "DefaultCured": _default_cured,
    "DefaultDeclared": _default_declared,
    "EncryptionKeyPublished": _key_published,
    "Extinguished": _extinguished,
    "ForcedTransfer": _forced,
    "Frozen": _frozen,
    "Paid": _paid,
    "PartyFrozen": _party_frozen,
    "PartyVerified": _party_verified,
    "Paused": _paused,
    "PayeeSet": _payee_set,
    "PayingAgentChanged": _agent_changed,
    "ProgrammeCreated": _programme_created,
    "ProgrammeOpened": _programme_opened,
    "ReceivableAccepted": _accepted,
    "ReceivableCancelled": _cancelled,
    "ReceivableIssued": _issued,
    "ReceivableRejected": _cancelled,
    "Redeemed": _redeemed,
    "Reimbursed": _reimbursed,
    "Transfer": _transferred,
    "TransferValue": _value_transferred,
    "Unpaused": _unpaused,
    "VoucherFrozen": _voucher_frozen,
}
