"""What the invoice registry tells: which uses of invoices stand, and which invoices are void."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duebill.model import ReceivableId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.model import Address
    from duebill.watch._alert import Happened


@dataclass(slots=True)
class Invoices:
    """The uses of invoices, by the registry's keys; of other ledgers that share it, too.

    Attributes:
        void: The event that made an invoice void, by its key.
    """

    void: dict[bytes, Happened] = field(default_factory=dict)
    _uses: dict[bytes, list[Happened]] = field(default_factory=lambda: defaultdict(list))
    _keys: dict[tuple[Address, int], dict[bytes, None]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def uses(self, key: bytes) -> Sequence[Happened]:
        """The uses of an invoice that were not given back, in order."""
        return self._uses[key]

    def keys_for(self, ledger: Address, receivable: ReceivableId) -> Sequence[bytes]:
        """The invoices that were ever used for a receivable of a ledger, in order."""
        return list(self._keys[ledger, receivable.number])

    def follow(self, it: Happened) -> None:
        """Go on by an event."""
        args = it.event.args
        if it.event.name == "InvoiceUsed":
            self._uses[args["key"]].append(it)
            self._keys[args["ledger"], _subject(it)][args["key"]] = None
        elif it.event.name == "InvoiceReleased":
            self._uses[args["key"]] = [use for use in self.uses(args["key"]) if not _same(use, it)]
        elif it.event.name == "InvoiceVoided":
            self.void[args["key"]] = it


def used_for(use: Happened) -> ReceivableId | None:
    """The receivable that an invoice is used for; None for something that no ledger has."""
    number = _subject(use)
    return None if number >> _RECEIVABLE_BITS else ReceivableId.from_number(number)


_RECEIVABLE_BITS = 192


def _subject(use: Happened) -> int:
    return int.from_bytes(use.event.args["subject"], "big")


def _same(use: Happened, release: Happened) -> bool:
    """Whether a release gives this use back: all that one registrant used for one subject."""
    names = ("registrant", "ledger", "subject")
    return all(use.event.args[name] == release.event.args[name] for name in names)
