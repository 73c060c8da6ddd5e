"""Every error that Duebill raises on purpose.

```
DuebillError
├── NodeError
│   ├── NodeNotInstalled        no anvil anywhere
│   ├── NodeNotStarted
│   ├── NodeAlreadyRunning
│   ├── ForeignProcess          the pid file's process is another one by now
│   └── NodeNotStopped
├── DeploymentError
│   ├── UnreadablePlan
│   ├── BadPlan                 every problem with its key
│   ├── PlanForOtherChain
│   ├── NoDeployer              the deterministic deployer is not on the chain
│   ├── DeploymentDiffers       the chain says otherwise than the plan
│   ├── DeployerPowerless       only an admin can add what is missing
│   ├── CodeDiffers             other code than the artifact's
│   ├── NoAddressBook
│   └── BadAddressBook
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
from duebill.errors._deployment import (
    BadAddressBook,
    BadPlan,
    CodeDiffers,
    DeployerPowerless,
    DeploymentDiffers,
    DeploymentError,
    NoAddressBook,
    NoDeployer,
    PlanForOtherChain,
    UnreadablePlan,
)
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
from duebill.errors._node import (
    ForeignProcess,
    NodeAlreadyRunning,
    NodeError,
    NodeNotInstalled,
    NodeNotStarted,
    NodeNotStopped,
)

__all__ = [
    "BadAddressBook",
    "BadAmount",
    "BadCurrency",
    "BadDate",
    "BadEncoding",
    "BadField",
    "BadPlan",
    "CodeDiffers",
    "CreditNote",
    "DeployerPowerless",
    "DeploymentDiffers",
    "DeploymentError",
    "DuebillError",
    "ForbiddenXml",
    "ForeignProcess",
    "HostileInvoice",
    "InvoiceError",
    "InvoiceTooLarge",
    "MalformedInvoice",
    "MissingField",
    "MixedContent",
    "NoAddressBook",
    "NoDeployer",
    "NodeAlreadyRunning",
    "NodeError",
    "NodeNotInstalled",
    "NodeNotStarted",
    "NodeNotStopped",
    "NotAnInvoice",
    "NotPayable",
    "NotWellFormed",
    "NothingToPay",
    "PlanForOtherChain",
    "ProFormaInvoice",
    "RepeatedField",
    "UnreadableInvoice",
    "UnreadablePlan",
]
