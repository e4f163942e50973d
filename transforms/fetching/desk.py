"""Desk: what is watched, what is to be asked next, and what follows from each answer.

It reads no clock and opens no socket: tasks are taken from it, done elsewhere, and settled here, by one thread. What
an answer brings goes to the landing archive first, and only then counts as known.
"""

import dataclasses
import datetime
from collections import Counter
from collections.abc import Callable, Iterable

from schemas.documents import Feed, Link
from schemas.rejects import Rejected
from transforms.fetching.agenda import Agenda, Task
from transforms.fetching.answers import answer_feed, answer_refusal, answer_unchanged
from transforms.fetching.carried import Archive, Carried
from transforms.fetching.pace import TooSoon
from transforms.fetching.polls import Fetched, Polled
from transforms.fetching.retries import is_passing
from transforms.fetching.schedule import Answer, FeedState, Plan, new_feed, observe, plan
from transforms.fetching.seen import SeenEntry, entry_key, finish, sort_entries, try_later
from transforms.fetching.store import Changes, FeedStore
from transforms.fetching.unsaved import Unsaved
from transforms.reading.feeds import MAX_ENTRIES
from transforms.reading.history import LandedEnd
from transforms.reading.links import fault_of, faults_of, links_of


class Desk:
    """The state of monitoring."""

    def __init__(
        self,
        store: FeedStore,
        archive: Archive,
        *,
        poll_interval: float,
        site_of: Callable[[str], str],
        ready_at: Callable[[str], float],
        until: float | None = None,
    ) -> None:
        """Take up where the store left off; `watch` says which feeds.

        Args:
            store: What is known so far; only read here.
            archive: Where answers are landed.
            poll_interval: How often a usual feed is asked.
            site_of: Gives the site of a URL, of which one thing is asked at a time.
            ready_at: Says when a site may be asked next.
            until: What is due later than then is left to another desk, but for what a poll of this one leads to.
        """
        self._archive, self._poll_interval, self._until = archive, poll_interval, until
        self._site_of = site_of
        self._unsaved = Unsaved(store)
        self._agenda = Agenda(ready_at)
        self._feeds: dict[str, Feed] = {}
        self._dirty: set[str] = set()
        self._carried = Carried(archive)
        self.states = store.feeds()
        # Since the start: new and changed entries, and how polls ended.
        self.entries = 0
        self.answers: Counter[str] = Counter()
        for entry in store.waiting():
            if not self._is_left(entry.due_at):
                self._put_page(entry)

    @property
    def feeds(self) -> dict[str, Feed]:
        """The feeds that are watched, by address."""
        return self._feeds

    @property
    def poll_interval(self) -> float:
        """How often a usual feed is asked."""
        return self._poll_interval

    @property
    def waiting(self) -> int:
        """How many pages are to be fetched, those under way apart."""
        return self._agenda.pages

    def watch(self, feeds: Iterable[Feed]) -> None:
        """Watch these feeds and no others from now on."""
        before, self._feeds = self._feeds, {feed.url: feed for feed in feeds}
        for url, feed in self._feeds.items():
            if url not in self.states:
                self.states[url] = new_feed(feed)
            if before.get(url) != feed:
                self._put_poll(feed)

    def plan(self, url: str) -> Plan:
        """Say when a feed is asked next, and why."""
        feed = self._feeds.get(url)
        return plan(self.states[url], self._poll_interval, feed.interval if feed else None)

    def lag(self, now: float) -> float:
        """Say for how long the feed that is most overdue should have been asked already."""
        planned = (self.plan(url).at for url in self._feeds if self.states[url].asked_at is not None)
        return max((now - at for at in planned if at is not None and at < now), default=0.0)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to ask, those under way apart."""
        return not (self._agenda.polls or self._agenda.pages)

    def next_at(self) -> float | None:
        """Say when there may be something to ask; None where that depends on what is being asked."""
        return self._agenda.next_at()

    def take(self, now: float, *, with_pages: bool = True) -> Task | None:
        """Take out what may be asked now, if there is anything; it is to be settled, whatever comes of it."""
        while task := self._agenda.take(now, with_pages=with_pages):
            if self._is_current(task):
                return task
            self._agenda.done(task)
        return None

    def _is_current(self, task: Task) -> bool:
        if task.feed:
            at = self.plan(task.feed.url).at
            return self._feeds.get(task.feed.url) == task.feed and at is not None and at <= task.at
        assert task.entry is not None
        return self._unsaved.entry(task.entry.feed, task.entry.key) == task.entry

    def settle_poll(self, task: Task, polled: Polled) -> None:
        """Draw the consequences of a poll: what is known of the feed, and which pages are to be fetched."""
        assert task.feed is not None
        if isinstance(polled.error, TooSoon):
            # Nothing was asked: another request to the site came in between.
            self._agenda.done(task)
            self._agenda.put(dataclasses.replace(task, at=polled.at + (polled.error.retry_after or 0.0)))
            return
        answer = self._settle(task.feed, polled)
        self.answers[answer.kind.value] += 1
        self._agenda.done(task)
        if self._feeds.get(task.feed.url) == task.feed:
            self._put_poll(task.feed)

    def _settle(self, feed: Feed, polled: Polled) -> Answer:
        state = self.states[feed.url]
        if polled.error:
            answer = answer_refusal(polled.error, polled.at)
            state = self._note_fault(feed, state, polled, polled.error)
        elif polled.parsed is None:
            assert polled.response is not None
            answer = answer_unchanged(state, polled.response, polled.at)
            self._carried.add(feed.url, polled.exchanges)
        else:
            answer, state = self._settle_feed(feed, state, polled)
        self.states[feed.url] = observe(state, answer)
        self._dirty.add(feed.url)
        return answer

    def _settle_feed(self, feed: Feed, state: FeedState, polled: Polled) -> tuple[Answer, FeedState]:
        assert polled.parsed is not None and polled.response is not None and polled.digest is not None
        links = links_of(polled.parsed, feed)
        found = sort_entries(links, self._unsaved.entries(feed.url), self._unsaved.holds, feed.url, polled.at)
        self._carried.land()
        self._archive.add_feed(feed.url, polled.exchanges)
        self._unsaved.put((*found.fresh, *found.others))
        for entry in found.fresh:
            self._begin_entry(entry, feed)
        new = len(found.fresh) + found.duplicates
        self.entries += new
        noted = self._note_faults_of(feed, state, polled)
        state = dataclasses.replace(state, duplicates=state.duplicates + found.duplicates, noted=noted)
        return answer_feed(polled.response, polled.at, polled.parsed, polled.digest, new), state

    def _begin_entry(self, entry: SeenEntry, feed: Feed) -> None:
        assert entry.link is not None
        at = _moment(entry.taken_at)
        if error := fault_of(entry.link):
            self._archive.add_refusal(entry.link, at, error, stage="read")
        elif entry.link.url and (feed.full_text or not entry.link.content):
            self._put_page(entry)
            return
        else:
            self._archive.add_entry(entry.link, at)
        self._unsaved.put([finish(entry)])

    def _note_fault(self, feed: Feed, state: FeedState, polled: Polled, error: Rejected) -> FeedState:
        """Make one reject of what is wrong with a feed, and no more of it until it was right again."""
        if is_passing(error) or error.reason in state.noted.split():
            self._carried.add(feed.url, polled.exchanges)
            return state
        self._carried.land()
        link = Link(url=feed.url, feed_url=feed.url, title=feed.title)
        # Where it is what was answered that cannot be read, the archive is to have it too.
        error.exchanges = polled.exchanges
        self._archive.add_refusal(link, _moment(polled.at), error, stage="read" if polled.response else "fetch")
        return dataclasses.replace(state, noted=f"{state.noted} {error.reason}".strip())

    def _note_faults_of(self, feed: Feed, state: FeedState, polled: Polled) -> str:
        assert polled.parsed is not None
        faults = faults_of(polled.parsed, MAX_ENTRIES)
        for error in faults:
            if error.reason not in state.noted.split():
                link = Link(url=feed.url, feed_url=feed.url, title=feed.title)
                self._archive.add_refusal(link, _moment(polled.at), error, stage="read")
        return " ".join(error.reason for error in faults)

    def settle_page(self, task: Task, fetched: Fetched) -> None:
        """Draw the consequences of asking for a page: it is landed, refused, or tried again later."""
        entry = task.entry
        assert entry is not None and entry.link is not None
        self._agenda.done(task)
        if self._unsaved.entry(entry.feed, entry.key) != entry:
            # The feed showed a newer version meanwhile, which is fetched for itself.
            return
        if fetched.response:
            self._carried.land()
            self._archive.add_page(entry.link, fetched.response.exchanges)
        else:
            assert fetched.error is not None
            if self._try_later(entry, fetched.error, fetched.at):
                return
            self._refuse(entry.link, fetched.error, fetched.at)
        self._unsaved.put([finish(entry)])

    def _try_later(self, entry: SeenEntry, error: Rejected, at: float) -> bool:
        if isinstance(error, TooSoon):
            put_off = dataclasses.replace(entry, due_at=at + (error.retry_after or 0.0))
            self._unsaved.put([put_off])
            self._put_page(put_off)
            return True
        if not is_passing(error):
            return False
        later = try_later(entry, at, pause=self._poll_interval, retry_after=error.retry_after)
        if later is None:
            return False
        self._carried.add(entry.feed, error.exchanges)
        self._unsaved.put([later])
        if not self._is_left(later.due_at):
            self._put_page(later)
        return True

    def _refuse(self, link: Link, error: Rejected, at: float) -> None:
        self._carried.land()
        if link.content:
            self._archive.add_entry(link, _moment(at), error=error)
        else:
            self._archive.add_refusal(link, _moment(at), error)

    def replay_poll(self, polled: Polled, feed: Feed) -> None:
        """Draw the consequences of a poll that an archive tells of, unless a later one is known."""
        state = self.states.setdefault(feed.url, new_feed(feed))
        if state.asked_at is None or polled.at > state.asked_at:
            self._settle(feed, polled)

    def replay_end(self, end: LandedEnd, feed: Feed) -> None:
        """Draw the consequences of a link's end that an archive tells of."""
        state = self.states.setdefault(feed.url, new_feed(feed))
        entry = self._unsaved.entry(feed.url, entry_key(end.link))
        if entry and entry.link:
            self._unsaved.put([finish(entry)])
        elif end.reason and end.link.url == feed.url and end.reason not in state.noted.split():
            noted = f"{state.noted} {end.reason}".strip()
            self.states[feed.url] = dataclasses.replace(state, noted=noted)
            self._dirty.add(feed.url)

    def _put_poll(self, feed: Feed) -> None:
        state = self.states[feed.url]
        at = self.plan(feed.url).at
        if at is not None and not self._is_left(at):
            self._agenda.put(Task(self._site_of(state.address), state.address, at, feed=feed))

    def _is_left(self, at: float) -> bool:
        return self._until is not None and at > self._until

    def _put_page(self, entry: SeenEntry) -> None:
        assert entry.link is not None and entry.link.url is not None
        self._agenda.put(Task(self._site_of(entry.link.url), entry.link.url, entry.due_at, entry=entry))

    def close_batch(self) -> tuple[int, Changes]:
        """End a batch: give its number, and all that changed since the last one, to be saved with what was landed."""
        batch, entries = self._unsaved.close_batch()
        feeds = tuple(self.states[url] for url in sorted(self._dirty))
        self._dirty.clear()
        return batch, Changes(feeds, entries)

    def saved(self, batch: int) -> None:
        """Take note that a batch was saved."""
        self._unsaved.saved(batch)


def _moment(at: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at, datetime.UTC)
