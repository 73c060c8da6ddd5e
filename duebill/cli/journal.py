"""`duebill journal`: what was sent, how far it has come, and what a crash left open."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from duebill.cli import _accounts, _show
from duebill.cli._session import connects, node_url, prints_data, signs, tries
from duebill.errors import NotConfirmed, ReferenceUnknown

if TYPE_CHECKING:
    from duebill.chain import Chain
    from duebill.journal import Entry


@click.group()
def command() -> None:
    """Look at what was sent, and finish what a crash left open."""


@command.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only what is not final.")
@click.option("--last", type=click.IntRange(min=1), default=50, show_default=True, help="How many.")
@connects
@prints_data
def list_(as_json: bool, *, only_open: bool, last: int, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """List what was sent on the node's chain, the newest last."""
    entries = _found(_chain(rpc_url), only_open=only_open, last=last)
    if as_json:
        _show.as_json([_data(entry) for entry in entries])
    else:
        _tell(entries)


@command.command()
@click.argument("reference")
@connects
@prints_data
def show(as_json: bool, *, reference: str, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Show everything that the journal has of REFERENCE."""
    entry = _chain(rpc_url).dispatch.journal.find(reference)
    if entry is None:
        raise ReferenceUnknown(reference)
    data = _data(entry)
    if as_json:
        _show.as_json(data)
        return
    attempts = data.pop("attempts")
    settled = data.pop("settled") or {}
    facts = {**data, **settled}
    _show.facts((name.replace("_", " "), _plain(value)) for name, value in facts.items())
    rows = ((it["transaction"], str(it["nonce"]), it["max_fee"], it["signed"]) for it in attempts)
    _show.table(("Transaction", ">Nonce", ">Wei per gas", "Signed"), rows)


@command.command()
@connects
@prints_data
def recover(as_json: bool, *, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Send again what was lost, write down what is final, and list what stays open.

    No account is needed: only what is signed already is sent.
    """
    chain = _chain(rpc_url)
    with _show.waiting("Asking the node", quiet=as_json):
        left = chain.dispatch.recover()
    if as_json:
        _show.as_json([_data(entry) for entry in left])
    elif left:
        _tell(left)
    else:
        _show.line("Nothing is open.")


@command.command()
@click.argument("reference")
@tries
@signs
@connects
@prints_data
def finish(  # noqa: PLR0913 - from the decorators
    as_json: bool,  # noqa: FBT001 - from the decorator
    *,
    reference: str,
    rpc_url: str | None,
    account: str | None,
    password_file: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Carry out REFERENCE as it stands in the journal, and wait for its block.

    For what was released: the node refused it, or its nonce went to another transaction. It is
    signed anew only when it is certain that it cannot get in any more.
    """
    chain = _chain(rpc_url)
    signer = _accounts.signer(account, password_file=password_file, chain_id=chain.expected)
    entry = chain.dispatch.journal.find(reference)
    if entry is None:
        raise ReferenceUnknown(reference)
    if dry_run:
        _try_out(chain, entry)
        _show.line(f"{reference} would go through.")
        return
    if not as_json:
        _show.notice(f"{entry.draft.sender} calls {entry.draft.to}: see `duebill journal show`.")
    if not yes and sys.stdin.isatty() and not click.confirm("Sign and send?", err=True):
        raise NotConfirmed
    with _show.waiting("Sending, and waiting for the block", quiet=as_json):
        chain.finish(reference, signer=signer).wait()
    data = _data(chain.dispatch.journal.entry(entry.id))
    if as_json:
        _show.as_json(data)
    else:
        _show.line(f"{reference} is {data['stage']}.")


@command.command()
@connects
@prints_data
def export(as_json: bool, *, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Print the whole journal of the node's chain as JSON, signed transactions included."""
    del as_json  # it is data for programs in any case
    entries = _chain(rpc_url).dispatch.journal.entries()
    _show.as_json([_data(entry, raw=True) for entry in entries])


def _chain(rpc_url: str | None) -> Chain:
    from duebill._abi import events_abi  # noqa: PLC0415 - loads the ABIs
    from duebill.chain import Chain  # noqa: PLC0415 - loads the client

    return Chain(node_url(rpc_url), abi=events_abi())


def _try_out(chain: Chain, entry: Entry) -> None:
    from duebill._actions import NOTHING, Action  # noqa: PLC0415 - loads the client

    draft = entry.draft
    action = Action(to=draft.to, data=draft.data, decode=lambda _: None, answer=NOTHING)
    chain.simulate([action], sender=draft.sender)


def _found(chain: Chain, *, only_open: bool, last: int) -> list[Entry]:
    from duebill.journal import Stage  # noqa: PLC0415 - loads the client

    wanted = (Stage.PREPARED, Stage.SENT, Stage.RELEASED) if only_open else ()
    return chain.dispatch.journal.entries(*wanted, last=last)


def _tell(entries: list[Entry]) -> None:
    rows = (
        (
            entry.reference,
            entry.stage.value,
            "" if entry.nonce is None else str(entry.nonce),
            entry.draft.sender,
            str(entry.settled.block) if entry.settled else "",
            entry.settled.error if entry.settled else "",
        )
        for entry in entries
    )
    _show.table(("Reference", "Stage", ">Nonce", "Account", ">Block", "Refused with"), rows)
    if any(entry.nonce is None for entry in entries):
        _show.notice(
            "What was released waits for its account: give its command again with the same "
            "reference, or `duebill journal finish REFERENCE --account NAME`."
        )


def _data(entry: Entry, *, raw: bool = False) -> dict[str, Any]:
    settled = entry.settled
    return {
        "reference": entry.reference,
        "stage": entry.stage.value,
        "chain_id": entry.chain_id,
        "genesis": entry.genesis,
        "sender": entry.draft.sender,
        "contract": entry.draft.to,
        "call": "0x" + entry.draft.data.hex(),
        "intent": entry.draft.digest,
        "nonce": entry.nonce,
        "recorded": entry.created.isoformat(),
        "attempts": [
            {
                "transaction": made.hash,
                "nonce": made.nonce,
                "max_fee": str(made.max_fee),
                "tip": str(made.tip),
                "signed": _moment(made.created),
                **({"raw": "0x" + made.raw.hex()} if raw else {}),
            }
            for made in entry.attempts
        ],
        "settled": settled
        and {
            "transaction": settled.transaction,
            "block": settled.block,
            "block_hash": settled.block_hash,
            "gas_used": settled.gas_used,
            "fee": str(settled.fee),
            "error": settled.error or None,
        },
    }


def _moment(seconds: int) -> str:
    from duebill.model import time_of  # noqa: PLC0415 - loads the values

    return time_of(seconds).isoformat()


def _plain(value: Any) -> str:
    return "" if value is None else str(value)
