"""Who the parties of these tests are, and how roles are given to accounts."""

from __future__ import annotations

from dataclasses import dataclass

from duebill._abi import events_abi, manager_abi
from duebill._actions import NOTHING, Action
from duebill.chain import Chain
from duebill.documents import text_hash
from duebill.identifiers import Identifier
from duebill.node_accounts import NodeAccount

# Whose key the contract wallet of these tests obeys.
OWNER = NodeAccount(7)
KEY = bytes(range(32))
SUPPLIER = Identifier.parse("lei:984500AURM0T0RAG2644").keyed_hash(KEY)
OTHER = Identifier.parse("fr-siren:552008443").keyed_hash(KEY)
ORDER = text_hash("board resolution 7: the key of the supplier is lost")
DAY = 86_400


@dataclass(frozen=True)
class Offices:
    """Gives roles to accounts, as the admin of the deployment."""

    url: str
    manager: str
    admin: NodeAccount

    def grant(self, role: int, who: NodeAccount, *, delay: int = 0) -> None:
        data = manager_abi().encode("grantRole", int(role), who.address, delay)
        action = Action(to=self.manager, data=data, decode=lambda _: None, answer=NOTHING)
        Chain(self.url, abi=events_abi()).submit(action, signer=self.admin).wait()
