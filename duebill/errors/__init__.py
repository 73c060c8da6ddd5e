"""Every error that Duebill raises on purpose.

```
DuebillError
└── InvoiceError
    ├── UnreadableInvoice       missing, a folder, a pipe, no permission
    ├── NotAnInvoice            a PDF, another XML, another standard
    ├── HostileInvoice
    │   ├── ForbiddenXml        document type, entities, inclusions
    │   └── InvoiceTooLarge     bytes, depth, elements, length of a field
    ├── MalformedInvoice
    │   ├── NotWellFormed       the XML is broken
    │   ├── BadEncoding         unknown, contradictory or broken encoding
    │   ├── MissingField        a mandatory field is absent
    │   ├── RepeatedField       two values where the standard allows one
    │   ├── MixedContent        elements inside a field that is text
    │   └── BadField
    │       ├── BadAmount
    │       ├── BadDate
    │       └── BadCurrency
    └── NotPayable
        ├── CreditNote
        ├── ProFormaInvoice
        └── NothingToPay        zero or less is due
```

Each carries the fields of its case, a `message` that says what was wrong and a `hint` that says
what to do; `str()` gives both.
"""

from __future__ import annotations

from duebill.errors._base import DuebillError
from duebill.errors._invoice import (
    BadAmount,
    BadCurrency,
    BadDate,
    BadEncoding,
    BadField,
    CreditNote,
    ForbiddenXml,
    HostileInvoice,
    InvoiceError,
    InvoiceTooLarge,
    MalformedInvoice,
    MissingField,
    MixedContent,
    NotAnInvoice,
    NothingToPay,
    NotPayable,
    NotWellFormed,
    ProFormaInvoice,
    RepeatedField,
    UnreadableInvoice,
)

__all__ = [
    "BadAmount",
    "BadCurrency",
    "BadDate",
    "BadEncoding",
    "BadField",
    "CreditNote",
    "DuebillError",
    "ForbiddenXml",
    "HostileInvoice",
    "InvoiceError",
    "InvoiceTooLarge",
    "MalformedInvoice",
    "MissingField",
    "MixedContent",
    "NotAnInvoice",
    "NotPayable",
    "NotWellFormed",
    "NothingToPay",
    "ProFormaInvoice",
    "RepeatedField",
    "UnreadableInvoice",
]
