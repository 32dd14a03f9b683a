"""What learners do, as Hypothesis draws it: answers, undos, resets, settings, clocks set right."""

from __future__ import annotations

from hypothesis import strategies as st

from drops.events import Fact, Kind, Rating
from drops.store.corrections import Correction

ITEMS = ("a/x", "a/y", "b/x")

deeds = st.one_of(
    st.tuples(st.just("answer"), st.sampled_from(ITEMS), st.sampled_from(list(Rating)), st.integers(0, 9000)),
    st.tuples(
        st.just("practice"), st.sampled_from(ITEMS), st.sampled_from(list(Rating)), st.integers(0, 9000)
    ),
    st.tuples(st.just("mix up"), st.sampled_from(ITEMS), st.sampled_from(("no-bias", "relu-skipped"))),
    st.tuples(st.just("undo"), st.integers(0, 30)),
    st.tuples(st.just("reset"), st.sampled_from(("", *ITEMS))),
    st.tuples(st.just("suspend"), st.sampled_from(ITEMS), st.booleans()),
    st.tuples(st.just("setting"), st.sampled_from("mn"), st.integers(0, 3)),
    st.tuples(st.just("pass"), st.sampled_from(ITEMS)),
    st.tuples(
        st.just("set the clock right"), st.integers(0, 30), st.integers(0, 30), st.integers(-800, 800)
    ),
)


def fact_of(deed, log):
    match deed:
        case ("answer", item, rating, ms):
            return Fact(Kind.GRADED, item, rating, rating > 1, ms)
        case ("practice", item, rating, ms):
            return Fact(Kind.PRACTICE, item, rating, rating > 1, ms)
        case ("mix up", item, name):
            return Fact(Kind.PRACTICE, item, None, False, 100, payload={"misconceptions": [name]})
        case ("undo", number):
            events = log.events(voided=True)
            return Fact(Kind.VOID, target=events[number % len(events)].event_id) if events else None
        case ("reset", item):
            return Fact(Kind.RESET, item)
        case ("suspend", item, suspended):
            return Fact(Kind.SUSPEND, item, payload={"suspended": suspended})
        case ("setting", name, value):
            return Fact(Kind.SETTING, payload={"name": name, "value": value})
        case ("pass", item):
            return Fact(Kind.SESSION, item, payload={"passed": True})
        case ("set the clock right", first, last, days):
            events = log.events(voided=True)
            if not events:
                return None
            begin, end = events[first % len(events)], events[last % len(events)]
            return Correction(begin.device_id, begin.event_id, end.event_id, days).fact()


# A clock that may stand anywhere: days around, or years before and after.
clocks = st.floats(-3, 9) | st.sampled_from([-1100, -365, 365, 730, 1500])
