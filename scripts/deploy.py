"""Deploy by a plan, or check and finish what was deployed. Also `ape run deploy`.

Plain Python takes options (`deploy.py --help`). Under ape the network is ape's own, and so is the
account: `DUEBILL_PLAN=deployments/mine.toml DUEBILL_ACCOUNT=alias ape run deploy --network …`.
Without any of them, deployments/local.toml goes to a local chain, paid by the node's first account.
"""

from __future__ import annotations

import argparse
import os
import sys
from getpass import getpass
from pathlib import Path
from typing import TYPE_CHECKING

from duebill import deployment, node
from duebill.errors import DuebillError
from duebill.node_accounts import NodeAccount
from duebill.signing import ApeAccount, Keystore

if TYPE_CHECKING:
    from duebill.deployment import AddressBook, Plan, Progress
    from duebill.signing import Signer

LOCAL_PLAN = Path(__file__).resolve().parent.parent / "deployments" / "local.toml"


def main() -> None:
    """What `ape run deploy` calls: the network is the one that ape is connected to."""
    from ape import networks  # noqa: PLC0415 - there only in a development environment

    plan = deployment.load_plan(os.environ.get("DUEBILL_PLAN", LOCAL_PLAN))
    alias = os.environ.get("DUEBILL_ACCOUNT")
    signer = ApeAccount(alias, password=ask_password) if alias else local_account(plan)
    run(plan, networks.provider.http_uri, signer)


def plain(arguments: list[str]) -> None:
    """What plain Python calls."""
    given = options().parse_args(arguments)
    plan = deployment.load_plan(given.plan)
    keystore = given.keystore
    signer = Keystore(keystore, password=ask_password) if keystore else local_account(plan)
    run(plan, given.url or local_url(), signer)


def options() -> argparse.ArgumentParser:
    """The options of plain Python."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("plan", nargs="?", default=LOCAL_PLAN, help="default: %(default)s")
    parser.add_argument(
        "--url",
        default=os.environ.get("DUEBILL_RPC_URL"),
        help="the node; default: $DUEBILL_RPC_URL, or the local node that is running",
    )
    parser.add_argument(
        "--keystore",
        default=os.environ.get("DUEBILL_KEYSTORE"),
        help="the account that pays; default: $DUEBILL_KEYSTORE, or on a local chain the node's",
    )
    return parser


def run(plan: Plan, url: str, signer: Signer) -> None:
    """Deploy, check, and show who holds what."""
    book = deployment.deploy(plan, url=url, signer=signer, progress=show)
    deployment.verify(book, url=url)
    print(f"\nThe ledger is at {book.ledger} on chain {book.chain_id}; its code is the artifact's.")
    show_roles(book)
    print("Address book:", deployment.book_path(book.chain_id))


def show(progress: Progress) -> None:
    """One line for each step."""
    if progress.state != "sending":
        gas = f"{progress.gas:,} gas" if progress.gas else ""
        print(f"{progress.state:6} {progress.step:28} {progress.detail} {gas}".rstrip(), flush=True)


def show_roles(book: AddressBook) -> None:
    """Who holds which role, and what became of the deployer's powers."""
    for label, holders in book.roles.items():
        for holder in holders:
            delay = f" after {holder.delay:,} s" if holder.delay else ""
            print(f"  {label:18} {holder.account}{delay}")
    named = {holder.account for holders in book.roles.values() for holder in holders}
    if not book.handed_over:
        print(f"  {book.deployer} deployed and STILL IS AN ADMIN: see the note above.")
    elif book.deployer not in named:
        print(f"  {book.deployer} deployed and has renounced every role.")


def local_account(plan: Plan) -> Signer:
    """The local node's first account; its key is public, so it is for local chains only."""
    if not plan.is_local:
        sys.exit(f"Name the account that deploys on chain {plan.chain_id}.")
    return NodeAccount(0)


def local_url() -> str:
    """Where the local node listens."""
    if running := node.status():
        return running.url
    sys.exit("No node is running: `duebill node start`, or give --url.")


def ask_password() -> str:
    """The keystore's password, typed unseen."""
    return getpass("Password of the keystore: ")


if __name__ == "__main__":
    try:
        plain(sys.argv[1:])
    except DuebillError as error:
        sys.exit(str(error))
