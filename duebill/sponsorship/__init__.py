"""No ether needed: an account signs, somebody else brings what it signed and pays.

```python
from duebill.sponsorship import Budget, Delegation, Intent, Sponsor

# Once: the account takes the shipped code (EIP-7702).
delegation = Delegation.signed(key, code=code, chain_id=chain, nonce=0)
# For each thing that it wants done: tried out, put into words, signed.
trial = ledger.supplier(key).simulate
trial.transfer("3fa2/1", financier, value="250000.00")
intent = Intent.drafted(trial.calls, account=key.address, deadline=soon, chain_id=chain).sign(key)

sponsor = Sponsor(ledger, platform, budget=Budget(wei=10**16))
sponsor.delegate(delegation)
sponsor.relay(intent).wait()
```

See docs/sponsorship.md.
"""

from __future__ import annotations

from duebill.sponsorship._delegation import Delegation, Delegator, delegated_to
from duebill.sponsorship._intent import Intent, SignedIntent
from duebill.sponsorship._sponsor import Budget, Sponsor

__all__ = [
    "Budget",
    "Delegation",
    "Delegator",
    "Intent",
    "SignedIntent",
    "Sponsor",
    "delegated_to",
]
