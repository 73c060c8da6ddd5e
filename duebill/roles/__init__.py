"""What each party may do, and nothing else.

A facade comes from the ledger and binds it to a signer: `ledger.supplier(signer)`. Every write
returns a `Transaction`; its `wait()` gives the `Outcome`, or raises the contract's refusal as a
`ContractError`. Refusals that the node foresees are raised at once, before anything is signed.

Every write can be tried out first: `supplier.simulate` is the same facade on a dry run. Its
methods have the same types, sign nothing and send nothing, and their transactions are done at
once: `supplier.simulate.redeem(id).wait().value` is what redeeming would pay.

Ids are accepted whole or by their first characters, as with git. Amounts are `Money`, or plain
decimals in the currency at hand; never floats.
"""

from __future__ import annotations

from duebill.roles._authorities import (
    Administrator,
    Enforcer,
    PayingAgent,
    Supervisor,
)
from duebill.roles._buyer import Buyer
from duebill.roles._holder import Holder, Issuer
from duebill.roles._parties import Financier, Guarantor, Obligor, Supplier
from duebill.roles._registrar import Registrar
from duebill.roles._role import Role
from duebill.roles._seller import Seller
from duebill.roles._verifier import Verifier

__all__ = [
    "Administrator",
    "Buyer",
    "Enforcer",
    "Financier",
    "Guarantor",
    "Holder",
    "Issuer",
    "Obligor",
    "PayingAgent",
    "Registrar",
    "Role",
    "Seller",
    "Supervisor",
    "Supplier",
    "Verifier",
]
