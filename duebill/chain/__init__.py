"""The only module that talks to the chain.

`Chain` is a connection to one chain through one node; `Transaction` is the handle on what was sent.
What web3 gives stays inside: nothing of it crosses this package's border.

A transaction's way: the chain's id is asked for, the call is estimated (a refusal is raised there,
decoded, and nothing is signed), a nonce is taken under the account's lock, the transaction is
signed, its hash is known, it is sent. Nothing is ever signed twice for one call: after a broken
connection the same bytes are sent again, or the hash is handed back.
"""

from __future__ import annotations

from duebill.chain._answers import Block
from duebill.chain._chain import Chain
from duebill.chain._follow import Following
from duebill.chain._transaction import Transaction

__all__ = ["Block", "Chain", "Following", "Transaction"]
