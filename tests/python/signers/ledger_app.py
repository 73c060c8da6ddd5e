"""The Ethereum app of a Ledger device, as its interface is described, with a real key.

The app reads a transaction while it comes in, as the device does: a legacy one that ends with its
sixth field is taken for complete, and of no chain.
"""

from __future__ import annotations

import rlp
from coincurve import PrivateKey
from eth_hash.auto import keccak
from vectors import ADDRESS, KEY

DECLINED, BLIND, LOCKED, NOT_OPEN = 0x6985, 0x6A80, 0x5515, 0x6E00


class CommException(Exception):  # noqa: N818 - the library's name
    """What the library raises for any other status than 9000."""

    def __init__(self, message, sw=0x6F00, data=None):
        super().__init__(message)
        self.sw, self.data = sw, data


class EthereumApp:
    """A device; `exchange` is what the library's transport does."""

    def __init__(self, key=KEY, path=(44 | 1 << 31, 60 | 1 << 31, 1 << 31, 0, 0)):
        self.key = PrivateKey.from_hex(key)
        self.path = bytes([len(path)]) + b"".join(step.to_bytes(4) for step in path)
        self.status = None
        self.received = None
        self.commands = []

    def exchange(self, apdu):
        self.commands.append(bytes(apdu))
        if self.status:
            raise CommException(f"Invalid status {self.status:04x}", self.status)
        kind, instruction, first, second, length = apdu[:5]
        content = bytes(apdu[5:])
        if kind != 0xE0 or len(content) != length or second:
            raise CommException("Invalid status 6700", 0x6700)
        return bytearray(self._answers[instruction](self, first, content))

    def _address(self, _, content):
        assert content == self.path
        point = self.key.public_key.format(compressed=False)
        return bytes([65]) + point + bytes([40]) + ADDRESS[2:].encode()

    def _transaction(self, first, content):
        if first == 0x00:
            assert content.startswith(self.path)
            self.received, content = b"", content[len(self.path) :]
        elif self.received is None:
            raise CommException("Invalid status 6985", 0x6985)
        self.received += content
        if not self._complete():
            return b""
        payload, self.received = self.received, None
        return self._signed(keccak(payload), 27)

    def _message(self, first, content):
        assert first == 0x00
        assert content.startswith(self.path)
        domain, message = content[-64:-32], content[-32:]
        assert len(content) == len(self.path) + 64
        return self._signed(keccak(b"\x19\x01" + domain + message), 27)

    def _complete(self):
        typed = self.received[0] < 0x80
        body = self.received[1:] if typed else self.received
        prefix, _, length, _ = rlp.codec.consume_length_prefix(body, 0)
        if len(prefix) + length == len(body):
            return True
        return not typed and self._ends_with_sixth_field(body, len(prefix))

    def _ends_with_sixth_field(self, body, start):
        for _ in range(6):
            if start >= len(body):
                return False
            _, _, length, begin = rlp.codec.consume_length_prefix(body, start)
            start = begin + length
        return start == len(body)

    def _signed(self, digest, base):
        made = self.key.sign_recoverable(digest, hasher=None)
        return bytes([base + made[64]]) + made[:64]

    _answers = {0x02: _address, 0x04: _transaction, 0x0C: _message}  # noqa: RUF012 - never changed
