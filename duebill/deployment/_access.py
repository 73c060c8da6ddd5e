"""What a deployment needs of a chain. `duebill.chain` is what gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from duebill.deployment._calls import decode_result, encode_call

if TYPE_CHECKING:
    from duebill.model import Address
    from duebill.signing import Signer


@dataclass(frozen=True, slots=True, kw_only=True)
class Mined:
    """A transaction in a block.

    Attributes:
        hash: Its hash.
        block: The block's number.
        gas_used: What it cost.
    """

    hash: str
    block: int
    gas_used: int


class Access(Protocol):
    """A connection to one chain."""

    def chain_id(self) -> int:
        """The chain's id, asked anew."""

    def genesis(self) -> str:
        """Hash of the chain's first block."""

    def block_number(self) -> int:
        """The latest block."""

    def code(self, address: str) -> bytes:
        """The code at an address; empty if there is none."""

    def nonce(self, address: str) -> int:
        """How many transactions of an account are in blocks."""

    def call(self, to: str, data: bytes) -> bytes:
        """What a call returns at the latest block."""

    def send(self, signer: Signer, to: str, data: bytes) -> Mined:
        """Send a transaction and wait for its block."""

    def settle(self, account: Address) -> None:
        """Wait until nothing of an account is on its way."""


def ask(access: Access, to: str, artifact: str, name: str, *arguments: Any) -> tuple[Any, ...]:
    """Call a view function and decode what it returns."""
    data = access.call(to, encode_call(artifact, name, *arguments))
    return decode_result(artifact, name, data)
