"""From what the contracts answer to the values of the model."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from duebill.model import (
    ZERO_ADDRESS,
    ZERO_HASH,
    Currency,
    LineageNode,
    Money,
    Party,
    Programme,
    Receivable,
    Rules,
    Status,
    Terms,
    Voucher,
    date_of,
    hash_text,
    moment_of,
    plain,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from duebill._fold import Books, VoucherRecord
    from duebill.model import Address, ReceivableId, VoucherId


def receivable(id_: ReceivableId, fields: Mapping[str, Any], code: str) -> Receivable:
    """A receivable, from `receivableOf`."""
    return Receivable(
        id=id_,
        status=Status(fields["status"]),
        obligor=fields["obligor"],
        currency=fields["currency"],
        programme=fields["programme"],
        due_date=date_of(fields["dueDay"]),
        accept_by=date_of(fields["acceptBy"]),
        max_hops=fields["maxHops"],
        vouchers=fields["vouchers"],
        default_declared=fields["defaultDeclared"],
        face=Money(fields["face"], code),
        paid=Money(fields["paid"], code),
        advanced=Money(fields["advanced"], code),
        claimed=Money(fields["claimed"], code),
    )


def voucher(id_: VoucherId, fields: Mapping[str, Any], code: str) -> Voucher:
    """A voucher, from `voucherOf`."""
    return Voucher(
        id=id_,
        holder=fields["holder"],
        value=Money(fields["value"], code),
        hops=fields["hops"],
        frozen=fields["frozen"],
        claimed=Money(fields["claimed"], code),
        claimable=Money(fields["claimable"], code),
    )


def party(who: Address, fields: Mapping[str, Any]) -> Party:
    """A party, from `partyOf`."""
    key = hash_text(fields["encryptionKey"])
    return Party(
        address=who,
        verified_until=moment_of(fields["verifiedUntil"]),
        frozen_until=moment_of(fields["frozenUntil"]),
        vouchers=fields["vouchers"],
        defaults=fields["defaults"],
        custodian=fields["custodian"],
        payee=_someone(fields["payee"]),
        identifier=hash_text(fields["identifier"]),
        encryption_key=None if key == ZERO_HASH else key,
    )


def programme(number: int, fields: Mapping[str, Any], *, is_open: bool) -> Programme:
    """A programme, from `programmeOf`."""
    limit = fields["obligorLimit"]
    rules = Rules(
        max_tenor_days=fields["maxTenorDays"],
        acceptance_days=fields["acceptanceDays"],
        grace_days=fields["graceDays"],
        max_hops=fields["maxHops"],
        max_splits=fields["maxSplits"],
        smallest_voucher=Decimal(plain(fields["smallestVoucher"])),
        obligor_limit=Decimal(plain(limit)) if limit else None,
        currency=fields["currency"] or None,
        attestations=fields["attestations"],
        consent=fields["consent"],
        stop_on_default=fields["stopOnDefault"],
        gate=_someone(fields["gate"]),
    )
    return Programme(number=number, open=is_open, rules=rules)


def currency(number: int, fields: Mapping[str, Any]) -> Currency:
    """A currency, from `currencyOf`."""
    return Currency(
        number=number,
        code=fields["code"].decode("ascii"),
        decimals=fields["decimals"],
        open=fields["open"],
        token=_someone(fields["token"]),
        paying_agent=_someone(fields["payingAgent"]),
    )


def terms(fields: Mapping[str, Any], code: str) -> Terms:
    """Terms, from the books' record of the event of their issue."""
    return Terms(
        obligor=fields["obligor"],
        creditor=fields["creditor"],
        currency=fields["currency"],
        face=Money(fields["face"], code),
        due_date=date_of(fields["due_day"]),
        programme=fields["programme"],
        documents_root=hash_text(fields["documents_root"]),
        reference_hash=hash_text(fields["reference_hash"]),
        salt=fields["salt"],
    )


def lineage(books: Books, root: VoucherId, code: str) -> LineageNode:
    """The tree below a voucher, from the books."""
    # Children before parents, without recursion: a chain of splits can be very long.
    order = [books.vouchers[root]]
    for record in order:
        order += (books.vouchers[child] for child in record.children)
    made: dict[VoucherId, LineageNode] = {}
    for record in reversed(order):
        made[record.id] = _node(record, tuple(made.pop(child) for child in record.children), code)
    return made[root]


def _node(record: VoucherRecord, children: tuple[LineageNode, ...], code: str) -> LineageNode:
    return LineageNode(
        id=record.id,
        parent=record.parent,
        holder=record.holder,
        holders=tuple(record.holders),
        hops=record.hops,
        born_value=Money(record.born_value, code),
        value=Money(record.value, code),
        redeemed=Money(record.redeemed, code),
        alive=record.alive,
        events=tuple(record.events),
        children=children,
    )


def _someone(who: Address) -> Address | None:
    return None if who == ZERO_ADDRESS else who
