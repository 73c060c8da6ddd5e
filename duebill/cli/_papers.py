"""How signed terms come in and go out: as files, as lines of a mail, on standard input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from duebill.cli import _issue, _show
from duebill.errors import FileRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from duebill.cli._session import Reader, Writer
    from duebill.deals import (
        AttestationDraft,
        LoanDraft,
        OrderDraft,
        SignedAttestation,
        SignedAval,
        SignedLoan,
        SignedOrder,
    )

    Draft = AttestationDraft | LoanDraft | OrderDraft
    Signed = SignedAttestation | SignedAval | SignedLoan | SignedOrder

_LARGEST = 100_000
# An order's or a transaction's line, what a QR code says, JSON.
_WRITTEN = ("duebill-", "DUEBILL1:", "{")
STDIN = "-"


def is_paper(source: str) -> bool:
    """Whether a paper is meant, and not the first characters of an id."""
    return source == STDIN or source.startswith(_WRITTEN) or file_of(source) is not None


def file_of(source: str) -> Path | None:
    """The file that is meant; None for a line, a code, JSON or standard input."""
    if source == STDIN or source.startswith(_WRITTEN):
        return None
    path = Path(source)
    return path if path.is_file() else None


def text_of(source: str) -> str:
    """What a paper says: of a file, of standard input (`-`), or the line itself.

    Raises:
        FileRefused: It cannot be read, or is too large.
    """
    if source.startswith(_WRITTEN):
        return source
    try:
        if source == STDIN:
            content = sys.stdin.buffer.read(_LARGEST + 1)
        else:
            with Path(source).open("rb") as opened:
                content = opened.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise FileRefused(source, "it is too large")
        return content.decode("utf-8-sig")
    except OSError as error:
        raise FileRefused(source, (error.strerror or "it cannot be read").lower()) from error
    except UnicodeDecodeError as error:
        raise FileRefused(source, "it is no text") from error


def require_asking(writer: Writer, source: str) -> None:
    """Refuse a paper on standard input when there is nobody to ask, and nobody has agreed.

    Raises:
        UsageError: Neither --yes nor --dry-run is given.
    """
    if source == STDIN and not (writer.yes or writer.dry_run):
        raise click.UsageError("What comes on standard input cannot be asked about: add --yes.")


def reviewing(writer: Writer, *, then: str = "") -> Callable[[str], bool]:
    """Show what will be signed, ask, and open the account.

    Args:
        writer: The command.
        then: What is sent beside it.
    """

    def agreed(words: str) -> bool:
        if writer.prepare:
            raise click.UsageError("This is signed for others, not sent: it cannot be prepared.")
        writer.agree(f"{words}\n{then}".rstrip())
        writer.unlock()
        return True

    return agreed


def would_sign(writer: Writer, draft: Draft) -> None:
    """Say on a dry run what would be signed."""
    if writer.as_json:
        _show.as_json({"would_sign": draft.summary(), "terms": draft.terms.to_json()})
    else:
        _show.line(draft.summary())


def give(writer: Writer, signed: Signed, *, out: str | None) -> None:
    """Print what was signed, as one line or as JSON, or write it to a new file."""
    if out is None:
        if writer.as_json:
            _show.as_json(signed.to_json())
        else:
            click.echo(signed.to_line())
        return
    _issue.write_private(Path(out), signed.to_text() + "\n")
    if writer.as_json:
        _show.as_json({"path": out, **signed.to_json()})
    else:
        _show.line(f"Signed. {out} can be sent as it is.")


def show(reader: Reader, signed: SignedAval | SignedLoan) -> None:
    """Show what a signed paper says, and whose signature it has as far as no chain is asked."""
    signer = signed.signed_by()
    if reader.as_json:
        parts = {"id": signed.digest(), "signed_by": signer}
        words = {"summary": signed.summary().splitlines()}
        _show.as_json({**parts, **words, signed.WHAT: signed.to_json()})
        return
    for line in signed.summary().splitlines():
        _show.line(line)
    _show.line()
    unknown = "that of no account that it names; the chain asks a contract"
    whose = unknown if signer is None else f"that of {reader.named(signer)}"
    _show.facts([(signed.WHAT.capitalize(), signed.digest()), ("Signature", whose)])
