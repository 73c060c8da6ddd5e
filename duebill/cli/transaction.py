"""`duebill transaction`: what was prepared with --prepare is shown, approved, signed, sent."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli import _accounts, _issue, _papers, _show
from duebill.cli._session import agrees, prints_data, reads, signs
from duebill.cli._values import MOMENT
from duebill.errors import CallUnreadable, NoAddressBook, NotConfirmed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.cli._session import Reader
    from duebill.offline import PreparedTransaction
    from duebill.signing import SignedApproval

_APPROVAL = ".approval"
_APPROVAL_DAYS = 7


@click.group()
def command() -> None:
    """Show, approve, sign and send transactions that were prepared.

    FILE is what `--prepare FILE` wrote, its line, or what its QR code says. Only `send` needs a
    network.
    """


@command.command()
@click.argument("source", metavar="FILE")
@click.option("--qr", is_flag=True, help="Show it as a QR code.")
@click.option("--picture", metavar="FILE", help="Draw the QR code into a new SVG or PNG file.")
@prints_data
def show(as_json: bool, source: str, *, qr: bool, picture: str | None) -> None:  # noqa: FBT001 - from the decorator
    """Show in words what a prepared transaction does."""
    prepared = _read(source)
    if picture:
        from duebill.offline import draw  # noqa: PLC0415 - an optional part

        draw(prepared.to_code(), Path(picture))
    given = _approvals(source)
    if as_json:
        _show.as_json(
            {
                **prepared.to_json(),
                "digest": prepared.digest,
                "hash": prepared.hash,
                "fields": prepared.unsigned.fields(),
                "facts": [list(fact) for fact in _facts(prepared)],
                "approvals": [it.to_json() for it in given],
            }
        )
        return
    _show.facts([*_facts(prepared), *_state(prepared, given)])
    if qr:
        from duebill.offline import qr as made  # noqa: PLC0415 - an optional part

        made(prepared.to_code()).terminal(compact=True)


@command.command()
@click.argument("source", metavar="FILE")
@click.option("--until", type=MOMENT, help="The last moment in which it counts; else a week.")
@click.option("--out", metavar="FILE", help="Write it there, and not beside FILE.")
@click.option("--check", is_flag=True, help="Only show what would be approved.")
@signs
@agrees
@prints_data
def approve(  # noqa: PLR0913 - one for each option
    as_json: bool,  # noqa: FBT001 - from the decorator
    *,
    source: str,
    until: datetime | None,
    out: str | None,
    check: bool,
    account: str | None,
    password_file: str | None,
    yes: bool,
) -> None:
    """Approve a prepared transaction, as somebody else than who signs it."""
    from duebill.signing import Approval  # noqa: PLC0415 - imports cryptography

    prepared = _read(source)
    expiry = until or datetime.now(UTC).replace(microsecond=0) + timedelta(days=_APPROVAL_DAYS)
    approval = Approval(
        account=prepared.sender,
        subject=prepared.digest,
        expiry=expiry,
        chain_id=prepared.unsigned.chain_id,
    )
    words = "\n".join((*_lines(_facts(prepared)), "", approval.summary()))
    if check:
        _show.line(words)
        return
    signer = _accounts.signer(
        account, password_file=password_file, chain_id=approval.chain_id, policy=False
    )
    if signer.address == prepared.sender:
        raise click.UsageError(f"{signer.address} is to sign it: let another account approve it.")
    _agree(words, yes=yes, as_json=as_json, question="Approve?")
    signed = approval.sign(signer)
    beside = f"{source}.{signer.address}{_APPROVAL}" if _papers.file_of(source) else None
    path = out or beside
    if path:
        _issue.write_private(Path(path), signed.to_text() + "\n")
    if as_json:
        _show.as_json({**signed.to_json(), "approver": signer.address, "path": path})
    elif path:
        _show.line(f"Approved. The approval is in {path}.")
    else:
        click.echo(signed.to_line())


@command.command()
@click.argument("source", metavar="FILE")
@click.option("--approval", "more", multiple=True, metavar="FILE", help="An approval, or its line.")
@click.option("--blind", is_flag=True, help="Sign even what cannot be put into words.")
@click.option("--out", metavar="FILE", help="Write it there, and not over FILE.")
@click.option("--check", is_flag=True, help="Only show it, and check that it may be signed.")
@signs
@agrees
@prints_data
def sign(  # noqa: PLR0913 - one for each option
    as_json: bool,  # noqa: FBT001 - from the decorator
    *,
    source: str,
    more: tuple[str, ...],
    blind: bool,
    out: str | None,
    check: bool,
    account: str | None,
    password_file: str | None,
    yes: bool,
) -> None:
    """Sign a prepared transaction; no network is needed.

    Approvals beside FILE are counted. What cannot be put into words is not signed.
    """
    prepared = _read(source)
    facts = list(_facts(prepared) if blind else _read_facts(prepared))
    signer = _accounts.signer(
        account,
        password_file=password_file,
        chain_id=prepared.unsigned.chain_id,
        approvals=_approvals(source, more),
    )
    if check:
        if require := getattr(signer, "require_transaction", None):
            require(prepared.unsigned)
        _show.facts(facts)
        return
    _agree("\n".join(_lines(facts)), yes=yes, as_json=as_json, question="Sign?")
    if unlock := getattr(signer, "unlock", None):
        unlock()
    _give(prepared.sign(signer), source, out=out, as_json=as_json)


@command.command()
@click.argument("source", metavar="FILE")
@reads
def send(reader: Reader, source: str) -> None:
    """Send a prepared transaction that was signed, and wait for its block.

    It can be sent again, from anywhere: it takes effect once.
    """
    prepared = _read(source)
    with reader.waiting("Sending, and waiting for the block"):
        outcome = reader.ledger.send_prepared(prepared).wait()
    if reader.as_json:
        data = {"block": outcome.block, "gas_used": outcome.gas_used, "fee": str(outcome.fee)}
        _show.as_json({"transaction": outcome.transaction, **data})
    else:
        _show.line(f"Sent. Transaction {outcome.transaction} is in block {outcome.block}.")


def write_prepared(prepared: PreparedTransaction, path: str, *, as_json: bool) -> None:
    """Write a prepared transaction to a new file, and say what comes next."""
    _issue.write_private(Path(path), prepared.to_text() + "\n")
    if as_json:
        _show.as_json({"path": path, "digest": prepared.digest, **prepared.to_json()})
        return
    _show.line(
        f"Prepared in {path}. Nothing is signed yet; its nonce {prepared.unsigned.nonce} is held."
    )
    _show.line(f"`duebill transaction sign {path}` signs it, on any machine.", style="dim")


def _read(source: str) -> PreparedTransaction:
    from duebill.offline import PreparedTransaction  # noqa: PLC0415 - imports cryptography

    return PreparedTransaction.from_text(_papers.text_of(source))


def _read_facts(prepared: PreparedTransaction) -> Iterator[tuple[str, str]]:
    """What it does in words.

    Raises:
        CallUnreadable: It cannot be said.
    """
    from duebill.deployment import AddressBook  # noqa: PLC0415 - imports every contract
    from duebill.offline import Words  # noqa: PLC0415 - as above

    chain_id = prepared.unsigned.chain_id
    try:
        book = AddressBook.load(chain_id)
    except NoAddressBook:
        book = None
    labels = _accounts.labels(chain_id)
    return Words(
        prepared,
        book=book,
        name=lambda who: f"{labels[who]} ({who})" if who in labels else who,
    ).facts()


def _facts(prepared: PreparedTransaction) -> list[tuple[str, str]]:
    """The same; what cannot be said is shown as it is."""
    from duebill.offline import Words  # noqa: PLC0415 - imports every contract

    try:
        return list(_read_facts(prepared))
    except CallUnreadable as error:
        it = prepared.unsigned
        costs = Words(prepared, book=None, name=str).costs()
        head = [("Signed by", prepared.sender), ("On chain", str(it.chain_id))]
        body = [("Calls", f"{it.recipient or 'a new contract'}: {error.reason}")]
        return [*head, *body, ("Data", "0x" + it.data.hex()), *costs]


def _state(prepared: PreparedTransaction, given: list[SignedApproval]) -> Iterator[tuple[str, str]]:
    for approval in given:
        until = f"until {approval.expiry:%Y-%m-%d %H:%M} UTC"
        yield (
            "Approved by",
            f"{approval.approver() or 'nobody: its signature is not sound'}, {until}",
        )
    yield "Signature", prepared.hash or "none yet"


def _approvals(source: str, more: tuple[str, ...] = ()) -> list[SignedApproval]:
    """The approvals beside a file, and those that were given by name."""
    from duebill.signing import SignedApproval  # noqa: PLC0415 - imports cryptography

    path = _papers.file_of(source)
    beside = [] if path is None else sorted(path.parent.glob(f"*{_APPROVAL}"))
    near = [str(it) for it in beside if path and it.name.startswith(f"{path.name}.")]
    return [SignedApproval.from_text(_papers.text_of(it)) for it in (*near, *more)]


def _give(signed: PreparedTransaction, source: str, *, out: str | None, as_json: bool) -> None:
    path = _papers.file_of(source) if out is None else None
    if path:
        fresh = path.with_name(f"{path.name}.new")
        _issue.write_private(fresh, signed.to_text() + "\n")
        fresh.replace(path)
    elif out:
        _issue.write_private(Path(out), signed.to_text() + "\n")
    written = out or (str(path) if path else None)
    if as_json:
        _show.as_json({"path": written, "hash": signed.hash, **signed.to_json()})
    elif written:
        _show.line(f"Signed: {signed.hash}. {written} can be sent by anybody.")
    else:
        click.echo(signed.to_line())


def _agree(words: str, *, yes: bool, as_json: bool, question: str) -> None:
    if yes:
        return
    if not as_json or sys.stdin.isatty():
        _show.notice(words)
    if sys.stdin.isatty() and not click.confirm(question, err=True):
        raise NotConfirmed


def _lines(facts: list[tuple[str, str]]) -> Iterator[str]:
    for name, value in facts:
        yield f"{name}: {value}" if name.strip() else f"  {value}"
