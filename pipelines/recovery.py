"""Recovery: at its start a monitor takes up what the one before it left, however that ended."""

import pathlib
import posixpath
from collections.abc import Callable, Mapping

from pipelines.archives import NoArchive
from pipelines.exits import WarehouseDamaged
from pipelines.layout import Layout
from pipelines.publish import bring_state_up_to_date
from schemas.documents import Feed
from schemas.exchanges import Response
from schemas.rejects import HttpStatus
from transforms.fetching.desk import Desk
from transforms.fetching.landing import SUFFIX, recover_landings
from transforms.fetching.polls import Polled, read_poll
from transforms.fetching.schedule import FeedState, new_feed
from transforms.fetching.store import Changes, FeedStore, StateDamaged
from transforms.reading.feeds import ParsedFeed
from transforms.reading.history import LandedPoll, read_history
from transforms.segments import LANDED

_LOST = (
    "what was known of feeds is lost ({why}), and {missing} of the archives that it could be rebuilt from are gone, "
    "such as {example}. Restore {state} or the archives from a copy; or let go of what they would tell with "
    "--accept_lost_state: entries that feeds still show may then be fetched a second time, and are counted as "
    "duplicates where they are the same"
)


def open_state(layout: Layout, *, accept_lost: bool, say: Callable[[str], None]) -> FeedStore:
    """Open what is known of feeds, with empty tables where there is nothing to know or it has to be rebuilt.

    To be called under the lock.

    Raises:
        WarehouseDamaged: It is lost, and cannot be rebuilt as a whole.
    """
    why = "the file was deleted, or made anew"
    try:
        store = FeedStore(layout.state)
    except StateDamaged as error:
        # Only the caches beside it are made again at once.
        why = str(error)
        layout.state.unlink()
        bring_state_up_to_date(layout)
        store = FeedStore(layout.state)
    if store.exists():
        return store
    _check_archives(layout, why, accept_lost)
    if any(layout.landed.glob(f"*{SUFFIX}")):
        say(f"what was known of feeds is not there ({why}): it is rebuilt from {layout.landed}")
    store.clear()
    return store


def _check_archives(layout: Layout, why: str, accept_lost: bool) -> None:
    marks = filter(None, map(layout.read_mark, layout.stamps()))
    named = {part.path for mark in marks for part in mark.inputs if part.container == LANDED}
    missing = sorted(
        path
        for path in named
        if not pathlib.Path(path).exists() and not (layout.landed / posixpath.basename(path)).exists()
    )
    if missing and not accept_lost:
        raise WarehouseDamaged(_LOST.format(why=why, missing=len(missing), example=missing[0], state=layout.state))


def take_up(
    layout: Layout,
    store: FeedStore,
    feeds: Mapping[str, Feed],
    *,
    parse: Callable[[bytes], ParsedFeed],
    process: Callable[[pathlib.Path], None],
    say: Callable[[str], None],
) -> None:
    """Process what was landed and is not known of, and learn from it what feeds have shown.

    Args:
        layout: The warehouse.
        store: What is known; each archive is saved in it once it is processed.
        feeds: The feeds of the list, by address.
        parse: Reads a feed, in a sandbox.
        process: Turns an archive into rows, unless it was already.
        say: Tells the user a line.
    """
    for path in recover_landings(layout.landing, layout.landed):
        say(f"landed {path.name}, which a process had left unfinished")
    known = store.archives()
    left = sorted(path for path in layout.landed.glob(f"*{SUFFIX}") if path.name not in known)
    desk = Desk(store, NoArchive(), poll_interval=1.0, site_of=lambda url: url, ready_at=lambda site: 0.0, until=-1.0)
    for path in left:
        process(path)
        _replay(path, desk, feeds, parse)
        batch, changes = desk.close_batch()
        store.save(Changes(changes.feeds, changes.entries, (path.name,)))
        desk.saved(batch)
    if not store.exists():
        store.begin()
    elif left:
        say(f"took up {len(left)} archives that were landed and not processed to the end")


def _replay(path: pathlib.Path, desk: Desk, feeds: Mapping[str, Feed], parse: Callable[[bytes], ParsedFeed]) -> None:
    with path.open("rb") as stream:
        for event in read_history(stream):
            url = event.feed_url if isinstance(event, LandedPoll) else event.link.feed_url
            if url is None:
                continue
            feed = feeds.get(url) or Feed(url)
            if isinstance(event, LandedPoll):
                desk.replay_poll(_read_poll(event.response, desk.states.get(url) or new_feed(feed), parse), feed)
            else:
                desk.replay_end(event, feed)


def _read_poll(response: Response, state: FeedState, parse: Callable[[bytes], ParsedFeed]) -> Polled:
    if response.status in (200, 304):
        return read_poll(state, response, parse, response.fetched_at.timestamp())
    error = HttpStatus(f"HTTP status {response.status}")
    error.exchanges = response.exchanges
    return Polled(response.fetched_at.timestamp(), error=error)
