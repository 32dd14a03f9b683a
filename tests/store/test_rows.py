"""Rows that others wrote."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drops.store.ids import next_id
from drops.store.rows import BadRow, StoredRow, canonical, checked, digest_of, seal
from drops.text import safe_text

ME = b"\7" * 16
GOOD = seal(
    StoredRow(
        b"\1" * 16,
        next_id(None, 10**15),
        b"\2" * 16,
        None,
        1,
        "drop/item",
        10**15,
        60,
        739_000,
        3,
        True,
        1200,
        '{"typed":"1"}',
        b"",
    )
)


def test_a_sound_row_becomes_this_learners_and_is_sealed_again():
    row = checked(GOOD, ME)
    assert row == seal(GOOD._replace(learner_id=ME))
    assert row.digest != GOOD.digest
    assert checked(row, ME) == row


@pytest.mark.parametrize("column", StoredRow._fields[:-1])
def test_a_digest_covers_every_column(column):
    value = getattr(GOOD, column)
    other = {bytes: b"\3" * 16, int: 2, bool: False, str: "x/y", type(None): b"\4" * 16}[type(value)]
    assert digest_of(GOOD._replace(**{column: other})) != GOOD.digest


HOSTILE = [
    ("learner_id", None, "learner_id is not 16 bytes"),
    ("learner_id", "1" * 16, "learner_id is not 16 bytes"),
    ("event_id", b"\1" * 15, "event_id is not 16 bytes"),
    ("event_id", b"\1" * 16, "the event id is no UUIDv7"),
    ("event_id", next_id(None, 9 * 10**18), "the event id lies beyond the year 2200"),
    ("device_id", 5, "device_id is not 16 bytes"),
    ("digest", b"", "digest is not 8 bytes"),
    ("kind", 0, "kind is not a whole number between 1 and 8"),
    ("kind", 9, "kind is not a whole number between 1 and 8"),
    ("kind", "1", "kind is not a whole number between 1 and 8"),
    ("kind", 5, "an undo without a target, or a target without an undo"),
    ("target_id", b"\1" * 16, "an undo without a target, or a target without an undo"),
    ("target_id", "x", "target_id is not 16 bytes"),
    ("item_key", None, "the item key is no text"),
    ("item_key", "../../x", "the item key is not of the form drop/item"),
    ("item_key", "a/\x1b[31m", "the item key is not of the form drop/item"),
    ("item_key", "a/é", "the item key is not of the form drop/item"),
    ("item_key", "a" * 121, "the item key is not of the form drop/item"),
    ("item_key", "", "a graded answer without a rating or an item"),
    (
        "occurred_us",
        10**30,
        "occurred_us is not a whole number between -253402300800000000 and 253402300800000000",
    ),
    (
        "occurred_us",
        1.5,
        "occurred_us is not a whole number between -253402300800000000 and 253402300800000000",
    ),
    ("tz_offset_min", 100_000, "tz_offset_min is not a whole number between -1440 and 1440"),
    ("study_day", 0, "study_day is not a whole number between 1 and 3652059"),
    ("rating", 5, "rating is not a whole number between 1 and 4"),
    ("rating", None, "a graded answer without a rating or an item"),
    ("correct", 2, "correct is not a whole number between 0 and 1"),
    ("duration_ms", -1, "duration_ms is not a whole number between 0 and 2147483647"),
    ("payload", None, "the payload is no text of at most 64 KB"),
    ("payload", "x" * 70_000, "the payload is no text of at most 64 KB"),
    ("payload", '{"x":"' + "é" * 40_000 + '"}', "the payload is no text of at most 64 KB"),
    ("payload", "{", "the payload is no JSON"),
    ("payload", "[" * 60_000, "the payload is no JSON"),
    ("payload", '{"x":' + "9" * 50_000 + "}", "the payload is no JSON"),
    ("payload", "[]", "the payload is no JSON object"),
    (
        "payload",
        '{"x":1e999}',
        "the payload is no plain JSON (Out of range float values are not JSON compliant)",
    ),
]


@pytest.mark.parametrize(
    ("column", "value", "why"), HOSTILE, ids=[f"{n}-{reason}" for n, (_, _, reason) in enumerate(HOSTILE)]
)
def test_a_hostile_row_is_kept_out_with_its_reason(column, value, why):
    row = GOOD._replace(**{column: value})
    if column not in ("learner_id", "event_id", "device_id", "digest"):  # a forger can count, too
        row = row._replace(
            digest=digest_of(row) if column != "target_id" or isinstance(value, bytes) else b"x" * 8
        )
    with pytest.raises(BadRow) as refused:
        checked(row, ME)
    assert str(refused.value).startswith(why.partition(" (")[0])


def test_a_row_changed_after_it_was_written_is_kept_out():
    with pytest.raises(BadRow, match="^the digest does not match: the row was changed after it was written$"):
        checked(GOOD._replace(rating=4), ME)


def test_text_in_a_sound_row_is_made_safe():
    planted = {"typed": "\x1b]52;c;aGk=\x07ok\u202e", "a": [{"\x9b1mk": "\x90q\x9cx"}]}
    row = seal(GOOD._replace(payload=json.dumps(planted)))
    assert json.loads(checked(row, ME).payload) == {"typed": "ok", "a": [{"k": "x"}]}


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda parts: st.lists(parts, max_size=3) | st.dictionaries(st.text(), parts, max_size=3),
    max_leaves=10,
)


@pytest.mark.slow
@given(st.dictionaries(st.text(), json_values, max_size=4))
@example({"\b": "\f\r\x1b\x9b\u202e"})
@example({"\\b": "\\u001b"})
def test_a_payload_has_one_text_that_is_safe_and_stays_as_it_is(payload):
    text = canonical(payload)
    assert canonical(json.loads(text)) == text

    def strings(value):
        if isinstance(value, str):
            yield value
        for part in (
            value if isinstance(value, list) else [*value, *value.values()] if isinstance(value, dict) else ()
        ):
            yield from strings(part)

    assert all(safe_text(part) == part for part in strings(json.loads(text)))
