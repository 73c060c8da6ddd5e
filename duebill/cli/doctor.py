"""`duebill doctor`: is everything in order for sending?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from duebill.cli import _accounts, _show
from duebill.cli._failures import OK, REFUSED
from duebill.cli._session import connects, node_url, prints_data

if TYPE_CHECKING:
    from duebill.doctor import Finding


@click.command()
@click.argument("account", required=False)
@prints_data
@connects
def command(as_json: bool, *, account: str | None, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Check node, deployment and account, and say what to do.

    ACCOUNT is the one that is to send, by name or address. Nothing is signed or sent, and no
    password is asked for. The exit code is 1 if there is a fault.
    """
    from duebill.doctor import State, examine  # noqa: PLC0415 - imports the client

    who = None if account is None else _accounts.address_of(account)
    with _show.waiting("Examining", quiet=as_json):
        findings = list(examine(node_url(rpc_url), account=who))
    if as_json:
        _show.as_json([finding.to_json() for finding in findings])
    else:
        _show.table(("State", "Check", "Found"), map(_cells, findings))
        _advise(findings)
    at_fault = any(finding.state is State.FAULT for finding in findings)
    click.get_current_context().exit(REFUSED if at_fault else OK)


def _cells(finding: Finding) -> tuple[str, str, str]:
    return finding.state, finding.check, finding.words


def _advise(findings: list[Finding]) -> None:
    advised = [finding for finding in findings if finding.advice]
    if advised:
        _show.line()
    for finding in advised:
        _show.line(f"{finding.check}: {finding.advice}")
