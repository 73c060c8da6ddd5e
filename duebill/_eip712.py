"""Messages that are signed off the chain (EIP-712), and who signed them. Nothing here is sent."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from duebill.model import Address

_DOMAIN = [
    {"name": "name", "type": "string"},
    {"name": "version", "type": "string"},
    {"name": "chainId", "type": "uint256"},
    {"name": "verifyingContract", "type": "address"},
]


class Signable(ABC):
    """Something that is signed as one EIP-712 message."""

    __slots__ = ()

    @property
    @abstractmethod
    def signers(self) -> tuple[Address, ...]:
        """Whose signature counts, any of them."""

    @abstractmethod
    def typed_data(self) -> dict[str, Any]:
        """The whole message: types, primaryType, domain, message."""

    @abstractmethod
    def summary(self) -> str:
        """What a signature binds to, in words; derived from the very message that is signed."""

    def digest(self) -> str:
        """The EIP-712 digest; the contract gives the same."""
        return "0x" + digest_of(self.typed_data()).hex()

    def made_by(self, signature: str) -> Address | None:
        """Which of the signers' own accounts made a signature; None: none of them.

        None does not speak against a signer that is a contract: the chain asks it (ERC-1271).
        """
        from duebill._secp256k1 import Signature, recovered  # noqa: PLC0415 - as digest_of

        try:
            made = Signature.of_bytes(bytes.fromhex(signature[2:]))
        except ValueError:
            return None
        found = recovered(made, digest_of(self.typed_data()))
        return found if found in self.signers else None


def message(
    types: Mapping[str, Sequence[Mapping[str, str]]],
    primary: str,
    values: Mapping[str, Any],
    *,
    domain: tuple[str, int, Address],
    version: str = "1",
) -> dict[str, Any]:
    """A whole EIP-712 message.

    Args:
        types: The members of each struct.
        primary: The struct that is signed.
        values: Its fields.
        domain: The name of the contract, its chain and its address.
        version: The contract's; those of this project always have 1.
    """
    name, chain_id, contract = domain
    return {
        "types": {"EIP712Domain": _DOMAIN, **types},
        "primaryType": primary,
        "domain": {
            "name": name,
            "version": version,
            "chainId": chain_id,
            "verifyingContract": contract,
        },
        "message": dict(values),
    }


def domain_hash(typed_data: dict[str, Any]) -> bytes:
    """The hash of a message's domain, which contracts call DOMAIN_SEPARATOR."""
    return hashes(typed_data)[0]


def hashes(typed_data: dict[str, Any]) -> tuple[bytes, bytes]:
    """The two hashes that a message's digest is made of: of its domain, and of its content."""
    encoded = _encoded(typed_data)
    return bytes(encoded.header), bytes(encoded.body)


def digest_of(typed_data: dict[str, Any]) -> bytes:
    """What is signed when a message is."""
    from duebill._abi import keccak  # noqa: PLC0415 - reads files that only hashing needs

    return keccak(b"\x19\x01" + b"".join(hashes(typed_data)))


def signature_text(text: str) -> str:
    """A signature as 0x and lower-case hex.

    Raises:
        ValueError: It is no hex.
    """
    return "0x" + bytes.fromhex(text.removeprefix("0x")).hex()


def _encoded(typed_data: dict[str, Any]) -> Any:
    from eth_account.messages import encode_typed_data  # noqa: PLC0415 - slow to import

    return encode_typed_data(full_message=typed_data)
