"""What can stand between an account without ether and its sponsor."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from typing import TYPE_CHECKING

from duebill.errors._base import DuebillError
from duebill.errors._client import SignerError
from duebill.errors._contract import ContractError

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model import Address


_GWEI = 10**9


class SponsorshipError(DuebillError):
    """A sponsor does not bring what it was given."""


class BudgetExceeded(SponsorshipError):
    """What is left of a party's budget does not pay for it. Nothing was sent.

    Attributes:
        party: The party.
        needed: What it may cost, in wei.
        left: What is left, in wei.
    """

    def __init__(self, party: str, *, needed: int, left: int) -> None:
        self.party = party
        self.needed = needed
        self.left = left
        super().__init__(
            f"It may cost {-(-needed // _GWEI):,} gwei, and {left // _GWEI:,} are left of the budget "
            f"of {party}.",
            hint="Wait until earlier fees are out of the budget's days, or raise the budget.",
        )


class NotSponsored(SponsorshipError):
    """An account is no verified party: whoever can make accounts could spend the sponsor's ether.

    Attributes:
        account: The account.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(
            f"{account} is no verified party, and a sponsor pays for verified parties only.",
            hint="Ask the registrar to verify it, then bring this again.",
        )


class BroughtByAnother(SponsorshipError):
    """Another account has brought this already, by the same journal. Nothing was sent.

    Attributes:
        account: Whose paper it is.
        sponsor: Who brought it.
    """

    def __init__(self, account: str, *, sponsor: str) -> None:
        self.account = account
        self.sponsor = sponsor
        super().__init__(
            f"{sponsor} has brought this of {account} already.",
            hint="Nothing need be done; with that account, bringing it again shows what became of it.",
        )


class NotDelegated(SponsorshipError):
    """An account does not have the code that carries out what it signs.

    Attributes:
        account: The account.
        code: The contract whose code it needs.
    """

    def __init__(self, account: str, *, code: str) -> None:
        self.account = account
        self.code = code
        super().__init__(
            f"The account {account} does not have the code of {code}.",
            hint="Let it sign a delegation, and bring that first.",
        )


class DelegationNotTaken(SponsorshipError):
    """The chain passed over a delegation.

    Attributes:
        account: The account.
        nonce: The nonce that it was signed for.
    """

    def __init__(self, account: str, *, nonce: int) -> None:
        self.account = account
        self.nonce = nonce
        super().__init__(
            f"The chain passed over the delegation of {account}, signed for nonce {nonce}.",
            hint="It has sent something since, or the chain knows no EIP-7702; sign a new one.",
        )


class IntentNotTaken(SponsorshipError):
    """An account had given up the code that carries out what it signs. It was paid for in vain.

    Attributes:
        account: The account.
    """

    def __init__(self, account: str) -> None:
        self.account = account
        super().__init__(
            f"The intent reached {account} when it did not have the code any more: nothing was done.",
            hint="Let it delegate again, and sign anew what it wants done.",
        )


class SignerCannotDelegate(SignerError):
    """This kind of signer signs no delegations.

    Attributes:
        account: The account.
        reason: Why not.
    """

    def __init__(self, account: str, *, reason: str = "it knows none") -> None:
        self.account = account
        self.reason = reason
        super().__init__(
            f"The signer of {account} cannot sign a delegation (EIP-7702): {reason}.",
            hint="Let the account pay for itself, or be a contract wallet. Keystores, PKCS#11, key "
            "services and remote signers with Web3Signer's interface sign delegations.",
        )


class AccountRefusal(ContractError):
    """The rules of a sponsored account forbid it; one class for each of its custom errors."""


class IntentExpired(AccountRefusal):
    """What was signed is brought too late."""

    deadline: datetime
    time: datetime

    says = "The intent counted until {deadline}; on the chain it is {time}."
    advice = "Ask for a new signature."


class IntentNonceUsed(AccountRefusal):
    """What was signed was carried out before, or withdrawn."""

    nonce: int

    says = "The account has used, or withdrawn, the number {nonce}."
    advice = "Nothing need be done if it was carried out; otherwise sign it anew."


class IntentSignatureInvalid(AccountRefusal):
    """The account did not sign this."""

    account: Address

    says = "The signature is not that of {account} for exactly this."
    advice = "Sign it again with the account's own key."


class IntentEmpty(AccountRefusal):
    """There is nothing to do."""

    says = "The intent has no calls."
    advice = "Sign what is to be done."
