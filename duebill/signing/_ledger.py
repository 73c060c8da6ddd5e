"""Keys in a Ledger hardware wallet: the protocol of its Ethereum app, APDU by APDU."""

from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING, Any, Protocol

from duebill._eip712 import hashes
from duebill._secp256k1 import account_of_point, pair_of_words
from duebill._transactions import LEGACY, rlp
from duebill.errors import (
    BadSignerName,
    ExtraMissing,
    SignerCannotDelegate,
    SignerRefused,
    SignerUnavailable,
)
from duebill.signing._elsewhere import KeptElsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duebill._secp256k1 import Pair
    from duebill._transactions import Authorization, UnsignedTransaction
    from duebill.errors import SignerError
    from duebill.model import Address

FIRST_PATH = "44'/60'/0'/0/0"

_CLASS = 0xE0
_ADDRESS, _TRANSACTION, _MESSAGE = 0x02, 0x04, 0x0C
_FIRST, _MORE = 0x00, 0x80
_LARGEST_PART = 255
_PATH = re.compile(r"(?:m/)?([0-9]+['h]?(?:/[0-9]+['h]?){1,9})")
_HARDENED = 1 << 31
_OPEN = "Unlock the device and open its Ethereum app."
_REFUSALS = {
    0x6985: ("it was declined on the device", "Sign when the device shows what you mean."),
    0x6A80: (
        "the device does not sign what it cannot show",
        "Allow blind signing in the settings of its Ethereum app, for contract calls.",
    ),
}
# What the library says when it finds nothing on USB.
_NO_DEVICE = 0x6F00
_CLOSED = {0x5515, 0x6511, 0x6804, 0x6B0C, 0x6D00, 0x6D02, 0x6E00, 0x6E01}


class Transport(Protocol):
    """The way to a device; what `ledgerblue.comm.getDongle` gives."""

    def exchange(self, apdu: bytes) -> bytes:
        """Send a command; an error carries the device's status as `sw`."""


class LedgerSigner(KeptElsewhere):
    """A key in a Ledger hardware wallet.

    The transaction goes to the device as a whole, a message as its two hashes; who holds the device
    agrees on it.

    Args:
        path: The key's derivation path (BIP 32).
        transport: The way to the device; the first one on USB when not given.

    Raises:
        BadSignerName: It is no derivation path.
        ExtraMissing: The extra `ledger` is not installed.
    """

    def __init__(self, path: str = FIRST_PATH, *, transport: Transport | None = None) -> None:
        self._path = _path_bytes(path)
        super().__init__(f"the Ledger key {path}")
        if transport is None:
            try:
                import ledgerblue.comm  # noqa: F401, PLC0415 - an optional part
            except ImportError as error:
                raise ExtraMissing("ledger", "sign with a Ledger device") from error
        self._transport = transport
        # A device answers one question after the other.
        self._lock = threading.Lock()

    def _public_account(self) -> Address:
        with self._lock:
            answer = self._exchange(_ADDRESS, _FIRST, self._path)
        return account_of_point(answer[1 : 1 + answer[0]])

    def _sign_transaction(self, unsigned: UnsignedTransaction) -> Pair:
        kind, answer = _FIRST, b""
        with self._lock:
            for part in parts(self._path, unsigned.payload(), tail=_tail(unsigned)):
                answer = self._exchange(_TRANSACTION, kind, part)
                kind = _MORE
        return pair_of_words(answer[1:])

    def _sign_message(self, message: dict[str, Any]) -> Pair:
        with self._lock:
            answer = self._exchange(_MESSAGE, _FIRST, self._path + b"".join(hashes(message)))
        return pair_of_words(answer[1:])

    def _sign_authorization(self, wanted: Authorization) -> Pair:
        del wanted
        raise SignerCannotDelegate(self.address, reason="a Ledger device is not asked for any")

    def _exchange(self, instruction: int, kind: int, content: bytes) -> bytes:
        if self._transport is None:
            from ledgerblue.comm import getDongle  # noqa: PLC0415 - opens the device

            self._transport = getDongle()
        head = bytes([_CLASS, instruction, kind, 0, len(content)])
        return bytes(self._transport.exchange(head + content))

    def _failure(self, error: Exception) -> SignerError | None:
        status = getattr(error, "sw", None)
        if status in _REFUSALS:
            reason, hint = _REFUSALS[status]
            return SignerRefused(self.name, reason=reason, hint=hint)
        if status in _CLOSED:
            reason = "it is locked, or another app is open"
            return SignerUnavailable(self.name, reason=reason, hint=_OPEN)
        if status == _NO_DEVICE or isinstance(error, OSError):
            return SignerUnavailable(self.name, reason="no device is connected", hint=_OPEN)
        if isinstance(status, int):
            return SignerUnavailable(self.name, reason=f"its status is {status:04x}", hint=_OPEN)
        return None


def parts(path: bytes, payload: bytes, *, tail: int) -> Iterator[bytes]:
    """A transaction in parts that the device takes, the derivation path before the first.

    Args:
        path: The derivation path.
        payload: The transaction.
        tail: How many of the last bytes have to come together, and not alone.
    """
    whole = path + payload
    size = next(size for size in range(_LARGEST_PART, 0, -1) if (len(whole) % size or size) > tail)
    for start in range(0, len(whole), size):
        yield whole[start : start + size]


def _tail(unsigned: UnsignedTransaction) -> int:
    """The bytes at the end of a legacy transaction that name its chain (EIP-155).

    The app takes a part that ends right before them for the whole transaction, of no chain.
    """
    return len(rlp(unsigned.chain_id)) + 2 if unsigned.type == LEGACY else 0


def _path_bytes(path: str) -> bytes:
    found = _PATH.fullmatch(path)
    if not found:
        raise BadSignerName("ledger", reason="a derivation path is written like 44'/60'/0'/0/0")
    steps = found[1].split("/")
    numbers = [int(step.rstrip("'h")) for step in steps]
    if max(numbers) >= _HARDENED:
        raise BadSignerName("ledger", reason="a step of the derivation path is too large")
    hardened = (_HARDENED if step[-1] in "'h" else 0 for step in steps)
    made = (number | bit for number, bit in zip(numbers, hardened, strict=True))
    return bytes([len(steps)]) + b"".join(step.to_bytes(4) for step in made)
