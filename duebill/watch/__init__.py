"""Alert rules over a ledger's events.

```python
import duebill
from duebill.watch import Watch, load_rules

watch = Watch(duebill.connect(), load_rules(config="thresholds.toml"))
for it in watch.once():
    print(it)
```

A `Rule` is a small dataclass that looks at a `View` of the ledger after each block and gives `Alert`s
with the events that show them. What it tells follows from the chain alone: the same chain gives the
same alerts, whenever and however often it is read. docs/supervision.md lists the rules that come with
Duebill and shows how one writes one's own.
"""

from __future__ import annotations

from duebill.watch._alert import Alert, EventRef, Happened, Severity, Withdrawn
from duebill.watch._export import export
from duebill.watch._exposure import Exposure
from duebill.watch._invoices import Invoices
from duebill.watch._kept import KeptEvents, ReadBlock
from duebill.watch._record import Record
from duebill.watch._rule import Rule
from duebill.watch._rules import BUILT_IN, load_rules, thresholds
from duebill.watch._view import Step, View
from duebill.watch._watch import Watch

__all__ = [
    "BUILT_IN",
    "Alert",
    "EventRef",
    "Exposure",
    "Happened",
    "Invoices",
    "KeptEvents",
    "ReadBlock",
    "Record",
    "Rule",
    "Severity",
    "Step",
    "View",
    "Watch",
    "Withdrawn",
    "export",
    "load_rules",
    "thresholds",
]
