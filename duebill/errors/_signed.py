"""What can be wrong with signed orders, avals and loans before any chain is asked."""

# ruff: noqa: N818 - each class is named for what was found; the suffix Error would say it twice.

from __future__ import annotations

from duebill.errors._base import quoted
from duebill.errors._client import SignerError


class BadSignedTerms(SignerError):
    """Not a signed order, aval or loan: damaged on its way, or made up.

    Attributes:
        what: What was expected.
        reason: What is wrong.
    """

    def __init__(self, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(
            f"This is not a signed {what}: {reason}.",
            hint="Ask its signer to send it again, as one line of text.",
        )


class SignedForElsewhere(SignerError):
    """An order, aval or loan was signed for another chain or contract.

    Attributes:
        what: What was signed.
        chain_id: The chain that it was signed for.
        contract: The contract that it was signed for.
    """

    def __init__(self, what: str, *, chain_id: int, contract: str) -> None:
        self.what = what
        self.chain_id = chain_id
        self.contract = contract
        super().__init__(
            f"The {what} was signed for the contract {contract} on chain {chain_id}.",
            hint="Bring it to that contract.",
        )


class SignerNotNamed(SignerError):
    """Somebody is to sign what names others only.

    Attributes:
        signer: Who is to sign.
        named: Whose signature counts.
    """

    def __init__(self, signer: str, *, named: tuple[str, ...]) -> None:
        self.signer = signer
        self.named = named
        super().__init__(
            f"{quoted(signer)} is to sign what only {' or '.join(named)} can.",
            hint="Sign with that account; for a contract wallet, say which one you sign for.",
        )
