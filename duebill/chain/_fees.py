"""What is offered for getting into a block, and what is offered when that was not enough."""

from __future__ import annotations

from dataclasses import dataclass

from duebill.errors import FeeAboveLimit

# Blocks may fill up before it gets in: each full one raises the base fee by an eighth.
_BASE_FEE_MARGIN = 2
# Nodes replace a waiting transaction only if both fees rise by a tenth (geth's pricebump).
_BUMP = (11, 10)
# Without a limit of the user's, replacing stops at this multiple of the first offer.
_LARGEST_RISE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLimits:
    """How much may be offered for a transaction, and when more is.

    Attributes:
        max_fee_per_gas: The most per gas, in wei; when not given, a replacement offers up to eight
            times what was offered first.
        max_fee: The most for a whole transaction, in wei.
        replace_after: Seconds in the node's pool after which a tenth more is offered; None: never.
    """

    max_fee_per_gas: int | None = None
    max_fee: int | None = None
    replace_after: float | None = 60.0

    def per_gas(self, gas: int) -> int | None:
        """The most per gas for a transaction that may take so much of it; None: no limit."""
        by_whole = None if self.max_fee is None else self.max_fee // gas
        given = [limit for limit in (self.max_fee_per_gas, by_whole) if limit is not None]
        return min(given, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a transaction pays, in wei per gas.

    Attributes:
        max_fee: The most.
        tip: What of it goes to whoever makes the block.
        is_legacy: Whether the chain knows one price only.
    """

    max_fee: int
    tip: int
    is_legacy: bool

    @classmethod
    def over(cls, base_fee: int, tip: int) -> Offer:
        """What gets in soon at a base fee."""
        return cls(max_fee=base_fee * _BASE_FEE_MARGIN + tip, tip=tip, is_legacy=False)

    def fields(self) -> dict[str, int]:
        """As a transaction says it."""
        if self.is_legacy:
            return {"gasPrice": self.max_fee}
        return {"type": 2, "maxFeePerGas": self.max_fee, "maxPriorityFeePerGas": self.tip}

    def within(self, limits: FeeLimits, gas: int) -> Offer:
        """Itself, lowered to the limit where that still pays the tip.

        Raises:
            FeeAboveLimit: Less than half of it is allowed: it would hardly get in.
        """
        limit = limits.per_gas(gas)
        if limit is None or self.max_fee <= limit:
            return self
        if self.is_legacy or limit * _BASE_FEE_MARGIN < self.max_fee:
            raise FeeAboveLimit(needed=self.max_fee, limit=limit)
        return Offer(max_fee=limit, tip=min(self.tip, limit), is_legacy=False)

    def replacing(self, first: int, last: Offer, limits: FeeLimits, gas: int) -> Offer | None:
        """What replaces an earlier offer: a tenth more, or the market's fee if that is higher.

        Args:
            first: The `max_fee` that was offered first.
            last: What was offered last.
            limits: The limits.
            gas: The most gas that it may take.

        Returns:
            None when the limit does not allow it, or the chain takes no fees.
        """
        if not last.max_fee:
            return None
        wanted = Offer(
            max_fee=max(self.max_fee, raised(last.max_fee)),
            tip=max(self.tip, raised(last.tip)),
            is_legacy=last.is_legacy,
        )
        limit = limits.per_gas(gas)
        if limit is None:
            limit = first * _LARGEST_RISE
        if wanted.max_fee > limit:
            least = Offer(
                max_fee=raised(last.max_fee), tip=raised(last.tip), is_legacy=last.is_legacy
            )
            return least if least.max_fee <= limit else None
        return wanted


def raised(fee: int) -> int:
    """A tenth more, rounded up, and at least one wei."""
    return max(fee + 1, -(-fee * _BUMP[0] // _BUMP[1]))
