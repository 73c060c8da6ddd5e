"""How `duebill watch` goes on: what is found is printed, then recorded; defaults are declared."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, NoReturn

import click

from duebill.cli import _show
from duebill.cli._failures import ALERTS, OK
from duebill.errors import DefaultAlreadyDeclared, WrongStatus
from duebill.model import Status
from duebill.watch import KeptEvents, Record, Severity, Watch, Withdrawn, export, load_rules
from duebill.wording import grouped, short

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duebill.cli._session import Writer
    from duebill.model import Receivable
    from duebill.watch import Alert

_STYLES = {Severity.NOTICE: "dim", Severity.WARNING: "yellow", Severity.ALARM: "bold red"}


class Watching:
    """A ledger that is watched from the command line; the arguments are the command's options."""

    def __init__(  # noqa: PLR0913 - one for each option
        self,
        writer: Writer,
        *,
        config: str | None,
        files: tuple[str, ...],
        record: str | None,
        events: str | None,
        since: datetime | None,
        confirmations: int | None,
        least: str,
        declares: bool,
    ) -> None:
        self._least = Severity(least).rank
        self._declares = declares
        self._writer = writer
        rules = load_rules(config=config, files=files)
        self._rules = len(rules)
        self._record = Record(record, writer.ledger) if record else None
        self._watch = Watch(
            writer.ledger,
            rules,
            told=self._record.told if self._record else (),
            since=since,
            confirmations=confirmations,
            kept=KeptEvents(events, writer.ledger) if events else None,
        )

    def go_on(self, every: int) -> NoReturn:
        """Look again and again, until it is interrupted."""
        if not self._writer.as_json:
            _show.notice(f"Watching, with {self._rules} rules, until it is interrupted.")
        while True:
            self.look()
            time.sleep(every)

    def once(self) -> int:
        """Look once, and say so when there is nothing to tell; gives the exit code."""
        code = self.look()
        if code == OK and not self._writer.as_json:
            _show.line(f"Nothing new was found up to block {self._watch.block}.", style="dim")
        return code

    def look(self) -> int:
        """Tell what is new up to the latest block; gives the exit code."""
        told = 0
        for it in self._watch.once():
            told += self._tell(it)
            if self._record:
                self._record.put(it)
        if self._declares:
            self._declare()
        return ALERTS if told else OK

    def export(self, path: str) -> None:
        """Write what stands to a file."""
        standing = [it for it in self._watch.standing if self._counts(it)]
        export(standing, path)
        if not self._writer.as_json:
            _show.line(f"Alerts in {path}: {len(standing)}.", style="dim")

    # -- inside -----------------------------------------------------------------------------

    def _counts(self, alert: Alert) -> bool:
        return alert.severity.rank >= self._least

    def _tell(self, it: Alert | Withdrawn) -> int:
        alert = it.alert if isinstance(it, Withdrawn) else it
        if not self._counts(alert):
            return 0
        if self._writer.as_json:
            _json_line(it.to_json())
        elif isinstance(it, Withdrawn):
            _show.line(f"Withdrawn: {self._named(alert.words)} It does not stand any more.")
        else:
            head = f"{alert.time:%Y-%m-%d %H:%M} {alert.severity.value} {alert.rule} {alert.id}"
            _show.line(head, style=_STYLES[alert.severity])
            _show.line(f"  {self._named(alert.words)}")
            places = (f"{it.name} in block {it.block}" for it in alert.evidence[-_SHOWN:])
            _show.line(f"  {', '.join(places)}", style="dim")
        return int(not isinstance(it, Withdrawn))

    def _named(self, words: str) -> str:
        """Words with the names of the accounts that are known here."""
        for who, name in self._writer.labels.items():
            words = words.replace(who, name)
        return words

    def _declare(self) -> None:
        """Put what is overdue on record, unless somebody has."""
        overdue = self._writer.ledger.receivables(status=Status.OVERDUE)
        for receivable in overdue:
            if not receivable.default_declared:
                self._declare_one(receivable)

    def _declare_one(self, receivable: Receivable) -> None:
        writer = self._writer
        words = (
            f"I put receivable {receivable.id} on the record of {writer.named(receivable.obligor)}: "
            f"{grouped(receivable.owed)} is overdue."
        )
        try:
            outcome = writer.carry_out(
                writer.ledger.supplier(writer.signer),
                lambda role: role.declare_default(receivable.id),
                words=words,
            )
        except (DefaultAlreadyDeclared, WrongStatus):
            # Somebody was faster, or it was paid meanwhile.
            return
        data = {"declared": receivable.id, "obligor": receivable.obligor}
        if writer.as_json:
            _json_line({**data, "simulated": outcome.simulated, "transaction": outcome.transaction})
        else:
            writer.tell(outcome, data, done=f"{short(receivable.id)} is on record as a default.")


# Events of the evidence that people are shown; programs get all.
_SHOWN = 5


def _json_line(data: Mapping[str, Any]) -> None:
    click.echo(json.dumps(data, ensure_ascii=False))
