"""What was sent, written down before it is sent.

The journal holds, for every write, what was wanted (the intent, under the client's own reference),
each signed transaction that may carry it out, and what became of it. Each step is committed before
the next one begins, so that whoever is killed anywhere finds everything here that can be on its way.

`duebill.chain` alone writes into it. It keeps two promises by itself, whatever processes share it:
a reference stands for one intent, and a nonce of an account is held by one intent.

| stage | means | what comes next |
| --- | --- | --- |
| prepared | it holds a nonce; it is signed elsewhere | sent, released |
| sent | a signed transaction is recorded and may be anywhere | done, reverted, released, and again sent |
| released | refused by the node, or its nonce was filled elsewhere: it holds none | sent |
| done | in a block that is final | sent, should that block leave the chain all the same |
| reverted | as done; without effect, with the contract's answer | as done |
"""

from __future__ import annotations

from duebill.journal._entry import Attempt, Ceiling, Draft, Entry, Settled, Stage, checked_reference
from duebill.journal._place import journal_place
from duebill.journal._store import Collision, Exceeded, Journal

__all__ = [
    "Attempt",
    "Ceiling",
    "Collision",
    "Draft",
    "Entry",
    "Exceeded",
    "Journal",
    "Settled",
    "Stage",
    "checked_reference",
    "journal_place",
]
