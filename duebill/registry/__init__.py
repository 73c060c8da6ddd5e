"""Invoices used once: what the invoice registry knows of each, and who uses how much of it.

```python
from duebill.registry import KeyRing, connect

registry = connect(url, address=where, keys=KeyRing(secret))
for row in registry.check(invoices):
    print(row.invoice.number, row.finding, row.left)
platform = registry.registrant(signer)
platform.register(invoices)
platform.use([(invoice, invoice.payable_amount)], ledger=ledger.address, receivable=id_).wait()
```

The registry never sees an invoice: it knows a key, which platforms with the consortium's secrets
make alike and nobody else can make at all. See docs/invoice-registry.md.
"""

from __future__ import annotations

from duebill.registry._batch import CheckedInvoice, Finding
from duebill.registry._deploy import deploy_gate, deploy_registry
from duebill.registry._keys import KeyRing, key_message
from duebill.registry._members import Consortium, Registrant
from duebill.registry._registry import InvoiceRegistry, InvoiceStanding, connect

__all__ = [
    "CheckedInvoice",
    "Consortium",
    "Finding",
    "InvoiceRegistry",
    "InvoiceStanding",
    "KeyRing",
    "Registrant",
    "connect",
    "deploy_gate",
    "deploy_registry",
    "key_message",
]
