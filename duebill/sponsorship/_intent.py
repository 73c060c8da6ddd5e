"""What an account without ether signs, so that somebody else brings it and pays."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from duebill import _letters
from duebill._eip712 import Signable, message, signature_text
from duebill.errors import BadSignedTerms, DuebillError, SignerNotNamed
from duebill.model import Call, address, seconds_of, time_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from duebill.model import Address
    from duebill.signing import Signer

_DOMAIN = "Duebill account"
_FORMAT = "duebill-intent-1"
_WHAT = "intent"
_NUMBER_BITS = 256
_MOST_CALLS = 100
_TYPES = {
    "Intent": [
        {"name": "calls", "type": "Call[]"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint40"},
    ],
    "Call": [{"name": "to", "type": "address"}, {"name": "data", "type": "bytes"}],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent(Signable):
    """Calls that an account wants made in its own name, all or none.

    Attributes:
        account: The account.
        calls: What it wants done, in order.
        number: Tells it from others; drawn at random by `drafted`.
        deadline: The last second in which it counts.
        chain_id: The chain.
    """

    account: Address
    calls: tuple[Call, ...]
    number: int
    deadline: datetime
    chain_id: int

    @classmethod
    def drafted(
        cls, calls: Sequence[Call], *, account: str, deadline: datetime, chain_id: int
    ) -> Self:
        """An intent with a number of its own.

        Args:
            calls: What is wanted; `Role.simulate` tries them out, and `Role.calls` gives them.
            account: Whose intent it is.
            deadline: The last second in which it counts.
            chain_id: The chain.

        Raises:
            BadSignedTerms: There are no calls, or too many.
        """
        if not 0 < len(calls) <= _MOST_CALLS:
            raise BadSignedTerms(_WHAT, f"it has {len(calls)} calls, not 1 to {_MOST_CALLS}")
        return cls(
            account=address(account),
            calls=tuple(calls),
            number=secrets.randbits(_NUMBER_BITS),
            deadline=deadline,
            chain_id=chain_id,
        )

    @property
    def signers(self) -> tuple[Address, ...]:
        """The account."""
        return (self.account,)

    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very calls that are signed."""
        from duebill.sponsorship._words import words  # noqa: PLC0415 - reads files

        opening = f"I, {self.account}, want this done in my name on chain {self.chain_id},"
        return "\n".join(
            (
                opening,
                "all of it or nothing:",
                *(f"  {line}" for call in self.calls for line in words(call)),
                f"It counts until {self.deadline:%Y-%m-%d %H:%M:%S} UTC, once.",
                "Whoever brings it pays for it.",
            )
        )

    def typed_data(self) -> dict[str, Any]:
        """The EIP-712 message `Intent(Call[] calls,uint256 nonce,uint40 deadline)`."""
        calls = [{"to": call.to, "data": "0x" + call.data.hex()} for call in self.calls]
        return message(
            _TYPES,
            "Intent",
            {"calls": calls, "nonce": self.number, "deadline": seconds_of(self.deadline)},
            domain=(_DOMAIN, self.chain_id, self.account),
        )

    def sign(self, signer: Signer, *, review: Callable[[str], bool] | None = None) -> SignedIntent:
        """Sign it; nothing is sent.

        Args:
            signer: The account.
            review: Is shown in words what will be signed, and says whether to sign.

        Raises:
            SignerNotNamed: It is another account's.
            SigningDeclined: `review` said no.
            SignerError: The signer refuses.
        """
        from duebill.errors import SigningDeclined  # noqa: PLC0415 - only when something is signed

        if signer.address != self.account:
            raise SignerNotNamed(signer.address, named=self.signers)
        if review is not None and not review(self.summary()):
            raise SigningDeclined
        return SignedIntent(
            account=self.account,
            calls=self.calls,
            number=self.number,
            deadline=self.deadline,
            chain_id=self.chain_id,
            signature="0x" + signer.sign_typed_data(self.typed_data()).hex(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIntent(Intent):
    """A signed intent; travels as JSON or as one line, anyone can bring it.

    Attributes:
        signature: 0x and the hex of 65 bytes.
    """

    signature: str

    def is_sound(self) -> bool:
        """Whether the account itself signed it."""
        return self.made_by(self.signature) is not None

    def as_abi(self) -> tuple[Any, ...]:
        """The arguments of `execute`."""
        calls = [(call.to, call.data) for call in self.calls]
        signature = bytes.fromhex(self.signature[2:])
        return calls, self.number, seconds_of(self.deadline), signature

    def to_text(self) -> str:
        """As canonical JSON."""
        return _letters.canonical(self._content())

    def to_line(self) -> str:
        """As one line of a mail."""
        return _letters.as_line(self._content())

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` or `to_line` gave.

        Raises:
            BadSignedTerms: It is damaged, or no intent.
        """
        content = _letters.read(text, format_=_FORMAT, what=_WHAT)
        try:
            return cls(
                account=address(content["account"]),
                calls=tuple(_call(call) for call in content["calls"]),
                number=int(content["number"]),
                deadline=time_of(int(content["deadline"])),
                chain_id=int(content["chain_id"]),
                signature=signature_text(str(content["signature"])),
            )
        except (KeyError, TypeError, ValueError, OverflowError, DuebillError) as error:
            raise BadSignedTerms(_WHAT, f"{type(error).__name__}: {error}") from error

    def _content(self) -> dict[str, Any]:
        return {
            "format": _FORMAT,
            "account": self.account,
            "calls": [{"to": call.to, "data": "0x" + call.data.hex()} for call in self.calls],
            "number": str(self.number),
            "deadline": seconds_of(self.deadline),
            "chain_id": self.chain_id,
            "signature": self.signature,
        }


def _call(fields: Mapping[str, str]) -> Call:
    return Call(to=address(fields["to"]), data=bytes.fromhex(fields["data"].removeprefix("0x")))
