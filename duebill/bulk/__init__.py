"""Many operations from one table: checked whole, packed by gas, sent together, each done once.

```python
batch = supplier.transfer_many("payments.csv", reference="payments-2030-01")
for result in batch:
    print(result.row, result.status, result.id)
```

The roles' methods with `_many` make batches. The same table under the same reference again finds
what was done, and does the rest; docs/bulk.md lists columns and results.
"""

from __future__ import annotations

from duebill.bulk._batch import Batch
from duebill.bulk._begin import Options
from duebill.bulk._cells import Problem
from duebill.bulk._results import RowResult, RowStatus

__all__ = ["Batch", "Options", "Problem", "RowResult", "RowStatus"]
