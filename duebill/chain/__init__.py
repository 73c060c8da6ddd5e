"""The only module that talks to the chain.

`Chain` is a connection to one chain through one node; `Transaction` is the handle on what was sent.
Nodes are asked in `_rpc` alone.

A transaction's way: the chain's id is asked for, the call is estimated (a refusal is raised there,
decoded, and nothing is signed), it is signed for a nonce that nobody holds, written into the journal
with its hash and its bytes, and sent. What is sent again, or signed again with a higher fee, is the
same intent with the same nonce: it is done once (`docs/exactly-once.md`).
"""

from __future__ import annotations

from duebill.chain._answers import Block
from duebill.chain._batch import Write
from duebill.chain._chain import Chain
from duebill.chain._fees import FeeLimits
from duebill.chain._follow import Following
from duebill.chain._pipeline import Landed, Pipeline
from duebill.chain._rpc import Rpc
from duebill.chain._transaction import Held, Prepared, Transaction
from duebill.chain._trial import Trial, try_out

__all__ = [
    "Block",
    "Chain",
    "FeeLimits",
    "Following",
    "Held",
    "Landed",
    "Pipeline",
    "Prepared",
    "Rpc",
    "Transaction",
    "Trial",
    "Write",
    "try_out",
]
