"""A table whose rows are checked: what its user holds."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from duebill.bulk._cells import Problem
from duebill.bulk._results import RowResult
from duebill.bulk._run import Run, tried

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from duebill.bulk._job import Job
    from duebill.bulk._results import RowStatus


class Batch:
    """The rows of a table, checked and ready to be sent.

    Nothing is sent before the results are asked for: iterate over it, or call `wait`. The results
    come as the rows are done, which is roughly their order. Iterating again, in this process or in
    another one with the same table and reference, gives what was done and does the rest.

    Attributes:
        reference: The batch's name in the journal.
        count: How many rows will be sent.
    """

    def __init__(self, job: Job, *, simulated: bool) -> None:
        self.reference = job.reference
        self.count = job.spool.count()
        self._job = job
        self._simulated = simulated

    def __repr__(self) -> str:
        return f"<batch {self.reference}: {self._job.form.name} of {self.count:,} rows>"

    def __iter__(self) -> Iterator[RowResult]:
        for number, problems in self._job.spool.bad():
            yield RowResult.skipped(number, [Problem(**problem) for problem in problems])
        self._job.spool.reset()
        yield from tried(self._job) if self._simulated else Run(self._job).results()

    def wait(self, *, on_result: Callable[[RowResult], None] | None = None) -> Counter[RowStatus]:
        """Carry everything out; gives how many rows ended how.

        Args:
            on_result: Called with each row's result, as it comes.
        """
        counts: Counter[RowStatus] = Counter()
        for result in self:
            counts[result.status] += 1
            if on_result:
                on_result(result)
        return counts
