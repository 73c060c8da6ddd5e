"""`duebill deploy`: a ledger on a chain, as a plan describes it."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from duebill import deployment
from duebill.cli import _accounts, _show
from duebill.cli._session import agrees, connects, node_url, prints_data, signs
from duebill.errors import NoAddressBook, NotConfirmed

if TYPE_CHECKING:
    from duebill.deployment import AddressBook, Plan, Progress


@click.command()
@click.argument("plan", required=False)
@click.option("--check", is_flag=True, help="Only check what is deployed; send nothing.")
@prints_data
@connects
@signs
@agrees
def command(  # noqa: PLR0913 - one for each option
    as_json: bool,  # noqa: FBT001 - from the decorator
    *,
    plan: str | None,
    check: bool,
    rpc_url: str | None,
    account: str | None,
    password_file: str | None,
    yes: bool,
) -> None:
    """Put a ledger on a chain, or check and finish one.

    PLAN is a TOML file; without one, the plan for a local chain is taken. It can be run again at
    any time: it checks what is there and sends what is missing.
    """
    wanted = deployment.load_plan(plan) if plan else deployment.local_plan()
    url = node_url(rpc_url)
    if check:
        _check(wanted, url, as_json=as_json)
        return
    signer = _accounts.signer(account, password_file=password_file, chain_id=wanted.chain_id)
    if not yes:
        _agree(wanted, signer.address)
    if unlock := getattr(signer, "unlock", None):
        unlock()
    progress = None if as_json else _tell
    book = deployment.deploy(wanted, signer=signer, url=url, progress=progress)
    _told(book, as_json=as_json)


def _check(plan: Plan, url: str, *, as_json: bool) -> None:
    book = deployment.AddressBook.load(plan.chain_id)
    if not book.contracts:
        raise NoAddressBook(plan.chain_id, searched=(str(deployment.book_path(plan.chain_id)),))
    with _show.waiting("Checking what is deployed", quiet=as_json):
        deployment.verify(book, url=url)
    _told(book, as_json=as_json)


def _agree(plan: Plan, who: str) -> None:
    if not sys.stdin.isatty():
        return
    currencies = ", ".join(it.code for it in plan.currencies) or "none"
    _show.notice(f"{who} deploys {plan.name!r} on chain {plan.chain_id}:")
    _show.notice(f"  currencies: {currencies}; programmes: {len(plan.programmes)}")
    if not click.confirm("Sign and send?", err=True):
        raise NotConfirmed


def _tell(step: Progress) -> None:
    detail = f"  {step.detail}" if step.detail else ""
    _show.notice(f"{step.state:>7}  {step.step}{detail}")


def _told(book: AddressBook, *, as_json: bool) -> None:
    path = str(deployment.book_path(book.chain_id))
    if as_json:
        data: dict[str, Any] = {**asdict(book), "ledger": book.ledger, "path": path}
        _show.as_json(data)
        return
    _show.facts(
        (
            ("Ledger", book.ledger),
            ("Chain", str(book.chain_id)),
            ("Complete", "yes" if book.complete else "no"),
            ("Handed over", "yes" if book.handed_over else "no, the deployer still is an admin"),
            ("Currencies", ", ".join(f"{c.number} {c.code}" for c in book.currencies.values())),
            ("Programmes", ", ".join(f"{n} {key}" for key, n in book.programmes.items())),
            ("Address book", path),
        )
    )
