"""Invoices used once: what the invoice registry knows of each, and who uses how much of it.

```python
import duebill
from duebill.registry import load_keys

ledger = duebill.connect()
registry = ledger.registry(keys=load_keys())
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
from duebill.registry._secrets import draw_secret, load_keys, secrets_path

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
    "draw_secret",
    "key_message",
    "load_keys",
    "secrets_path",
]
