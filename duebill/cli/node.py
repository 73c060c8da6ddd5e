"""`duebill node`: a local chain to try things on."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NoReturn

import click

from duebill import node
from duebill.cli import _show
from duebill.cli._session import connects, node_url, prints_data
from duebill.cli._values import ACCOUNT

if TYPE_CHECKING:
    from duebill.model import Address
    from duebill.node import Node

_PORT = 8545


@click.group()
def command() -> None:
    """Start and stop a local chain."""


@command.command()
@click.option("--foreground", is_flag=True, help="Stay, show its log, and end with Ctrl-C.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    help=f"Where to listen; otherwise a free port, or {_PORT} in the foreground.",
)
@click.option(
    "--chain-id",
    type=click.IntRange(min=1),
    default=node.LOCAL_CHAIN_ID,
    show_default=True,
    help="The chain's id.",
)
@prints_data
def start(as_json: bool, *, foreground: bool, port: int | None, chain_id: int) -> None:  # noqa: FBT001 - from the decorator
    """Start a chain. One in the background is found by the other commands on their own."""
    if foreground and as_json:
        raise click.UsageError("In the foreground the node's own log is printed: no --json.")
    if foreground:
        _stay(_PORT if port is None else port, chain_id)
    with _show.waiting("Starting the chain", quiet=as_json):
        found = node.start(port=port or 0, chain_id=chain_id)
    if as_json:
        _show.as_json(_data(found))
        return
    _show.line(f"Chain {found.chain_id} is running at {found.url} (process {found.pid}).")
    _show.line("Next: `duebill deploy --account dev0`. Its log: " + found.log, style="dim")


@command.command()
@prints_data
def stop(as_json: bool) -> None:  # noqa: FBT001 - from the decorator
    """Stop the chain that was started in the background. What is on it is lost."""
    found = node.stop()
    if as_json:
        _show.as_json({**_data(found), "running": False, "stopped": found is not None})
    else:
        _show.line(f"Stopped the chain at {found.url}." if found else "No chain was running.")


@command.command()
@prints_data
def status(as_json: bool) -> None:  # noqa: FBT001 - from the decorator
    """Say whether a chain is running in the background, and where."""
    found = node.status()
    if as_json:
        _show.as_json(_data(found))
    elif found:
        _show.line(f"Chain {found.chain_id} is running at {found.url} (process {found.pid}).")
    else:
        _show.line("No chain is running. `duebill node start` starts one.")


@command.command()
@click.argument("account", type=ACCOUNT)
@click.option(
    "--ether", type=click.IntRange(0, 1_000_000), default=100, show_default=True, help="How much."
)
@connects
@prints_data
def fund(as_json: bool, *, account: Address, ether: int, rpc_url: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Let ACCOUNT have test ether, to pay for its transactions on a local chain."""
    from duebill.playground import give_ether  # noqa: PLC0415 - loads the ABIs

    give_ether(node_url(rpc_url), account, ether=ether)
    if as_json:
        _show.as_json({"account": account, "ether": str(ether)})
    else:
        _show.line(f"{account} has {ether} test ether.")


def _data(found: Node | None) -> dict[str, Any]:
    if found is None:
        return {"running": False, "url": None, "chain_id": None, "pid": None, "log": None}
    data = asdict(found)
    data.pop("born")
    return {"running": True, **data}


def _stay(port: int, chain_id: int) -> NoReturn:
    """Become the node: the terminal's signals are its own, and none is left behind."""
    anvil = str(node.find_anvil())
    place = ["--host", "127.0.0.1", "--port", str(port), "--chain-id", str(chain_id)]
    os.execv(anvil, [anvil, *place])  # noqa: S606 - our own words, no shell reads them
