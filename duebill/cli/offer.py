"""`duebill offer`: vouchers as payment, which their recipient accepts or rejects."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from duebill import node
from duebill.cli import _issue, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT
from duebill.documents import new_key, reference_hash, text_hash
from duebill.errors import FileRefused
from duebill.model import ZERO_HASH, Money, OfferStatus
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from duebill.cli._session import Reader, Writer
    from duebill.exchange import StandingOffer
    from duebill.model import Address

_STATUSES = ("open", "accepted", "rejected", "withdrawn")


@click.group()
def command() -> None:
    """Pay with vouchers: offer, accept, reject, withdraw.

    An offer's ID is given by its first characters.
    """


@command.command()
@click.argument("voucher", metavar="VOUCHER")
@click.argument("to", type=ACCOUNT)
@click.option("--value", metavar="AMOUNT", help="Only this much of it.")
@click.option("--debt", metavar="TEXT", help="Which debt it pays: an invoice's number.")
@click.option("--documents-root", metavar="HASH", help="The commitment to its documents.")
@click.option("--until", type=MOMENT, help="The last moment to accept it; a week otherwise.")
@writes
def make(  # noqa: PLR0913 - one for each option
    writer: Writer,
    voucher: str,
    to: Address,
    *,
    value: str | None,
    debt: str | None,
    documents_root: str | None,
    until: datetime | None,
) -> None:
    """Offer a voucher TO someone as payment. It stays here until it is accepted.

    What names the debt goes on the chain as a hash under a fresh key; the key is written to a file for the
    recipient, who compares it with `duebill offer accept --dossier FILE`.
    """
    found = writer.ledger.voucher(voucher)
    left = found.value - found.claimed
    given = left if value is None else Money.parse(value, left.currency)
    hash_, path = _referred(writer, debt)
    paying = f" as payment of {debt}" if debt else ""
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.pay_with(
            found.id,
            to,
            value=given,
            reference_hash=hash_,
            documents_root=documents_root or ZERO_HASH,
            until=until,
        ),
        words=f"I offer {grouped(given)} of voucher {found.id} to {writer.named(to)}{paying}.",
    )
    data = {**outcome.value.to_json(), "dossier": str(path) if path else None}
    done = f"Offered {grouped(given)} to {writer.name(to)}: {short(outcome.value.id)}."
    writer.tell(outcome, data, done=done)
    words = f"Its reference, for the recipient's eyes only: {path}"
    if path and writer.as_call:
        _show.notice(words)
    elif path and not writer.as_json:
        _show.line(words, style="dim")


@command.command(name="list")
@click.option("--to", type=ACCOUNT, help="Only what this account may accept.")
@click.option("--giver", type=ACCOUNT, help="Only what this account offered.")
@click.option("--status", type=click.Choice(_STATUSES), help="Only what stands there.")
@reads
def list_(reader: Reader, *, to: Address | None, giver: Address | None, status: str | None) -> None:
    """List offers, oldest first."""
    wanted = OfferStatus[status.upper()] if status else None
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.exchange.offers(to=to, giver=giver, status=wanted)
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = ("Offer", "Status", "From", "To", "Voucher", ">Value", "Until")
        _show.table(heads, (_row(reader, it) for it in found))
    else:
        _show.line("There are none.")


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--dossier", metavar="FILE", help="What the giver sent; its reference is compared.")
@writes
def accept(writer: Writer, id_: str, *, dossier: str | None) -> None:
    """Take what you are offered."""
    found = writer.ledger.exchange.offer(id_)
    paying = f" as payment of {_reference_in(dossier, found)}" if dossier else ""
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.accept_offer(found.id),
        words=f"I take {_said(writer, found)}{paying}.",
    )
    data = {"offer": found.id, "voucher": outcome.value}
    done = f"Took {grouped(found.offer.value)} as {short(outcome.value)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@click.option("--reason", default="", help="Why; its hash is put on record.")
@writes
def reject(writer: Writer, id_: str, *, reason: str) -> None:
    """Refuse what you are offered."""
    found = writer.ledger.exchange.offer(id_)
    hashed = text_hash(reason) if reason else ZERO_HASH
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.reject_offer(found.id, reason=hashed),
        words=f"I refuse {_said(writer, found)}.",
    )
    data = {"offer": found.id, "reason": hashed}
    writer.tell(outcome, data, done=f"Refused {short(found.id)}.")


@command.command()
@click.argument("id_", metavar="ID")
@writes
def withdraw(writer: Writer, id_: str) -> None:
    """Take back what you offered."""
    found = writer.ledger.exchange.offer(id_)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.withdraw_offer(found.id),
        words=f"I take back {_said(writer, found)}.",
    )
    writer.tell(outcome, {"offer": found.id}, done=f"Withdrawn: {short(found.id)}.")


def _said(writer: Writer, found: StandingOffer) -> str:
    offer = found.offer
    between = f"that {writer.named(offer.giver)} offers to {writer.named(offer.recipient)}"
    return f"{grouped(offer.value)} of voucher {offer.voucher}, {between} (offer {found.id})"


def _row(reader: Reader, it: StandingOffer) -> tuple[str, ...]:
    status = "expired" if it.expired else str(it.status)
    who = reader.name(it.offer.giver), reader.name(it.offer.recipient)
    until = f"{it.offer.expiry:%Y-%m-%d %H:%M}"
    return short(it.id), status, *who, short(it.offer.voucher), grouped(it.offer.value), until


def _referred(writer: Writer, reference: str | None) -> tuple[str, Path | None]:
    """The hash of a reference under a fresh key, and the new file that has both."""
    if reference is None:
        return ZERO_HASH, None
    key = new_key()
    hash_ = reference_hash(reference, key=key)
    if not writer.binding:
        return hash_, None
    path = node.home() / "documents" / f"offer-{hash_[2:18]}.json"
    content = {"format": 1, "reference": reference, "key": "0x" + key.hex(), "hash": hash_}
    _issue.write_private(path, json.dumps(content, indent=2) + "\n")
    return hash_, path


def _reference_in(dossier: str, found: StandingOffer) -> str:
    """The reference in a file, once it is sure that the offer is under it.

    Raises:
        FileRefused: It is no such file, or one of another offer.
    """
    try:
        data: Any = json.loads(_papers.text_of(dossier))
        reference, key = data["reference"], bytes.fromhex(data["key"].removeprefix("0x"))
        hash_ = reference_hash(reference, key=key)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise FileRefused(dossier, "it is no dossier of an offer") from error
    if hash_ != found.offer.reference_hash:
        raise FileRefused(dossier, "it is that of another offer")
    return str(reference)
