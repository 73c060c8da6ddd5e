"""`duebill voucher`: parts of receivables, and what their holders do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._accounts import address_of
from duebill.cli._session import reads, writes
from duebill.cli._tables import carry_out, writes_table
from duebill.cli._values import ACCOUNT
from duebill.errors import PartNotPlain
from duebill.model import Money, Part
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.cli._session import Reader, Writer
    from duebill.cli._tables import GivenTable
    from duebill.model import Address, Voucher


@click.group()
def command() -> None:
    """Hold, split, pass on and redeem vouchers.

    An ID is a receivable's first characters, a slash and a number: 3fa2b1/2.
    """


@command.command()
@click.argument("id_", metavar="ID")
@reads
def show(reader: Reader, id_: str) -> None:
    """Show a voucher."""
    found = reader.ledger.voucher(id_)
    if reader.as_json:
        _show.as_json(found.to_json())
        return
    receivable = reader.ledger.receivable(found.id.receivable)
    _show.facts(
        (
            ("Voucher", found.id),
            ("Holder", reader.named(found.holder)),
            ("Value", grouped(found.value)),
            ("Claimable now", grouped(found.claimable)),
            ("Taken out", grouped(found.claimed)),
            ("Hops", f"{found.hops} of {receivable.max_hops}"),
            ("Frozen", "yes" if found.frozen else "no"),
            ("Owed by", reader.named(receivable.obligor)),
            ("Due", f"{receivable.due_date.isoformat()} ({receivable.status})"),
        )
    )


@command.command(name="list")
@click.option("--holder", type=ACCOUNT, help="Only what this account holds.")
@click.option("--receivable", metavar="ID", help="Only parts of this receivable.")
@reads
def list_(reader: Reader, *, holder: Address | None, receivable: str | None) -> None:
    """List vouchers, oldest first."""
    with reader.waiting("Reading the ledger"):
        found = reader.ledger.vouchers(holder=holder, receivable=receivable)
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
    elif found:
        heads = ("Voucher", "Holder", ">Value", ">Claimable", ">Hops", "Frozen")
        _show.table(heads, (_row(reader, it) for it in found))
    else:
        _show.line("There are none.")


@command.command()
@click.argument("id_", metavar="ID")
@click.argument("parts", metavar="RECIPIENT=AMOUNT...", nargs=-1, required=True)
@writes
def split(writer: Writer, id_: str, parts: tuple[str, ...]) -> None:
    """Split parts off a voucher, each into a new one for its RECIPIENT.

    What is left stays with the voucher. A recipient is an address or an account's name; the
    holder may be one.
    """
    found = writer.ledger.voucher(id_)
    wanted = [_part(text, found.value.currency) for text in parts]
    listed = "; ".join(f"{grouped(p.value)} to {writer.named(p.to)}" for p in wanted)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.split(found.id, wanted),
        words=f"I split voucher {found.id} of {grouped(found.value)}: {listed}.",
    )
    made = [
        {"id": new, "holder": part.to, "value": part.value.text, "currency": part.value.currency}
        for new, part in zip(outcome.value, wanted, strict=True)
    ]
    new_ids = ", ".join(short(new) for new in outcome.value)
    done = f"Split {short(found.id)} into {new_ids}."
    writer.tell(outcome, {"voucher": found.id, "vouchers": made}, done=done)


@command.command()
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.option("--into", required=True, metavar="ID", help="The voucher that they are put into.")
@writes
def merge(writer: Writer, ids: tuple[str, ...], *, into: str) -> None:
    """Put the whole value of vouchers into another one of yours."""
    target = writer.ledger.voucher(into)
    sources = [writer.ledger.voucher(text) for text in ids]
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.merge([it.id for it in sources], into=target.id),
        words=f"I put {_together(sources)} into voucher {target.id}.",
    )
    data = {"voucher": target.id, "merged": [it.id for it in sources]}
    writer.tell(outcome, data, done=f"Merged into {short(target.id)}.")


@command.command()
@click.argument("id_", metavar="ID")
@click.argument("to", type=ACCOUNT)
@click.option("--value", help="Only this much of it, as a new voucher.")
@writes
def transfer(writer: Writer, id_: str, to: Address, *, value: str | None) -> None:
    """Give a voucher TO someone, whole or in part."""
    found = writer.ledger.voucher(id_)
    moved = found.value if value is None else Money.parse(value, found.value.currency)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.transfer(found.id, to, value=None if value is None else moved),
        words=f"I give {grouped(moved)} of voucher {found.id} to {writer.named(to)}.",
    )
    data = {"voucher": outcome.value, "from": found.id, "holder": to, **_value(moved)}
    done = f"Gave {grouped(moved)} to {writer.name(to)} as {short(outcome.value)}."
    writer.tell(outcome, data, done=done)


@command.command()
@click.argument("id_", metavar="ID")
@writes
def redeem(writer: Writer, id_: str) -> None:
    """Take out what a voucher's share of what was paid allows."""
    found = writer.ledger.voucher(id_)
    outcome = writer.carry_out(
        writer.ledger.supplier(writer.signer),
        lambda role: role.redeem(found.id),
        words=f"I redeem voucher {found.id}; {grouped(found.claimable)} can be taken out.",
    )
    data = {"voucher": found.id, "payout": outcome.value.text, "currency": outcome.value.currency}
    done = f"Took {grouped(outcome.value)} out on {short(found.id)}."
    writer.tell(outcome, data, done=done)


@command.command(name="transfer-many")
@writes_table
def transfer_many(writer: Writer, table: GivenTable) -> None:
    """Give vouchers to others, as a table says.

    Columns: voucher, to, amount; an empty amount is the whole voucher. FILE is CSV or
    Parquet; docs/bulk.md says more.
    """
    role = writer.ledger.supplier(writer.signer)
    carry_out(writer, table, role, lambda role: role.transfer_many, words="give vouchers away")


@command.command(name="split-many")
@writes_table
def split_many(writer: Writer, table: GivenTable) -> None:
    """Split parts off vouchers, as a table says.

    Columns: voucher, to, amount. FILE is CSV or Parquet; docs/bulk.md says more.
    """
    role = writer.ledger.supplier(writer.signer)
    carry_out(writer, table, role, lambda role: role.split_many, words="split vouchers")


@command.command(name="redeem-many")
@writes_table
def redeem_many(writer: Writer, table: GivenTable) -> None:
    """Take out what vouchers allow, as a table says.

    Columns: voucher. FILE is CSV or Parquet; docs/bulk.md says more.
    """
    role = writer.ledger.supplier(writer.signer)
    carry_out(writer, table, role, lambda role: role.redeem_many, words="redeem vouchers")


@command.command()
@click.argument("id_", metavar="ID")
@writes
def extinguish(writer: Writer, id_: str) -> None:
    """End a voucher that you, its obligor, have bought back: you owe less by its value."""
    found = writer.ledger.voucher(id_)
    outcome = writer.carry_out(
        writer.ledger.obligor(writer.signer),
        lambda role: role.extinguish(found.id),
        words=f"I end voucher {found.id}; I owe {grouped(found.value)} less.",
    )
    done = f"Ended {short(found.id)}."
    writer.tell(outcome, {"voucher": found.id, **_value(found.value)}, done=done)


def _row(reader: Reader, it: Voucher) -> tuple[str, ...]:
    amounts = grouped(it.value), grouped(it.claimable)
    frozen = "frozen" if it.frozen else ""
    return short(it.id), reader.name(it.holder), *amounts, str(it.hops), frozen


def _part(text: str, currency: str) -> Part:
    to, equals, amount = text.partition("=")
    if not (to and equals and amount):
        raise PartNotPlain(text)
    return Part(to=address_of(to), value=Money.parse(amount, currency))


def _together(vouchers: Sequence[Voucher]) -> str:
    return ", ".join(f"voucher {it.id} of {grouped(it.value)}" for it in vouchers)


def _value(money: Money) -> dict[str, str]:
    return {"value": money.text, "currency": money.currency}
