"""Three ways to pass vouchers on, one transaction for each.

How most people do it, ours, and the fastest that the node could take.
"""

from __future__ import annotations

import time
import warnings
from itertools import count
from typing import TYPE_CHECKING, Any

from eth_account import Account

from duebill import artifacts
from duebill._abi import ledger_abi
from duebill.bulk import RowStatus
from duebill.chain import Rpc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from duebill.bulk import Batch
    from duebill.model import VoucherId
    from duebill.node_accounts import NodeAccount
    from scripts.throughput.stage import Stage

_WHOLE = "safeTransferFrom(address,address,uint256)"
_PHRASE = "test test test test test test test test test test test junk"
_GAS = 100_000
_GWEI = 10**9
_TOGETHER = 100
_numbers = count(1)


def naive(stage: Stage, vouchers: Sequence[VoucherId], giver: int) -> float:
    """A loop of web3.py: build, sign, send, wait; gives transfers per second.

    It asks for the receipt every ten milliseconds, ten times as often as web3 does unasked.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        from web3 import HTTPProvider, Web3  # noqa: PLC0415 - takes a second

    web3 = Web3(HTTPProvider(stage.url))
    Account.enable_unaudited_hdwallet_features()
    path = f"m/44'/60'/0'/0/{giver + 2}"
    account = Account.from_mnemonic(_PHRASE, account_path=path)
    taker = stage.holders[1 - giver].address
    abi: Any = artifacts.load("IReceivableLedger").abi
    contract = web3.eth.contract(address=_address(stage), abi=abi)
    transfer = contract.get_function_by_signature(_WHOLE)
    began = time.perf_counter()
    for voucher in vouchers:
        nonce = web3.eth.get_transaction_count(account.address)
        call = transfer(account.address, taker, voucher.number)
        fields = call.build_transaction({"from": account.address, "nonce": nonce})
        raw = account.sign_transaction(fields).raw_transaction
        sent = web3.eth.send_raw_transaction(raw)
        receipt = web3.eth.wait_for_transaction_receipt(sent, poll_latency=0.01)
        _require(receipt["status"] == 1)
    return len(vouchers) / (time.perf_counter() - began)


def ours(stage: Stage, vouchers: Sequence[VoucherId], giver: int, *, alone: bool = True) -> float:
    """`transfer_many`, from the table to the last result, journal and trial included."""
    taker = stage.holders[1 - giver].address
    rows = ({"voucher": voucher, "to": taker} for voucher in vouchers)
    began = time.perf_counter()
    holder = stage.ledger.supplier(stage.holders[giver])
    batch = holder.transfer_many(rows, reference=_fresh(), alone=alone)
    return _carried_out(batch, len(vouchers), began)


def issued(stage: Stage, rows: int) -> float:
    """`issue_many`, as many in each transaction as its gas allows."""
    terms = stage.terms(rows)
    began = time.perf_counter()
    batch = stage.ledger.obligor(stage.obligor).issue_many(terms, reference=_fresh())
    return _carried_out(batch, rows, began)


def ceiling(stage: Stage, vouchers: Sequence[VoucherId], giver: int) -> float:
    """Signed beforehand, sent in batches, nothing written down: what the node itself can do."""
    signer = stage.holders[giver]
    rpc = Rpc(stage.url)
    first = int(rpc.request("eth_getTransactionCount", signer.address, "latest"), 16)
    raws = _signed(stage, vouchers, signer, stage.holders[1 - giver], first)
    began = time.perf_counter()
    for start in range(0, len(raws), _TOGETHER):
        rpc.request_all(
            "eth_sendRawTransaction", [[raw] for raw in raws[start : start + _TOGETHER]]
        )
    while int(rpc.request("eth_getTransactionCount", signer.address, "latest"), 16) < first + len(
        raws
    ):
        time.sleep(0.005)
    return len(vouchers) / (time.perf_counter() - began)


def _signed(
    stage: Stage,
    vouchers: Sequence[VoucherId],
    giver: NodeAccount,
    taker: NodeAccount,
    first: int,
) -> list[str]:
    fields = {
        "chainId": stage.ledger.chain_id,
        "to": stage.ledger.address,
        "value": 0,
        "gas": _GAS,
        "type": 2,
        "maxFeePerGas": 10 * _GWEI,
        "maxPriorityFeePerGas": 1,
    }
    made = []
    for nonce, voucher in enumerate(vouchers, start=first):
        data = ledger_abi().encode(_WHOLE, giver.address, taker.address, voucher.number)
        raw = giver.sign_transaction({**fields, "nonce": nonce, "data": "0x" + data.hex()})
        made.append("0x" + raw.hex())
    return made


def _carried_out(batch: Batch, rows: int, began: float) -> float:
    counts = batch.wait()
    seconds = time.perf_counter() - began
    _require(counts == {RowStatus.DONE: rows})
    return rows / seconds


def _fresh() -> str:
    return f"throughput-{next(_numbers)}"


def _address(stage: Stage) -> Any:
    return stage.ledger.address


def _require(it: bool) -> None:  # noqa: FBT001 - as assert has it
    if not it:
        raise RuntimeError("not everything was carried out: the figure would mean nothing")
