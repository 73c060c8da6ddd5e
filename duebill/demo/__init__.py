"""The demo: the whole life of a receivable on a private chain, told as it happens.

`play` starts a chain, deploys the contracts, and lets a buyer, three tiers of suppliers, a bank, a
guarantor, a registrar and a supervisor act through the client, from an invoice through sale, pledge
and default to books that close at zero.
Nothing is staged: every number comes from the chain. What is told goes to a `Narrator`; the result
is data.
"""

from __future__ import annotations

from duebill.demo._narrator import Narrator, Silent, Standing
from duebill.demo._play import play
from duebill.demo._result import Result

__all__ = ["Narrator", "Result", "Silent", "Standing", "play"]
