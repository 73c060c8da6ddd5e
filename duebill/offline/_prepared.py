"""Transactions that are prepared in one place, signed in another, and sent from a third."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from duebill import _letters
from duebill._calls import read_call
from duebill._secp256k1 import Signature, recovered
from duebill._transactions import SignedTransaction, UnsignedTransaction, hash_of
from duebill.errors import (
    BadPrepared,
    BadSignedTerms,
    DuebillError,
    SignerAnswerInvalid,
    SignerNotNamed,
)
from duebill.model import ZERO_ADDRESS, ReceivableId, Terms, address
from duebill.offline._codes import PREFIX, code_text, text_of_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from duebill.chain import Held
    from duebill.ledger import Ledger
    from duebill.model import Address
    from duebill.signing import Signer

_FORMAT = "duebill-transaction-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedTransaction:
    """A transaction that waits for its signature, or has it.

    Everything that it does is in its bytes; what comes along only helps to say it in words.

    Attributes:
        unsigned: The transaction.
        sender: The account that is to sign.
        reference: What it is called in the journal of whoever prepared it.
        terms: The receivables that it is about. Their ids are hashes of these, so they prove
            themselves.
        signature: The account's signature; None while it waits for it.
    """

    unsigned: UnsignedTransaction
    sender: Address
    reference: str
    terms: tuple[Terms, ...] = ()
    signature: Signature | None = None

    def __post_init__(self) -> None:
        if self.unsigned.authorizations:
            raise BadPrepared("it takes code for other accounts, which no file asks for")
        if self.signature is None:
            return
        if recovered(self.signature, self.unsigned.digest()) != self.sender:
            raise BadPrepared(f"its signature is not {self.sender}'s")

    @classmethod
    def of(cls, held: Held[Any], *, ledger: Ledger) -> Self:
        """What a facade prepared, with the terms of the receivables that it is about.

        Args:
            held: What a write of `Role.prepare` gave.
            ledger: The ledger.
        """
        unsigned = UnsignedTransaction.of(held.prepared.fields)
        return cls(
            unsigned=unsigned,
            sender=held.prepared.sender,
            reference=held.prepared.reference,
            terms=tuple(_terms(unsigned, ledger)),
        )

    @property
    def digest(self) -> str:
        """What is signed, as 0x and hex."""
        return "0x" + self.unsigned.digest().hex()

    @property
    def raw(self) -> bytes | None:
        """The bytes that are sent; None while it waits for its signature."""
        return None if self.signature is None else self.unsigned.signed(self.signature)

    @property
    def hash(self) -> str | None:
        """Its hash on the chain; None while it waits for its signature."""
        return None if self.raw is None else hash_of(self.raw)

    def sign(self, signer: Signer) -> Self:
        """Have it signed.

        Raises:
            SignerNotNamed: It is another account's.
            SignerError: The signer refuses, or signs something else.
        """
        if signer.address != self.sender:
            raise SignerNotNamed(signer.address, named=(self.sender,))
        raw = signer.sign_transaction(self.unsigned.fields())
        made = SignedTransaction.of(raw)
        if (made.unsigned, made.sender) != (self.unsigned, self.sender):
            raise SignerAnswerInvalid("the signer", reason="it signed something else")
        return replace(self, signature=made.signature)

    def to_json(self) -> dict[str, Any]:
        """As an object for JSON."""
        signature = None if self.signature is None else "0x" + self.signature.as_bytes().hex()
        return {
            "format": _FORMAT,
            "payload": "0x" + self.unsigned.payload().hex(),
            "reference": self.reference,
            "sender": self.sender,
            "signature": signature,
            "terms": [terms.to_json() for terms in self.terms],
        }

    def to_text(self) -> str:
        """As canonical JSON (RFC 8785)."""
        return _letters.canonical(self.to_json())

    def to_line(self) -> str:
        """As one line of text that mail programs leave as it is."""
        return _letters.as_line(self.to_json())

    def to_code(self) -> str:
        """As the text of a QR code; what scans it gives this text back."""
        return code_text(self.to_text())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text`, `to_line` or `to_code` gave.

        Raises:
            BadPrepared: It is anything else.
        """
        if text.lstrip().startswith(PREFIX):
            text = text_of_code(text)
        try:
            data = _letters.read(text, format_=_FORMAT, what="transaction")
            made = cls._of(data)
        except BadSignedTerms as error:
            raise BadPrepared(error.reason) from error
        except BadPrepared:
            raise
        except DuebillError as error:
            raise BadPrepared(error.message.rstrip(".")) from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadPrepared(f"{type(error).__name__}: {error}") from error
        if made.to_json() != data:
            raise BadPrepared("a field is unknown, or not written as it has to be")
        return made

    @classmethod
    def _of(cls, data: Mapping[str, Any]) -> Self:
        signed = data["signature"]
        return cls(
            unsigned=UnsignedTransaction.of_payload(bytes.fromhex(data["payload"][2:])),
            sender=address(data["sender"]),
            reference=str(data["reference"]),
            terms=tuple(Terms.from_json(terms) for terms in data["terms"]),
            signature=None if signed is None else Signature.of_bytes(bytes.fromhex(signed[2:])),
        )


def _terms(unsigned: UnsignedTransaction, ledger: Ledger) -> Iterator[Terms]:
    kinds = {where: name for name, where in ledger.contracts}
    if kind := kinds.get(unsigned.recipient or ZERO_ADDRESS):
        for number in dict.fromkeys(read_call(kind, unsigned.data).receivables()):
            yield ledger.terms(ReceivableId.from_number(number))
