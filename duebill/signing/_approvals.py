"""Approvals: a second person's signature under exactly what an account is to sign."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from duebill import _letters
from duebill._eip712 import Signable, digest_of, message, signature_text
from duebill._secp256k1 import Signature, recovered
from duebill.errors import BadApproval, BadSignedTerms, DuebillError
from duebill.model import address, hash_text, seconds_of, time_of

if TYPE_CHECKING:
    from datetime import datetime

    from duebill.model import Address
    from duebill.signing._signer import Signer

_FORMAT = "duebill-approval-1"
_TYPES = {
    "Approval": [
        {"name": "account", "type": "address"},
        {"name": "digest", "type": "bytes32"},
        {"name": "expiry", "type": "uint256"},
    ]
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval(Signable):
    """What an approver signs: this account may sign exactly this, up to a time.

    Attributes:
        account: The account that is to sign.
        subject: What it is to sign: the digest of a transaction or of a message, as 0x and hex.
        expiry: The last second in which the approval counts.
        chain_id: The chain of what is signed.
    """

    account: Address
    subject: str
    expiry: datetime
    chain_id: int

    @property
    def signers(self) -> tuple[Address, ...]:
        """Nobody by name: whose approval counts is a matter of the policy."""
        return ()

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message `Approval(address account,bytes32 digest,uint256 expiry)`."""
        values = {
            "account": self.account,
            "digest": bytes.fromhex(self.subject[2:]),
            "expiry": seconds_of(self.expiry),
        }
        domain = ("Duebill Approval", self.chain_id, self.account)
        return message(_TYPES, "Approval", values, domain=domain)

    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very message that is signed."""
        return (
            f"I approve that {self.account} signs {self.subject}\n"
            f"on chain {self.chain_id}, until {self.expiry:%Y-%m-%d %H:%M:%S} UTC."
        )

    def sign(self, signer: Signer) -> SignedApproval:
        """Sign it.

        Raises:
            SignerError: The signer refuses.
        """
        signature = signer.sign_typed_data(self.typed_data())
        return SignedApproval(
            account=self.account,
            subject=self.subject,
            expiry=self.expiry,
            chain_id=self.chain_id,
            signature="0x" + signature.hex(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedApproval(Approval):
    """A signed approval; travels as JSON or as one line of text.

    Attributes:
        signature: 0x and hex: 65 bytes.
    """

    signature: str

    def approver(self) -> Address | None:
        """Whose signature it is; None if it is nobody's, or not of the form that counts."""
        try:
            signature = Signature.of_bytes(bytes.fromhex(self.signature[2:]))
        except ValueError:
            return None
        return recovered(signature, digest_of(self.typed_data()))

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        return {
            "format": _FORMAT,
            "account": self.account,
            "subject": self.subject,
            "expiry": seconds_of(self.expiry),
            "chain_id": self.chain_id,
            "signature": self.signature,
        }

    def to_text(self) -> str:
        """As canonical JSON (RFC 8785)."""
        return _letters.canonical(self.to_json())

    def to_line(self) -> str:
        """As one line of text that mail programs leave as it is."""
        return _letters.as_line(self.to_json())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` or `to_line` gave; whose it is, is not looked at here.

        Raises:
            BadApproval: It is anything else.
        """
        try:
            data = _letters.read(text, format_=_FORMAT, what="approval")
            made = cls(
                account=address(data["account"]),
                subject=hash_text(data["subject"], field="subject"),
                expiry=time_of(data["expiry"]),
                chain_id=int(data["chain_id"]),
                signature=signature_text(data["signature"]),
            )
            is_as_written = made.to_json() == data
        except BadSignedTerms as error:
            raise BadApproval(error.reason) from error
        except (KeyError, TypeError, ValueError, OverflowError, AttributeError) as error:
            raise BadApproval(f"{type(error).__name__}: {error}") from error
        except DuebillError as error:
            raise BadApproval(error.message.rstrip(".")) from error
        if not is_as_written:
            raise BadApproval("a field is unknown, or not written as it has to be")
        return made
