"""Acceptances: what an obligor signs, in words and as an EIP-712 message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from duebill._eip712 import Signable, message, signature_text
from duebill.errors import AcceptanceForeign, BadAcceptance, DuebillError
from duebill.model import Terms, address, seconds_of, time_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from duebill.model import Address
    from duebill.signing._signer import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance(Signable):
    """What an obligor signs: these terms, on this ledger of this chain, up to a deadline.

    Attributes:
        terms: The terms.
        deadline: The last second in which the signature counts.
        chain_id: The chain.
        ledger: The ledger.
    """

    terms: Terms
    deadline: datetime
    chain_id: int
    ledger: Address

    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very message that is signed."""
        terms = self.terms
        return "\n".join(
            (
                f"I, {terms.obligor}, owe {terms.creditor}",
                f"{terms.face}, due on {terms.due_date:%Y-%m-%d} (24:00 UTC),",
                f"to whoever holds its vouchers, under programme {terms.programme}",
                f"of the ledger {self.ledger} on chain {self.chain_id}.",
                f"Receivable {terms.id}",
                f"Documents  {terms.documents_root}",
                f"Reference  {terms.reference_hash}",
                f"The signature counts until {self.deadline:%Y-%m-%d %H:%M:%S} UTC.",
            )
        )

    @property
    def signers(self) -> tuple[Address, ...]:
        """The obligor."""
        return (self.terms.obligor,)

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message `Acceptance(Terms terms,uint256 deadline)`."""
        names = [member["name"] for member in _TYPES["Terms"]]
        terms = dict(zip(names, self.terms.as_abi(), strict=True))
        return message(
            _TYPES,
            "Acceptance",
            {"terms": terms, "deadline": seconds_of(self.deadline)},
            domain=("Duebill", self.chain_id, self.ledger),
        )

    def sign(self, signer: Signer) -> SignedAcceptance:
        """Sign it.

        Raises:
            SignerError: The signer refuses.
        """
        signature = signer.sign_typed_data(self.typed_data())
        return SignedAcceptance(
            terms=self.terms,
            deadline=self.deadline,
            chain_id=self.chain_id,
            ledger=self.ledger,
            signature="0x" + signature.hex(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedAcceptance(Acceptance):
    """A signed acceptance; travels as JSON, anyone can bring it to the ledger.

    Attributes:
        signature: 0x and hex: an account's 65 bytes, or whatever a contract (ERC-1271) asks for.
    """

    signature: str

    def require_for(self, *, chain_id: int, ledger: Address) -> None:
        """Check that it was signed for this ledger.

        Raises:
            AcceptanceForeign: It was signed for another.
        """
        if (self.chain_id, self.ledger) != (chain_id, ledger):
            raise AcceptanceForeign(chain_id=self.chain_id, ledger=self.ledger)

    def is_by_obligor(self) -> bool:
        """Whether the obligor's own account made the signature.

        False does not speak against an obligor that is a contract: the ledger asks it (ERC-1271).
        """
        return self.made_by(self.signature) is not None

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "terms": self.terms.to_json(),
            "deadline": seconds_of(self.deadline),
            "chain_id": self.chain_id,
            "ledger": self.ledger,
            "signature": self.signature,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what `to_json` gave.

        Raises:
            BadAcceptance: It is not complete or not well-formed.
        """
        try:
            return cls(
                terms=Terms.from_json(data["terms"]),
                deadline=time_of(int(data["deadline"])),
                chain_id=int(data["chain_id"]),
                ledger=address(data["ledger"]),
                signature=signature_text(str(data["signature"])),
            )
        except (KeyError, TypeError, ValueError, OverflowError, DuebillError) as error:
            raise BadAcceptance(f"{type(error).__name__}: {error}") from error


_TYPES = {
    "Acceptance": [
        {"name": "terms", "type": "Terms"},
        {"name": "deadline", "type": "uint256"},
    ],
    "Terms": [
        {"name": "obligor", "type": "address"},
        {"name": "creditor", "type": "address"},
        {"name": "currency", "type": "uint8"},
        {"name": "face", "type": "uint80"},
        {"name": "dueDay", "type": "uint16"},
        {"name": "programme", "type": "uint16"},
        {"name": "documentsRoot", "type": "bytes32"},
        {"name": "referenceHash", "type": "bytes32"},
        {"name": "salt", "type": "uint256"},
    ],
}
