"""What a learner has met, as cards for Anki: Anki's own library opens them and finds every review."""

from __future__ import annotations

import re
import shutil

import pytest

from drops.course.model import ExerciseFence
from drops.events import Kind
from drops.memory.forgetting import TARGET
from drops.memory.schedule import folded
from drops.store.anki import SIDES, write_package
from drops.study.shown.cards import DRAWS, notes
from program import run

DAYS = 8


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    return tmp_path_factory.mktemp("lived") / "home"


@pytest.fixture
def met(lived, home, open_study, learners, clock):
    """A study after some days, which are lived once."""
    if not lived.exists():
        study = open_study()
        learner = learners(study)
        for _ in range(DAYS):
            learner.day()
            clock.days(1)
        study.close()
        shutil.copytree(home, lived)
    else:
        shutil.copytree(lived, home)
        clock.days(DAYS)
    return open_study()


@pytest.fixture
def made(met):
    found, _ = notes(met.library, met.log, folded(TARGET))
    return found


@pytest.mark.slow
def test_anki_finds_the_notes_the_cards_and_every_review(made, met, clock, tmp_path):
    anki = pytest.importorskip("anki.collection")
    write_package(tmp_path / "cards.apkg", made, clock().us)
    mine = anki.Collection(str(tmp_path / "mine.anki2"))
    for time in range(2):  # a second time nothing is doubled
        options = anki.ImportAnkiPackageOptions(with_scheduling=True)
        mine.import_anki_package(anki.ImportAnkiPackageRequest(package_path=str(tmp_path / "cards.apkg"), options=options))
        assert mine.note_count() == len(made)
        assert mine.card_count() == sum(len(note.cards) for note in made)
        assert mine.db.scalar("select count() from revlog") == sum(len(note.reviews) for note in made), time
    assert mine.fix_integrity()[1]
    reviewed = {key: (interval, reps, ease) for key, interval, reps, ease in mine.db.execute(
        "select n.sfld, c.ivl, c.reps, (select ease from revlog r where r.cid = c.id order by r.id desc limit 1) "
        "from cards c join notes n on n.id = c.nid where c.ord = 0"
    )}  # fmt: skip
    for note in made:
        last = note.reviews[-1]
        assert reviewed[note.key] == (last.interval, len(note.reviews), last.rating)
    shown = mine.get_card(mine.find_cards("is:review")[0])
    assert shown.question()
    assert len(shown.answer()) > len(shown.question())
    mine.close()


@pytest.mark.slow
def test_each_review_is_one_that_memory_counted(made, met):
    for note in made:
        assert note.memory is not None
        assert len(note.reviews) == note.memory.reps
        assert note.reviews[-1].day == note.memory.last_day
        assert note.reviews[-1].day + note.reviews[-1].interval == note.memory.due_day
        assert [one.before for one in note.reviews[1:]] == [one.interval for one in note.reviews[:-1]]
    graded = met.log.events(kinds=(Kind.GRADED,))
    assert sum(len(note.reviews) for note in made) <= len(graded)


@pytest.mark.slow
def test_an_exercise_is_eight_cards_of_different_numbers_and_a_question_one(made, met):
    assert DRAWS == SIDES
    kinds = {True: 0, False: 0}
    for note in made:
        _, item = met.library.item(note.key)
        exercise = isinstance(item, ExerciseFence)
        kinds[exercise] += 1
        assert len(note.cards) == (DRAWS if exercise else 1)
        assert len({card.front for card in note.cards}) >= min(len(note.cards), 4)
    assert all(kinds.values())


@pytest.mark.slow
def test_no_side_is_empty_or_gives_the_answer_away_or_holds_what_runs(made):
    for note in made:
        for card in note.cards:
            assert re.sub("<[^>]*>", "", card.front).strip()
            assert re.sub("<[^>]*>", "", card.back).strip()
            assert "<script" not in card.front + card.back
            assert "✓" not in card.front


@pytest.mark.slow
def test_a_mix_up_stands_on_the_back_with_what_it_gives(made):
    neuron = next(note for note in made if note.key.startswith("weighted-sum-and-squash/") and len(note.cards) == DRAWS)
    assert any("<li>" in card.back for card in neuron.cards)


@pytest.mark.slow
def test_the_same_history_makes_the_same_cards(made, met):
    assert notes(met.library, met.log, folded(TARGET))[0] == made


@pytest.mark.slow
def test_with_nothing_met_there_is_one_line(tmp_path):
    run("settings", home=tmp_path / "home")
    run("lab", "name", "mine", "2-3-1", home=tmp_path / "home")
    said = run("export", tmp_path / "cards.apkg", home=tmp_path / "home").refused
    assert not (tmp_path / "cards.apkg").exists()
    assert said.startswith(("no question that can be a card was asked yet", "no progress in"))


@pytest.mark.slow
def test_the_command_says_what_an_exercise_became(met, home, tmp_path):
    met.close()
    told = run("export", tmp_path / "cards.apkg", home=home)
    assert re.match(r"wrote \d+ questions as \d+ cards with \d+ reviews to ", told.out)
    assert "an exercise is eight" in told.out
    again = run("export", tmp_path / "cards.apkg", home=home).refused
    assert "exists; give another name, or add --replace" in again
