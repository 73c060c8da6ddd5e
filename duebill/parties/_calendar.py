"""The ends of verifications as a calendar (RFC 5545) that any calendar program can open."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from duebill.model import Party

# RFC 5545, section 3.1: a line has at most 75 octets without its break.
_LONGEST_LINE = 75
_REMINDER_DAYS = 14


def calendar(parties: Iterable[Party], *, chain_id: int, now: datetime) -> str:
    """A calendar with an entry at the end of each party's verification, and a reminder before it.

    Entries keep their identity, so a program that opens the file again changes them, and has none
    twice. Parties whose verification has no end are left out by whoever lists them.

    Args:
        parties: The parties.
        chain_id: The chain of the ledger.
        now: When the calendar is made.
    """
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Duebill//Parties//EN")
    entries = [line for party in parties for line in _entry(party, chain_id, now)]
    lines = (*head, *entries, "END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def _entry(party: Party, chain_id: int, now: datetime) -> Iterator[str]:
    end = party.verified_until
    if end is None:
        return
    yield "BEGIN:VEVENT"
    yield f"UID:verification-{chain_id}-{party.address.lower()}@duebill"
    yield f"DTSTAMP:{_moment(now)}"
    yield f"DTSTART:{_moment(end)}"
    yield f"DTEND:{_moment(end + timedelta(seconds=1))}"
    yield f"SUMMARY:Verification of {party.address} ends"
    yield f"DESCRIPTION:{party.vouchers} vouchers held on chain {chain_id}"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"TRIGGER:-P{_REMINDER_DAYS}D"
    yield f"DESCRIPTION:Verification of {party.address} ends in {_REMINDER_DAYS} days"
    yield "END:VALARM"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return f"{at:%Y%m%dT%H%M%SZ}"


def _folded(line: str) -> Iterator[str]:
    # All of it is ASCII: a character is an octet.
    yield line[:_LONGEST_LINE]
    rest = line[_LONGEST_LINE:]
    while rest:
        yield " " + rest[: _LONGEST_LINE - 1]
        rest = rest[_LONGEST_LINE - 1 :]
