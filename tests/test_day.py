"""A day of monitoring in simulated time: 5 % of the feeds fail, 1 % hang."""

import statistics

import pytest

from tests.simulated import World, make_feeds, simulate

DAY = 86_400.0


@pytest.mark.parametrize(
    ("count", "poll_interval", "least", "workers"),
    [(200, 900.0, 300.0, 8), pytest.param(5_000, 3_600.0, 300.0, 64, marks=pytest.mark.slow)],
)
def test_a_day_of_feeds(tmp_path, count, poll_interval, least, workers):
    world = World(make_feeds(count), least=least)
    course = simulate(world, tmp_path, seconds=DAY, workers=workers, poll_interval=poll_interval)
    states = course.desk.states.values()

    assert world.early == []
    assert world.unconditional == []
    # Every feed was asked, and no failing one stopped another.
    assert min(len(feed.asked) for feed in world.feeds.values()) >= 2
    assert statistics.quantiles(course.lags, n=100)[98] < 5.0
    assert max(course.lags) < 60.0

    # What was ever in a feed while it was polled came to its end or still waits.
    assert course.archive.landed["entries"] + course.archive.landed["pages"] + course.desk.waiting == sum(
        state.entries for state in states
    )
    # Lively feeds are asked oftener than quiet ones, sound ones oftener than failing ones.
    sound = [feed for feed in world.feeds.values() if feed.behaviour == "sound" and not feed.max_age]
    lively = statistics.mean(len(feed.asked) for feed in sound if feed.period < 2_000)
    quiet = statistics.mean(len(feed.asked) for feed in sound if feed.period > 100_000)
    failing = statistics.mean(len(feed.asked) for feed in world.feeds.values() if feed.behaviour != "sound")
    assert lively > 3 * quiet > 3 * failing
