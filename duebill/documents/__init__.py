"""Documents: what commits to them on the chain, proves one of them, and seals them for readers.

```python
from duebill import documents

key = documents.new_key()
files = documents.read_folder("papers")
paper = documents.DocumentSet.of_invoice(invoice, key=key, files=files)
proof = paper.prove("invoice.due_date")
proof.verify(terms.documents_root)

store = documents.DocumentStore("sealed")
documents.pack(paper, store=store, readers=[ledger.party(bank).encryption_key])
found = documents.open_documents(paper.root, store=store, identity=identity)
```

Everything that can be guessed is keyed or salted. The parties of a receivable share one secret
`key` of 32 bytes and keep it with their documents. Nothing here talks to a chain. See
docs/documents.md.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from duebill.documents._commitments import (
    document_salt,
    documents_root,
    new_key,
    reference_hash,
    text_hash,
)

if TYPE_CHECKING:
    from duebill.documents._archive import (
        Finding,
        FoundFile,
        OpenedDocuments,
        grant,
        open_documents,
        pack,
    )
    from duebill.documents._entries import (
        DocumentFile,
        DocumentKind,
        Entry,
        Field,
        File,
        WholeInvoice,
        invoice_fields,
        read_folder,
    )
    from duebill.documents._proof import DocumentProof
    from duebill.documents._sealing import Identity, encryption_key_of, recipient_of
    from duebill.documents._set import DocumentSet
    from duebill.documents._store import DocumentStore

__all__ = [
    "DocumentFile",
    "DocumentKind",
    "DocumentProof",
    "DocumentSet",
    "DocumentStore",
    "Entry",
    "Field",
    "File",
    "Finding",
    "FoundFile",
    "Identity",
    "OpenedDocuments",
    "WholeInvoice",
    "document_salt",
    "documents_root",
    "encryption_key_of",
    "grant",
    "invoice_fields",
    "new_key",
    "open_documents",
    "pack",
    "read_folder",
    "recipient_of",
    "reference_hash",
    "text_hash",
]

# Where each public name lives. Hashing is needed everywhere, the rest by those who have documents.
_HOMES = {
    "_archive": (
        "Finding",
        "FoundFile",
        "OpenedDocuments",
        "grant",
        "open_documents",
        "pack",
    ),
    "_entries": (
        "DocumentFile",
        "DocumentKind",
        "Entry",
        "Field",
        "File",
        "WholeInvoice",
        "invoice_fields",
        "read_folder",
    ),
    "_proof": ("DocumentProof",),
    "_sealing": ("Identity", "encryption_key_of", "recipient_of"),
    "_set": ("DocumentSet",),
    "_store": ("DocumentStore",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
