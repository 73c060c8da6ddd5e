"""`duebill currency`: what receivables are paid in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _show
from duebill.cli._session import node_url, reads, writes
from duebill.cli._values import ACCOUNT, currency_named
from duebill.model import Money
from duebill.wording import grouped

if TYPE_CHECKING:
    from duebill.cli._session import Reader, Writer
    from duebill.model import Address


@click.group()
def command() -> None:
    """Look at what receivables are paid in."""


@command.command(name="list")
@reads
def list_(reader: Reader) -> None:
    """List the currencies."""
    found = reader.ledger.currencies()
    if reader.as_json:
        _show.as_json([it.to_json() for it in found])
        return
    rows = (
        (
            str(it.number),
            it.code,
            "yes" if it.open else "no",
            str(it.decimals),
            f"token {it.token}" if it.token else f"outside the chain, by {it.paying_agent}",
        )
        for it in found
    )
    _show.table((">No", "Code", "Open", ">Decimals", "Paid"), rows)


@command.command()
@click.argument("account", type=ACCOUNT)
@reads
def balance(reader: Reader, account: Address) -> None:
    """Show what ACCOUNT has of each currency that is paid on the chain."""
    found = [
        (it.number, reader.ledger.cash(account, it.number))
        for it in reader.ledger.currencies()
        if it.token
    ]
    if reader.as_json:
        _show.as_json([{"number": n, "account": account, **cash.to_json()} for n, cash in found])
    else:
        _show.table((">No", ">Cash"), ((str(n), grouped(cash)) for n, cash in found))


@command.command()
@click.argument("code")
@click.argument("to", type=ACCOUNT)
@click.argument("amount")
@writes
def mint(writer: Writer, code: str, to: Address, amount: str) -> None:
    """Make test money in currency CODE. Only test currencies of local chains allow it."""
    from duebill import playground  # noqa: PLC0415 - loads the ABIs
    from duebill._abi import events_abi  # noqa: PLC0415 - as above
    from duebill.chain import Chain  # noqa: PLC0415 - loads the client

    currency = writer.ledger.currency(currency_named(code))
    money = Money.parse(amount, currency.code)
    action = playground.minting(currency, to=to, amount=money)
    chain = Chain(node_url(writer.rpc_url), abi=events_abi())
    if writer.dry_run:
        outcome = chain.simulate((action,), sender=writer.signer.address).wait()
    else:
        writer.agree(f"{grouped(money)} of test money for {writer.named(to)}.")
        writer.unlock()
        sent = chain.submit(action, signer=writer.signer, reference=writer.reference)
        outcome = sent.wait()
    done = f"{writer.name(to)} got {grouped(money)} of test money."
    writer.tell(outcome, {"account": to, **money.to_json()}, done=done)
