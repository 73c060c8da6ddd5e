"""Who verifies parties, one by one, by the thousand, and at a new address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from duebill import _views
from duebill._actions import NOTHING
from duebill.errors import BatchRefused, RotationRefused
from duebill.model import FOREVER, ZERO_HASH, address, hash_bytes, seconds_of
from duebill.parties._batch import Finding, checked
from duebill.parties._rotation import require_free
from duebill.roles._official import Official

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from duebill._mandates import Step
    from duebill.chain import Transaction
    from duebill.errors import DuebillError
    from duebill.model import Address, Party
    from duebill.parties._batch import CheckedVerification, Verification


class Registrar(Official):
    """Verifies parties."""

    def verify(
        self, party: str, *, until: datetime = FOREVER, identifier: str = ZERO_HASH
    ) -> Transaction[None]:
        """Verify a party up to and including a moment.

        Args:
            party: The account.
            until: The last second of the verification.
            identifier: Keyed hash of its legal identifier; see `documents.reference_hash`.

        Raises:
            EndInPast: The verification would be over already.
        """
        seconds = self._end(until)
        return self._do(NOTHING, "verifyParty", address(party), seconds, hash_bytes(identifier))

    def revoke(self, party: str, *, identifier: str = ZERO_HASH) -> Transaction[None]:
        """End a party's verification. It keeps what it holds and can redeem it."""
        return self._do(NOTHING, "verifyParty", address(party), 0, hash_bytes(identifier))

    def verify_many(
        self,
        rows: Iterable[Verification | DuebillError],
        *,
        skip_refused: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> tuple[CheckedVerification, ...]:
        """Verify any number of parties; all rows are checked before anything is sent.

        As many go into a transaction as its gas allows. What the ledger says already is not sent, so
        doing it again after a break does no harm. Where the role has a delay, the rows are
        announced; the same call made again when it is over carries them out.

        Args:
            rows: The batch; a row that could not be read is the error that says why.
            skip_refused: Carry out the others when some are refused; else nothing is sent.
            on_progress: Called after each transaction with the number of rows that it brought on.

        Returns:
            One row for each of the batch; on a dry run as the check found them.

        Raises:
            BatchRefused: Some rows are refused, and `skip_refused` is not set.
        """
        found = checked(rows, now=self.ledger.time(), look_up=self._known)
        refused = [row for row in found if row.finding is Finding.REFUSED]
        if refused and not skip_refused and not self._simulated:
            first = f"row {refused[0].row}: {refused[0].reason}"
            raise BatchRefused(refused=len(refused), total=len(found), first=first)
        changes = [row for row in found if row.to_send]
        calls = [_call(row.account, row.until, row.identifier) for row in changes]
        steps = self._carry_on("verifyParty", calls, on_progress=on_progress)
        if not self._simulated:
            for row, step in zip(changes, steps, strict=True):
                found[row.row - 1] = replace(row, step=step)
        return tuple(found)

    def rotate(self, old: str, new: str, *, until: datetime | None = None) -> tuple[Step, ...]:
        """Say that a party has a new address, and no longer the old one.

        The new address is verified with the identifier of the old one, whose verification ends; both
        or neither. The vouchers are moved by an enforcer: `Enforcer.move_vouchers`. Where the role
        has a delay, both are announced, and done when the same is called again.

        Args:
            old: The address whose key is given up.
            new: The party's new address; the party has shown the registrar that it is its own.
            until: The last second of the new verification; that of the old one when not given.

        Returns:
            How far each call has come that is needed; empty when all is done.

        Raises:
            RotationRefused: The new address belongs to somebody else, or nothing says who the old
                one is.
        """
        source, target = self.ledger.party(old), self.ledger.party(new)
        now = self.ledger.time()
        require_free(source, target, now=now)
        return tuple(self._carry_on("verifyParty", list(_changes(source, target, until, now))))

    def _known(self, accounts: Sequence[Address]) -> Mapping[Address, Party]:
        block = self._desk.chain.block_number()
        answers = self._desk.read_all([("partyOf", who) for who in accounts], block=block)
        return dict(zip(accounts, map(_views.party, accounts, answers), strict=True))


def _changes(
    old: Party, new: Party, until: datetime | None, now: datetime
) -> Iterator[tuple[Any, ...]]:
    """The calls that a rotation still needs."""
    if until is None and old.is_verified(now):
        until = old.verified_until
    done = new.is_verified(now) and new.identifier == old.identifier
    if until is None and not done:
        reason = "the old verification is over, so it has to be said until when the new one is"
        raise RotationRefused(old.address, new.address, reason=reason)
    if until is not None and not (done and new.verified_until == until):
        yield _call(new.address, until, old.identifier)
    if old.is_verified(now):
        yield old.address, 0, hash_bytes(old.identifier)


def _call(account: Address | None, until: datetime | None, identifier: str) -> tuple[Any, ...]:
    return account, seconds_of(until or FOREVER), hash_bytes(identifier)
