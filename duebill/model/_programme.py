"""The rules that receivables are issued under, and what they are paid in."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from duebill.model._ids import ZERO_ADDRESS
from duebill.model._money import plain, units_of
from duebill.model._rows import Shown

if TYPE_CHECKING:
    from duebill.model._ids import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules(Shown):
    """What a programme allows. Amounts are exact decimals in the currency of the receivable.

    Attributes:
        max_tenor_days: Longest time from issue to due date, in days.
        acceptance_days: How many days after its issue a receivable can be accepted.
        grace_days: Days after the due date before the receivable is overdue.
        max_hops: How often value may change hands.
        max_splits: How many vouchers may be split off one receivable.
        smallest_voucher: No voucher is smaller than this.
        obligor_limit: The most that one obligor may owe under it; None: no limit. Needs `currency`.
        currency: The number of the only currency admitted; None: any.
        attestations: How many attestations the gate asks for.
        consent: Whether a recipient must have consented to receive.
        stop_on_default: Whether an obligor with a declared default may accept nothing new.
        gate: The contract that is asked at issue, acceptance and transfer; None: none.
    """

    max_tenor_days: int = 365
    acceptance_days: int = 30
    grace_days: int = 0
    max_hops: int = 16
    max_splits: int = 1000
    smallest_voucher: Decimal = Decimal(1)
    obligor_limit: Decimal | None = None
    currency: int | None = None
    attestations: int = 0
    consent: bool = False
    stop_on_default: bool = True
    gate: Address | None = None

    def as_abi(self) -> tuple[Any, ...]:
        """The rules as the contracts take them.

        Raises:
            AmountError: The smallest voucher or the limit is not an exact amount.
        """
        limit = self.obligor_limit
        return (
            self.max_tenor_days,
            self.acceptance_days,
            self.grace_days,
            self.max_hops,
            self.max_splits,
            units_of(self.smallest_voucher),
            0 if limit is None else units_of(limit),
            self.currency or 0,
            self.attestations,
            self.consent,
            self.stop_on_default,
            self.gate or ZERO_ADDRESS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme(Shown):
    """A programme: rules that never change.

    Attributes:
        number: Its number, from 1.
        open: Whether new receivables may be issued under it.
        rules: What it allows.
    """

    number: int
    open: bool
    rules: Rules

    def to_json(self) -> dict[str, Any]:
        """The programme as one flat object for JSON: amounts as decimal strings."""
        limit = self.rules.obligor_limit
        return {
            "number": self.number,
            "open": self.open,
            **asdict(self.rules),
            "smallest_voucher": plain(units_of(self.rules.smallest_voucher)),
            "obligor_limit": None if limit is None else plain(units_of(limit)),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Currency(Shown):
    """What a receivable is paid in.

    Attributes:
        number: Its number in the ledger's table, from 1.
        code: The ISO 4217 code.
        decimals: Of the token, or of the currency's minor unit.
        open: Whether new receivables may use it.
        token: The ERC-20 that pays; None: paid outside the chain.
        paying_agent: Who attests payments made outside the chain; None for a token.
    """

    number: int
    code: str
    decimals: int
    open: bool
    token: Address | None
    paying_agent: Address | None

    def to_json(self) -> dict[str, Any]:
        """The currency as an object for JSON."""
        return asdict(self)
