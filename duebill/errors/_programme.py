"""What keeps a platform from the invoice registry, and a receivable from its programme."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError, quoted

if TYPE_CHECKING:
    from duebill.model import ReceivableId


class SecretsMissing(DuebillError):
    """An invoice is asked for, and this connection has no secrets to tell its key."""

    def __init__(self) -> None:
        super().__init__(
            "Without the consortium's secrets nothing can be asked about an invoice.",
            hint="Connect with keys=load_keys(); on the command line DUEBILL_REGISTRY_SECRETS "
            "names their file.",
        )


class SecretsFileRefused(DuebillError):
    """The file with the consortium's secrets cannot be used.

    Attributes:
        path: The file.
        reason: Why not.
    """

    def __init__(self, path: str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(
            f"The file of the registry's secrets {quoted(path)} is refused: {reason}.",
            hint="It is of mode 600 and its owner's alone; DUEBILL_REGISTRY_SECRETS names it, and "
            "`duebill registry secret` draws a consortium's first one.",
        )


class UsesMissing(DuebillError):
    """A programme requires invoices, and too few are used for a receivable. Nothing was issued.

    Attributes:
        receivable: The receivable that was to be issued; its dossier is kept.
        programme: The programme's number.
        commands: What to type, in order.
    """

    def __init__(
        self, receivable: ReceivableId, *, programme: int, commands: tuple[str, ...]
    ) -> None:
        self.receivable = receivable
        self.programme = programme
        self.commands = commands
        super().__init__(
            f"Programme {programme} requires registered invoices, and too little is used for "
            f"{receivable}.",
            hint=f"Let a platform type: {', then '.join(commands)}",
        )


class AttestedTooLittle(DuebillError):
    """A programme asks for attestations before a receivable binds its buyer. Nothing was issued.

    Attributes:
        receivable: The receivable that was to be issued; its dossier is kept.
        programme: The programme's number.
        kind: The kind of document.
        commands: What to type, in order.
    """

    def __init__(
        self, receivable: ReceivableId, *, programme: int, kind: str, commands: tuple[str, ...]
    ) -> None:
        self.receivable = receivable
        self.programme = programme
        self.kind = kind
        self.commands = commands
        super().__init__(
            f"Programme {programme} asks its verifiers for the {kind} before {receivable} binds its "
            "buyer, and the buyer's own issue does.",
            hint=f"Type, and let verifiers type: {', then '.join(commands)}",
        )
