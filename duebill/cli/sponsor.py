"""`duebill sponsor`: an account without ether signs, and another brings it and pays."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _issue, _papers, _show
from duebill.cli._session import reads, writes
from duebill.cli._values import ACCOUNT, MOMENT
from duebill.errors import BadAddress, FileRefused
from duebill.model import Call, address
from duebill.sponsorship import Budget, Delegation, Intent, SignedIntent, Sponsor

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.cli._session import Reader, Writer
    from duebill.model import Address

_DELEGATION = "duebill-delegation-"
_GOOD_FOR = timedelta(hours=24)
_WEI_PER_GWEI = 10**9
_budget = click.option(
    "--budget",
    type=click.IntRange(min=0),
    metavar="GWEI",
    required=True,
    help="The most in fees for one party within the days.",
)
_days = click.option(
    "--days", type=click.IntRange(min=1), default=30, show_default=True, help="Of the budget."
)


@click.group()
def command() -> None:
    """Pay for others, who sign without having any ether.

    An account signs a delegation once (EIP-7702), and then one intent for each thing that it wants
    done. Both are papers: whoever has them can bring them.
    """


@command.command()
@click.option("--out", metavar="FILE", help="Write it to a new file.")
@writes
def delegate(writer: Writer, *, out: str | None) -> None:
    """Sign that the account takes the code with which intents are carried out.

    It is good for the account's next nonce: a transaction of its own makes it void.
    """
    ledger, who = writer.ledger, writer.signer.address
    review = _papers.reviewing(writer)
    if writer.dry_run:
        review = _shown(writer)
    signed = Delegation.signed(
        writer.signer,
        code=ledger.contracts.need("sponsored_account"),
        chain_id=ledger.chain_id,
        nonce=ledger.nonce_of(who),
        review=review,
    )
    _give(writer, signed, out=out)


@command.command()
@click.argument("calls", metavar="CALLS")
@click.option("--until", type=MOMENT, help="The last moment to bring it; a day otherwise.")
@click.option("--out", metavar="FILE", help="Write it to a new file.")
@writes
def sign(writer: Writer, calls: str, *, until: datetime | None, out: str | None) -> None:
    """Sign what another command would do, for a sponsor to bring.

    CALLS is what `--wallet ACCOUNT --as-call` of that command printed: a file, or `-`.
    """
    _papers.require_asking(writer, calls)
    ledger = writer.ledger
    draft = Intent.drafted(
        _calls(calls, sender=writer.signer.address),
        account=writer.signer.address,
        deadline=until or ledger.time() + _GOOD_FOR,
        chain_id=ledger.chain_id,
    )
    review = _shown(writer) if writer.dry_run else _papers.reviewing(writer)
    _give(writer, draft.sign(writer.signer, review=review), out=out)


@command.command()
@click.argument("paper", metavar="PAPER")
@reads
def show(reader: Reader, paper: str) -> None:
    """Show what a signed delegation or intent says, and whether its account signed it."""
    found = _read(_papers.text_of(paper))
    words = _words(found)
    if reader.as_json:
        _show.as_json({"account": found.account, "sound": found.is_sound(), "summary": words})
        return
    for line in words.splitlines():
        _show.line(line)
    _show.line("The account signed it." if found.is_sound() else "The account did NOT sign it.")


@command.command()
@click.argument("paper", metavar="PAPER")
@_budget
@_days
@writes
def bring(writer: Writer, paper: str, *, budget: int, days: int) -> None:
    """Bring a signed delegation or intent, and pay for it.

    The same paper again does nothing more. What was paid for a party is read from the journal.
    """
    _papers.require_asking(writer, paper)
    found = _read(_papers.text_of(paper))
    sponsor = _sponsor(writer, budget, days)
    left = sponsor.left_for(found.account)
    writer.agree(f"bring this, and pay; {left // _WEI_PER_GWEI:,} gwei are left\n{_words(found)}")
    if writer.dry_run:
        _told(writer, {"left_gwei": left // _WEI_PER_GWEI}, "Dry run, nothing was sent.")
        return
    writer.unlock()
    with writer.waiting("Sending, and waiting for the block"):
        transaction = _brought(sponsor, found)
    spent = sponsor.spent_on(found.account) // _WEI_PER_GWEI
    data = {"account": found.account, "transaction": transaction, "spent_gwei": spent}
    _told(writer, data, f"Done. {spent:,} gwei of the budget of {found.account} are spent.")


@command.command()
@click.argument("party", type=ACCOUNT)
@_budget
@_days
@writes
def left(writer: Writer, party: Address, *, budget: int, days: int) -> None:
    """Show what is left of a party's budget with the account that pays."""
    sponsor = _sponsor(writer, budget, days)
    spent, rest = (
        wei // _WEI_PER_GWEI for wei in (sponsor.spent_on(party), sponsor.left_for(party))
    )
    data = {"party": party, "spent_gwei": spent, "left_gwei": rest}
    _told(writer, data, f"{spent:,} gwei are spent, {rest:,} are left.")


def _sponsor(writer: Writer, budget: int, days: int) -> Sponsor:
    allowed = Budget(wei=budget * _WEI_PER_GWEI, days=days)
    return Sponsor(writer.ledger, writer.signer, budget=allowed)


def _brought(sponsor: Sponsor, paper: Delegation | SignedIntent) -> str | None:
    if isinstance(paper, Delegation):
        sponsor.delegate(paper)
        return None
    return sponsor.relay(paper).wait().transaction


def _words(paper: Delegation | SignedIntent) -> str:
    if isinstance(paper, Delegation):
        return f"{paper.account} takes the code of {paper.code}, at nonce {paper.nonce}."
    return paper.summary()


def _read(text: str) -> Delegation | SignedIntent:
    is_line, is_json = text.lstrip().startswith(_DELEGATION), f'"{_DELEGATION}' in text
    return Delegation.from_text(text) if is_line or is_json else SignedIntent.from_text(text)


def _calls(source: str, *, sender: Address) -> list[Call]:
    """The calls of a `wallet_sendCalls` (EIP-5792); only this account's, and without ether."""
    try:
        asked = json.loads(_papers.text_of(source))
        owner, ether = address(asked["from"]), [int(it["value"], 16) for it in asked["calls"]]
        calls = [
            Call(to=address(it["to"]), data=bytes.fromhex(it["data"].removeprefix("0x")))
            for it in asked["calls"]
        ]
    except (KeyError, TypeError, ValueError, AttributeError, BadAddress) as error:
        raise FileRefused(source, "it is not what --as-call prints") from error
    if owner != sender:
        raise FileRefused(source, f"its calls are those of {owner}")
    if any(ether):
        raise FileRefused(source, "a call of it moves ether")
    return calls


def _shown(writer: Writer) -> Any:
    """On a dry run: show what would be signed, and end there."""

    def show_it(words: str) -> bool:
        _told(writer, {"would_sign": words}, words)
        click.get_current_context().exit(0)

    return show_it


def _give(writer: Writer, signed: Delegation | SignedIntent, *, out: str | None) -> None:
    if out is not None:
        _issue.write_private(Path(out), signed.to_text() + "\n")
        words = f"Signed. Whoever pays brings it: `duebill sponsor bring {out} --budget GWEI`."
        _told(writer, {"path": out}, words)
    elif writer.as_json:
        _show.as_json(json.loads(signed.to_text()))
    else:
        click.echo(signed.to_line())


def _told(writer: Writer, data: dict[str, Any], words: str) -> None:
    if writer.as_json:
        _show.as_json(data)
        return
    for line in words.splitlines():
        _show.line(line)
