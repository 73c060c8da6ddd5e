"""Replay of real history: what a firm's books say, lived through on a chain.

```python
from duebill.replay import read_history, replay

found = replay(read_history("receivables.csv", currency="USD"))
print(found.agrees, found.chain.late_rate)
```
"""

from __future__ import annotations

from duebill.replay._figures import BUCKET_NAMES, Figures, Quarter, figures_of
from duebill.replay._history import PastInvoice, read_history
from duebill.replay._play import Replayed, replay

__all__ = [
    "BUCKET_NAMES",
    "Figures",
    "PastInvoice",
    "Quarter",
    "Replayed",
    "figures_of",
    "read_history",
    "replay",
]
