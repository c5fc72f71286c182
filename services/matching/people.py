"""Every supporter in memory, kept in step with the database.

Reading ten thousand supporters takes the best part of a second; reading those that changed takes a millisecond. The
database numbers every change. What other transactions committed is read once; what the present transaction wrote is
read too, but stays in doubt, and is read again by the next one: should it have been undone, it is undone here.
"""

from loti_contracts.delivery.database import Connection
from services.matching import store
from services.matching.candidates import Candidates


class People:
    """The supporters as the transaction sees them that called `refresh` last, under `store.one_at_a_time`."""

    def __init__(self) -> None:
        self.candidates = Candidates()
        self._committed = 0
        self._read = 0
        self._transaction = ""
        self._doubted: set[str] = set()

    async def refresh(self, tx: Connection, transaction: str) -> None:
        """Read what changed since the last look. `transaction` is what `one_at_a_time` gave back."""
        again: set[str] = set()
        if transaction != self._transaction:
            self._transaction, self._read = transaction, self._committed
            again, self._doubted = self._doubted, set()
        try:
            changed = await store.load_changed_supporters(tx, since=self._read, doubted=sorted(again))
        except BaseException:
            self._doubted |= again
            raise
        for one in changed:
            self.candidates.put(one.now)
            again.discard(one.now.supporter.id)
            self._read = max(self._read, one.position)
            if one.own:
                self._doubted.add(one.now.supporter.id)
            else:
                self._committed = max(self._committed, one.position)
        for id_ in again:  # it was new, and its transaction was undone
            self.candidates.remove(id_)

    def forget(self) -> None:
        """Start from nothing, as when the database is another."""
        self.__init__()  # type: ignore[misc]
