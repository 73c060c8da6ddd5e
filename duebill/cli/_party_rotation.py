"""How a party's rights go over to a new address: one command for each of two roles."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from duebill.cli import _show
from duebill.parties import Stage

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from duebill.cli._reasons import Reason
    from duebill.cli._session import Writer
    from duebill.model import Address
    from duebill.parties import Step


def rotate(writer: Writer, old: Address, new: Address, *, until: datetime | None) -> None:
    """Verify a party at its new address; see `duebill party rotate`."""
    role = writer.ledger.registrar(writer.signer)
    words = (
        f"I verify {writer.named(new)} as the party that was at {writer.named(old)}, "
        "which is no longer verified."
    )
    trial = role.simulate
    steps = trial.rotate(old, new, until=until)
    writer.propose(trial.calls)
    if steps and not writer.dry_run:
        _agree(writer, words)
        with writer.waiting("Sending, and waiting for the block"):
            steps = role.rotate(old, new, until=until)
    if writer.as_call:
        return
    if writer.as_json:
        _show.as_json(_data(writer, old, new, [step.to_json() for step in steps]))
        return
    if not steps:
        _show.line(f"{writer.named(new)} is verified in place of {writer.named(old)} already.")
        return
    done = f"{writer.named(new)} is verified in place of {writer.named(old)}."
    _tell(writer, steps, done=done)
    if not writer.ledger.party(old).is_frozen(writer.ledger.time()):
        _show.line(
            f"If somebody else may have its key, have it frozen: duebill supervision freeze {old}"
        )


def move(writer: Writer, old: Address, new: Address, *, reason: Reason) -> None:
    """Move a party's vouchers to its new address; see `duebill party move`."""
    role = writer.ledger.enforcer(writer.signer)
    trial = role.simulate
    moved = trial.move_vouchers(old, new, reason=reason.hash)
    writer.propose(trial.calls)
    if moved and writer.binding:
        reason.keep()
    if moved and not writer.dry_run:
        _agree(
            writer,
            f"I take from {writer.named(old)} all that it holds, vouchers: {len(moved):,},\n"
            f"and give it to {writer.named(new)}.\nThe hash of the reason is {reason.hash}.",
        )
        with writer.waiting("Sending, and waiting for the blocks"):
            moved = role.move_vouchers(old, new, reason=reason.hash)
    left = [tie for tie in writer.ledger.ties(old) if not tie.movable]
    if writer.as_call:
        return
    if writer.as_json:
        rows = [voucher.to_json() for voucher in moved]
        told = _data(writer, old, new, rows)
        _show.as_json({**told, "reason": reason.hash, "left": [tie.to_json() for tie in left]})
        return
    steps = [voucher.step for voucher in moved]
    _tell(writer, steps, done=f"Vouchers moved to {writer.name(new)}: {len(moved):,}.")
    if left:
        _show.line(f"What stays with the old address, and what to do: duebill party ties {old}")


def _agree(writer: Writer, words: str) -> None:
    writer.agree(words)
    writer.unlock()


def _data(writer: Writer, old: Address, new: Address, steps: list[Any]) -> dict[str, Any]:
    return {"simulated": writer.dry_run, "old": old, "new": new, "steps": steps}


def _tell(writer: Writer, steps: Sequence[Step], *, done: str) -> None:
    stages = Counter(step.stage for step in steps)
    times = [step.ready_at for step in steps if step.stage is Stage.ANNOUNCED and step.ready_at]
    if writer.dry_run:
        told = ", ".join(f"{count:,} {stage}" for stage, count in stages.items()) or "none"
        _show.line(f"Dry run, nothing was sent. Calls: {told}.")
    elif times:
        _show.line(
            f"{len(times):,} calls are announced. Give the same command again from "
            f"{max(times):%Y-%m-%d %H:%M:%S} UTC on."
        )
    else:
        _show.line(done)
