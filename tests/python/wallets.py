"""A contract wallet on the chain of the tests, compiled from the mocks."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from duebill import _build
from duebill._abi import checked_address
from duebill.chain._rpc import Rpc

if TYPE_CHECKING:
    from duebill.model import Address

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "contracts/mocks/ExecutingWallet.sol"


def creation_code() -> bytes:
    """The wallet's creation code, without what its constructor is given."""
    settings = {**_build.compiler_settings(ROOT), "viaIR": False}
    sources = _build._with_imports(ROOT, [SOURCE], settings["remappings"])
    content = {
        "language": "Solidity",
        "sources": {name: {"content": text} for name, text in sources.items()},
        "settings": {**settings, "outputSelection": {SOURCE: {"*": ["evm.bytecode.object"]}}},
    }
    made = _build._compile(ROOT, content)["contracts"][SOURCE]["ExecutingWallet"]
    return bytes.fromhex(made["evm"]["bytecode"]["object"])


def put_wallet(url: str, code: bytes, *, owner: Address, payer: Address) -> Address:
    """Deploy a wallet that obeys an owner's key."""
    data = code + bytes(12) + bytes.fromhex(owner[2:])
    call = {"from": payer, "data": "0x" + data.hex(), "gas": hex(5_000_000)}
    rpc = Rpc(url)
    hash_ = rpc.request("eth_sendTransaction", call)
    # Only the node's own block counts, and it answers before it has made it.
    while (receipt := rpc.request("eth_getTransactionReceipt", hash_)) is None:
        time.sleep(0.02)
    return checked_address(receipt["contractAddress"])
