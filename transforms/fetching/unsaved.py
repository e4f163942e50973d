"""Unsaved: entries as they will be when all that is under way is saved, over what the store says."""

from collections import Counter
from collections.abc import Iterable, Mapping

from transforms.fetching.seen import SeenEntry
from transforms.fetching.store import FeedStore


class Unsaved:
    """Changes of entries that wait to be saved, in batches: each is saved when its landed archive is processed."""

    def __init__(self, store: FeedStore) -> None:
        """Take the store, which others write to."""
        self._store = store
        self._entries: dict[str, dict[str, tuple[SeenEntry, int]]] = {}
        self._addresses: Counter[str] = Counter()
        self._batch = 0

    def put(self, entries: Iterable[SeenEntry]) -> None:
        """Note entries as they are now."""
        for entry in entries:
            of_feed = self._entries.setdefault(entry.feed, {})
            before = of_feed.get(entry.key)
            if before is None and entry.address:
                self._addresses[entry.address] += 1
            of_feed[entry.key] = (entry, self._batch)

    def entries(self, feed: str) -> Mapping[str, SeenEntry]:
        """Give a feed's entries by key."""
        later = {key: entry for key, (entry, _) in self._entries.get(feed, {}).items()}
        return self._store.entries(feed) | later

    def entry(self, feed: str, key: str) -> SeenEntry | None:
        """Give one entry of a feed."""
        later = self._entries.get(feed, {}).get(key)
        return later[0] if later else self._store.entry(feed, key)

    def holds(self, address: str) -> bool:
        """Say whether any entry has this address."""
        return self._addresses[address] > 0 or self._store.holds(address)

    def close_batch(self) -> tuple[int, tuple[SeenEntry, ...]]:
        """End a batch; gives its number and what is to be saved with it."""
        batch = self._batch
        self._batch += 1
        changed = (entry for of_feed in self._entries.values() for entry, number in of_feed.values() if number == batch)
        return batch, tuple(changed)

    def saved(self, batch: int) -> None:
        """Let go of what was saved with this batch and those before it."""
        for feed, of_feed in list(self._entries.items()):
            for key, (entry, number) in list(of_feed.items()):
                if number <= batch:
                    del of_feed[key]
                    if entry.address:
                        self._addresses[entry.address] -= 1
                        if not self._addresses[entry.address]:
                            del self._addresses[entry.address]
            if not of_feed:
                del self._entries[feed]
