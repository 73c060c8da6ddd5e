"""Is everything in order for sending? Node, chain, clock, deployment, account, allowances.

Each check asks one thing and says what it found and, where something is amiss, what to do. Nothing
is signed or sent, and no check ends the examination: what cannot be found out is a finding too.

```python
from duebill.doctor import examine

for finding in examine("http://127.0.0.1:8545", account=supplier):
    print(finding.state, finding.check, finding.words, finding.advice)
```
"""

from __future__ import annotations

import importlib.util
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from duebill._contracts import ARTIFACTS
from duebill.deployment import LOCAL_CHAIN_IDS, AddressBook, verify
from duebill.errors import DuebillError
from duebill.ledger import connect
from duebill.model import address, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duebill.chain import Chain
    from duebill.ledger import Ledger
    from duebill.model import Address

__all__ = ["Finding", "State", "examine"]

# Blocks are seconds apart on every chain in use; a node that is minutes behind lags.
_BEHIND = timedelta(minutes=2)
# Chains refuse blocks from further ahead than this.
_AHEAD = timedelta(seconds=15)
_SLOW = timedelta(milliseconds=500)
_EXPIRES_SOON = timedelta(days=30)
# A deployment's dearest everyday call takes less; see bench/gas.json.
_GAS_OF_A_CALL = 250_000
_FEW_CALLS = 20
_NATIVE = {"coincurve": "signing", "orjson": "reading answers"}
_WEI_PER_ETHER = 10**18


class State(StrEnum):
    """How bad it is."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check found.

    Attributes:
        check: What was looked at.
        state: How bad it is.
        words: What was found.
        advice: What to do about it; empty where nothing is to be done.
    """

    check: str
    state: State
    words: str
    advice: str = ""

    def to_json(self) -> dict[str, str]:
        """As an object for JSON."""
        return {
            "check": self.check,
            "state": self.state,
            "words": self.words,
            "advice": self.advice,
        }


def examine(url: str, *, account: str | None = None) -> Iterator[Finding]:
    """Look at everything that sending depends on, one finding after the other.

    Args:
        url: The node's JSON-RPC address.
        account: The account that is to send; its own checks are left out when not given.
    """
    patient = _Patient(url, None if account is None else address(account))
    for name, check in _CHECKS.items():
        if check in _OF_AN_ACCOUNT and account is None:
            continue
        try:
            for state, words, advice in check(patient):
                yield Finding(check=name, state=state, words=words, advice=advice)
        except DuebillError as error:
            yield Finding(check=name, state=State.FAULT, words=error.message, advice=error.hint)
            if check in _DECISIVE:
                return


class _Patient:
    """What the checks look at; connected when it is first needed."""

    def __init__(self, url: str, account: Address | None) -> None:
        self.url = url
        self._account = account

    @cached_property
    def ledger(self) -> Ledger:
        return connect(self.url)

    @cached_property
    def chain(self) -> Chain:
        from duebill._abi import events_abi  # noqa: PLC0415 - reads files
        from duebill.chain import Chain  # noqa: PLC0415 - imports web3

        return Chain(self.url, abi=events_abi())

    @property
    def account(self) -> Address:
        assert self._account is not None  # noqa: S101 - `examine` leaves such checks out
        return self._account


Found = tuple[State, str, str]


def _node(patient: _Patient) -> Iterator[Found]:
    chain = patient.chain
    began = time.monotonic()
    number = chain.block_number()
    took = timedelta(seconds=time.monotonic() - began)
    words = f"{chain!r} answers; its latest block is {number:,}"
    if took > _SLOW:
        seconds = took.total_seconds()
        yield (
            State.WARNING,
            f"{words}; an answer took {seconds:.1f} s",
            "Use a node that is nearer.",
        )
        return
    yield State.OK, words, ""


def _clock(patient: _Patient) -> Iterator[Found]:
    chain_time, own = time_of(patient.chain.block().time), datetime.now(UTC)
    words = f"the chain's time is {chain_time:%Y-%m-%d %H:%M:%S} UTC"
    if patient.chain.expected in LOCAL_CHAIN_IDS:
        yield State.OK, f"{words}; a local chain's time is its own", ""
    elif own - chain_time > _BEHIND:
        late = f"{words}, {_span(own - chain_time)} behind this machine's"
        yield State.WARNING, late, "The node lags or the chain stands still: deadlines follow it."
    elif chain_time - own > _AHEAD:
        early = f"{words}, {_span(chain_time - own)} ahead of this machine's"
        yield State.WARNING, early, "Set this machine's clock by a time server."
    else:
        yield State.OK, words, ""


def _deployment(patient: _Patient) -> Iterator[Found]:
    book = AddressBook.load(patient.chain.expected)
    verify(book, connection=patient.chain)
    yield State.OK, f"{book.name!r} is as its address book and the artifacts say", ""
    if not book.handed_over:
        words = f"{book.deployer}, who deployed, still is an admin"
        local = patient.chain.expected in LOCAL_CHAIN_IDS
        advice = "Let an admin of the plan send any transaction, then deploy again."
        yield (State.NOTE, words, "") if local else (State.WARNING, words, advice)


def _pause(patient: _Patient) -> Iterator[Found]:
    if until := patient.ledger.paused_until():
        words = f"the ledger is paused until {until:%Y-%m-%d %H:%M:%S} UTC"
        yield State.WARNING, words, "Payments and redemptions go on; all else waits for the end."
    else:
        yield State.OK, "the ledger is not paused", ""


def _ether(patient: _Patient) -> Iterator[Found]:
    chain, who = patient.chain, patient.account
    price = chain.block().base_fee or 0
    balance = chain.balance(who)
    words = f"{who} has {_in_ether(balance)} ether"
    if not price:
        yield State.OK, f"{words}; the chain asks for no base fee", ""
    elif balance < _GAS_OF_A_CALL * price:
        advice = "Send it ether: nothing can be sent without."
        yield State.FAULT, f"{words}, too little for one call", advice
    elif balance < _GAS_OF_A_CALL * price * _FEW_CALLS:
        calls = balance // (_GAS_OF_A_CALL * price)
        yield State.WARNING, f"{words}, enough for about {calls} calls", "Send it ether soon."
    else:
        yield State.OK, words, ""


def _party(patient: _Patient) -> Iterator[Found]:
    ledger, now = patient.ledger, patient.ledger.time()
    party = ledger.party(patient.account)
    if party.is_frozen(now):
        yield State.FAULT, f"frozen until {_day(party.frozen_until)}", "Ask the supervisor why."
    if not party.is_verified(now):
        was = party.verified_until
        words = f"its verification ended on {_day(was)}" if was else "it was never verified"
        yield State.WARNING, words, "Ask a registrar: it can redeem and sell out, not receive."
    elif party.verified_until and party.verified_until - now < _EXPIRES_SOON:
        words = f"its verification ends on {_day(party.verified_until)}"
        yield State.WARNING, words, "Let a registrar renew it before."
    else:
        yield State.OK, f"verified until {_day(party.verified_until)}", ""
    if party.encryption_key is None:
        words = "it has published no key that documents could be sealed to"
        yield State.NOTE, words, "Publish one to be sent documents."


def _waiting(patient: _Patient) -> Iterator[Found]:
    chain, who = patient.chain, patient.account
    waiting = chain.pending_nonce(who) - chain.nonce(who)
    if waiting > 0:
        words = f"{waiting} of its transactions wait for a block"
        yield State.NOTE, words, "Wait for them; a transaction that hangs holds up all later ones."
    else:
        yield State.OK, "none of its transactions waits for a block", ""


def _allowances(patient: _Patient) -> Iterator[Found]:
    left = list(_allowed(patient))
    for words in left:
        yield State.NOTE, words, "Nothing need be left: set it to zero if it is not wanted."
    if not left:
        yield State.OK, "no contract may take any of its tokens", ""


def _allowed(patient: _Patient) -> Iterator[str]:
    ledger = patient.ledger
    for currency in ledger.currencies():
        if currency.token is None:
            continue
        for name, spender in ledger.contracts:
            left = ledger.allowance(patient.account, currency.number, spender=spender)
            if left:
                yield f"the {ARTIFACTS[name]} may take {left} of its tokens"


def _packages(patient: _Patient) -> Iterator[Found]:
    del patient
    for name, purpose in _NATIVE.items():
        if importlib.util.find_spec(name) is None:
            words = f"{name} is not installed: {purpose} is slower"
            yield State.NOTE, words, "pip install 'duebill[fast]'."
        else:
            yield State.OK, f"{name} is there for {purpose}", ""


_CHECKS: dict[str, Callable[[_Patient], Iterator[Found]]] = {
    "node": _node,
    "clock": _clock,
    "deployment": _deployment,
    "pause": _pause,
    "ether": _ether,
    "party": _party,
    "waiting": _waiting,
    "allowances": _allowances,
    "packages": _packages,
}
_OF_AN_ACCOUNT = frozenset({_ether, _party, _waiting, _allowances})
# Without these, nothing else can be found out.
_DECISIVE = frozenset({_node, _deployment})


def _span(length: timedelta) -> str:
    seconds = int(length.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def _day(when: datetime | None) -> str:
    return "never" if when is None else f"{when:%Y-%m-%d}"


def _in_ether(wei: int) -> str:
    whole, rest = divmod(wei, _WEI_PER_ETHER)
    return f"{whole:,}.{rest // 10**14:04d}"
