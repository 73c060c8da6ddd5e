"""The rules of programmes and presets in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from duebill.model import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill.cli._session import Reader
    from duebill.model import GateRules, Rules
    from duebill.presets import Preset

_STAGES = {Stage.ACCEPTANCE: "Before acceptance", Stage.FINANCING: "Before financing"}

# The keys of a plan's programme in words; what is false asks nothing.
_WORDS = {
    "max_tenor_days": "at most {} days from issue to due date",
    "acceptance_days": "to be accepted within {} days",
    "grace_days": "overdue after {} days of grace",
    "max_hops": "value changes hands {} times at most",
    "max_splits": "split into {} parts at most",
    "smallest_voucher": "no voucher below {}",
    "obligor_limit": "one obligor owes at most {}",
    "total_limit": "at most {} accepted and unsettled in all",
    "face_limit": "no receivable above {}",
    "last_issue": "nothing is issued after {}",
    "consent": "recipients must have consented",
    "stop_on_default": "an obligor in declared default accepts nothing new",
    "stop_on_overdue": "an obligor who is overdue beyond grace accepts nothing new",
    "invoices_required": "registered invoices have to cover each receivable",
    "currency": "a currency",
}


def rule_facts(rules: Rules) -> Iterator[tuple[str, str]]:
    """What the ledger asks."""
    yield "Longest tenor", f"{rules.max_tenor_days} days"
    yield "To be accepted within", f"{rules.acceptance_days} days"
    yield "Grace", f"{rules.grace_days} days"
    yield "Most hops", str(rules.max_hops)
    yield "Most splits", str(rules.max_splits)
    yield "Smallest voucher", f"{rules.smallest_voucher:f}"
    yield "Obligor limit", _or(rules.obligor_limit, "none")
    yield "Currency", _or(rules.currency, "any")
    yield "Recipients must consent", "yes" if rules.consent else "no"
    yield "Stops on default", "yes" if rules.stop_on_default else "no"


def gate_facts(rules: GateRules, reader: Reader) -> Iterator[tuple[str, str]]:
    """What the gate asks beyond that; what it does not ask is left out."""
    if rules.invoices_required:
        yield "Invoices", "registered ones have to cover each receivable"
    if rules.total_limit is not None:
        yield "Total limit", f"{rules.total_limit:f} accepted and unsettled at most"
    if rules.face_limit is not None:
        yield "Largest receivable", f"{rules.face_limit:f}"
    if rules.last_issue is not None:
        yield "Last issue", f"{rules.last_issue}; nothing new after that day"
    if rules.stop_on_overdue:
        yield "Stops when overdue", "until all is paid, the obligor accepts nothing new"
    for it in rules.requirements:
        who = ", ".join(map(reader.name, it.verifiers))
        yield _STAGES[it.before], f"{it.needed} of {who} attest {it.kind!r}"


def preset_facts(preset: Preset) -> Iterator[tuple[str, str]]:
    """A preset's rules, each under its key in a plan."""
    yield "Source", preset.source
    for key, value in preset.rules.items():
        if value is not False:
            yield key, _worded(key, value) + _room(preset, key)
    for key in preset.asks:
        yield key, f"{_WORDS[key].format('a day')}: the plan has to say which"


def _room(preset: Preset, key: str) -> str:
    return f"; a plan may go to {preset.widest[key]}" if key in preset.widest else ""


def _worded(key: str, value: Any) -> str:
    return _WORDS[key].format(f"{value:,}" if type(value) is int else value)


def _or(value: object, absent: str) -> str:
    return absent if value is None else str(value)
