"""What a learner does: answered twice, behind, unreadable, unsaved, given up, moved."""

from __future__ import annotations

import pytest
from asking import Browser, filled

from drops.errors import NotSaved
from drops.exercises.blocks import Case, Choice, Figure, Knobs, Numbers, Order, Run
from drops.web.asks import moved_piece


def go_to(browser: Browser, learner, wanted, drop: str = "1") -> None:
    """Walks a drop until a page is as wanted."""
    browser.post("/begin", {"drop": drop})
    for _ in range(80):
        page, seat = browser.seat.page(), browser.seat
        if wanted(page):
            return
        if page.ask is not None and not isinstance(page.ask, Run) and not seat.study.outcome(seat.session):
            browser.send("/answer", filled(page, learner.answer_to(seat.session, page)))
        else:
            browser.send("/turn")
    raise AssertionError("no page is like that")


@pytest.fixture
def at_numbers(browser, learners, study):
    go_to(browser, learners(study), lambda page: page.part == "do" and isinstance(page.ask, Numbers))
    return browser


def graded(study) -> int:
    return sum(event.correct is not None for event in study.log.events())


def test_what_cannot_be_read_comes_back_as_it_was_typed_with_one_sentence(at_numbers, study):
    page = at_numbers.seat.page()
    names = [field.name for field in page.ask.fields]
    before = graded(study)
    at_numbers.send("/answer", {f"v.{name}": "two" if i == 1 else "1" for i, name in enumerate(names)})
    assert at_numbers.status == 400
    fields = dict(at_numbers.page.form("/answer")["fields"])
    assert fields[f"v.{names[1]}"] == "two"
    invalid = [attrs["name"] for attrs in at_numbers.page.all("input") if "aria-invalid" in attrs]
    assert invalid == [f"v.{names[1]}"]
    assert "“two” is not a number" in at_numbers.page.text
    assert graded(study) == before


def test_an_answer_sent_twice_is_stored_once(at_numbers, learners, study):
    seat = at_numbers.seat
    page = seat.page()
    sent = {"page": page.key, **filled(page, learners(study).answer_to(seat.session, page))}
    at_numbers.post("/answer", sent)
    before = [event.event_id for event in study.log.events()]
    at_numbers.post("/answer", sent)
    assert [event.event_id for event in study.log.events()] == before
    assert "answered already" in at_numbers.page.text
    assert "Right." in at_numbers.page.text


@pytest.mark.slow
@pytest.mark.parametrize("action", ["/answer", "/turn", "/reveal", "/gauge", "/repair", "/draft"])
def test_a_form_of_a_page_that_is_behind_does_nothing(at_numbers, study, action):
    before = len(study.log.events())
    at_numbers.post(
        action, {"page": "weighted-sum-and-squash/read/0", "v.z": "1", "gauge": "1", "small": "1"}
    )
    assert at_numbers.at == "/page"
    assert "that page is behind you" in at_numbers.page.text.lower()
    assert len(study.log.events()) == before


def test_giving_up_shows_the_answer_and_the_way(at_numbers, study):
    at_numbers.post("/reveal", {"page": at_numbers.seat.page().key})
    assert "The answer:" in at_numbers.page.text
    (event,) = [event for event in study.log.events() if event.payload.get("revealed")]
    assert event.correct is False


def test_a_full_disk_keeps_what_was_typed_and_offers_to_try_again(at_numbers, learners, study, monkeypatch):
    seat = at_numbers.seat
    page = seat.page()
    text = learners(study).answer_to(seat.session, page)

    def full(*_):
        raise NotSaved("the disk is full; the last answer was NOT saved")

    monkeypatch.setattr(study.log, "append_all", full)
    at_numbers.send("/answer", filled(page, text))
    assert at_numbers.status == 503
    assert "NOT SAVED: the disk is full. Earlier answers are safe." in at_numbers.page.text
    typed = [value for name, value in at_numbers.page.form("/answer")["fields"] if name.startswith("v.")]
    assert typed == [part.strip() for part in text.split(";")]
    monkeypatch.undo()
    at_numbers.send("/answer")
    assert "Right." in at_numbers.page.text


def test_the_verdict_takes_the_focus_and_says_right_in_words(at_numbers, learners, study):
    seat = at_numbers.seat
    at_numbers.send("/answer", filled(seat.page(), learners(study).answer_to(seat.session, seat.page())))
    (verdict,) = [attrs for _, attrs in at_numbers.page.elements if attrs.get("id") == "verdict"]
    assert verdict["tabindex"] == "-1"
    assert "autofocus" in verdict
    assert "✓ right" in at_numbers.page.text


@pytest.mark.slow
def test_the_small_question_after_a_mix_up_is_judged_and_not_stored(at_numbers, study):
    seat = at_numbers.seat
    exercise = study._front(seat.session).task.exercise
    names = [field.name for field in seat.page().ask.fields]
    sheet = exercise.worksheet() if callable(exercise.worksheet) else exercise.worksheet
    right = sheet.run()
    bent = (sheet.run(swap=mix_up.swap) for mix_up in exercise.misconceptions.values() if mix_up.swap)
    values = next(values for values in bent if any(abs(values[name] - right[name]) > 0.1 for name in names))
    at_numbers.send("/answer", {f"v.{name}": f"{values[name]:.4f}" for name in names})
    assert "Not yet:" in at_numbers.page.text
    _, outcome = study.outcome(seat.session)
    asked = outcome.verdict.repair
    before = len(study.log.events())
    at_numbers.send("/repair", {"small": f"{asked.answer + 100:.3f}"})
    assert "✗ It is" in at_numbers.page.text
    at_numbers.send("/repair", {"small": f"{asked.answer:.4f}"})
    assert "✓ Right." in at_numbers.page.text
    at_numbers.send("/repair", {"small": "ten"})
    assert at_numbers.status == 400
    assert len(study.log.events()) == before


def test_how_sure_is_asked_with_a_prediction(browser, learners, study):
    go_to(browser, learners(study), lambda page: page.part == "predict")
    page = browser.seat.page()
    assert isinstance(page.ask, Choice)
    before = len(study.log.events())
    browser.send("/answer", {"pick": "1"})
    assert browser.status == 400
    assert "how sure" in browser.page.text
    assert len(study.log.events()) == before
    browser.send("/answer", {"pick": "1", "sure": "quite"})
    assert browser.status == 400
    assert dict(browser.page.form("/answer")["fields"])["pick"] == "1"
    browser.send("/answer", {"pick": "1", "sure": "certain"})
    assert browser.status == 200
    assert browser.seat.page().part != "predict"


def test_knobs_move_what_is_drawn_without_a_script_too(browser):
    browser.post("/begin", {"drop": "1"})
    go = browser.seat.page
    while not any(isinstance(block, Figure) and block.knobs for block in go().show):
        browser.send("/turn")
    figure = next(block for block in go().show if isinstance(block, Figure))
    knob = figure.knobs[0]
    before = browser.page.source
    browser.get(f"/page?0.{knob.name}={knob.high:g}")
    assert browser.page.source != before
    (moved,) = [attrs for attrs in browser.page.all("input") if attrs.get("name") == f"0.{knob.name}"]
    assert float(moved["value"]) == knob.high
    part = browser.client.get(f"/page?part=0&0.{knob.name}={knob.high:g}")
    assert "<html" not in part.text
    assert part.text in browser.page.source


@pytest.mark.parametrize(
    "sent",
    ["part=77", "part=ask", "part=-1", "part=0x", "0.w1=nan", "0.w1=1e999", "0.w1=%00", "part=0&0.w1=huge"],
)
def test_whatever_a_knob_is_said_to_be_the_page_stands(browser, sent):
    browser.post("/begin", {"drop": "1"})
    browser.send("/turn")
    browser.get(f"/page?{sent}")
    assert browser.status in (200, 404)
    assert "Traceback" not in browser.page.source


def test_pieces_are_moved_without_a_script_and_stay_moved():
    posted = {"piece": ["1", "2", "3"], "move": ["u3"]}
    assert moved_piece(posted) == "1 3 2"
    assert moved_piece(posted | {"move": ["u1"]}) == "1 2 3"
    assert moved_piece(posted | {"move": ["d2"]}) == "1 3 2"
    assert moved_piece({"piece": ["1", "2"]}) is None
    assert moved_piece(posted | {"move": ["u9"]}) is None


@pytest.mark.slow
def test_a_moved_piece_is_kept_and_answers_nothing(browser, learners, study):
    go_to(
        browser,
        learners(study),
        lambda page: isinstance(page.ask, Order) and not study.outcome(browser.seat.session),
    )
    order = [value for name, value in browser.page.form("/answer")["fields"] if name == "piece"]
    before = graded(study)
    browser.send("/answer", {"piece": order, "move": f"d{order[0]}"})
    now = [value for name, value in browser.page.form("/answer")["fields"] if name == "piece"]
    assert now == [order[1], order[0], *order[2:]]
    assert graded(study) == before


def test_a_line_of_a_map_is_dragged_to_a_place(browser, library):
    for drop in library:
        for n, section in enumerate(drop.sections):
            del section
            pages = browser.seat.study.pages_of(drop)
            figures = [block for block in pages[n].show if isinstance(block, Figure)]
            if figures and figures[0].boundaries:
                browser.post("/begin", {"drop": drop.id})
                while browser.seat.page().key != pages[n].key:
                    browser.send("/turn")
                drag(browser, figures[0])
                return
    raise AssertionError("no lesson has a line that can be dragged")


def drag(browser, figure) -> None:
    holds = [attrs for attrs in browser.page.all("g") if "data-drags" in attrs]
    assert holds
    left, right, low, high = map(float, holds[0]["data-spans"].split())
    w1, w2, b = figure.boundaries[0].unit({knob.name: knob.start for knob in figure.knobs})
    x = (left + right) / 2
    y = -(w1 * x + b) / w2 if w2 else (low + high) / 2
    x = x if w2 else -b / w1
    at = {"fromx": (x - left) / (right - left), "fromy": (high - y) / (high - low)}
    size = (w1 * w1 + w2 * w2) ** 0.5
    to = {"tox": at["fromx"] + 0.2 * w1 / size, "toy": at["fromy"] - 0.2 * w2 / size}
    sent = {"part": "0", "spans": holds[0]["data-spans"]} | {
        name: f"{value:.4f}" for name, value in (at | to).items()
    }
    browser.post("/drag", sent)
    assert browser.status == 200
    values = dict(line.split("=") for line in browser.page.source.splitlines())
    assert set(values) == {f"0.{knob.name}" for knob in figure.knobs}
    assert any(float(values[f"0.{knob.name}"]) != knob.start for knob in figure.knobs)


@pytest.mark.slow
def test_a_run_is_sent_frame_by_frame_to_its_end_and_can_be_watched_without_a_script(
    browser, learners, study
):
    go_to(browser, learners(study), lambda page: isinstance(page.ask, Run), "11")
    assert "You foresaw it." not in browser.page.text  # it is said when the run has shown it
    with browser.client.stream("GET", "/run") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        lines = [line for line in answer.iter_lines() if line]
    assert lines[-2:] == ["event: end", "data: {}"]
    assert '"done": 1' in lines[-3]
    assert "You foresaw it." in lines[-3]
    assert not any("You foresaw it." in line for line in lines[:-3])
    browser.get("/page?watch=1")
    assert browser.status == 200
    assert "You foresaw it." in browser.page.text
    assert len(browser.page.all("svg")) + len(browser.page.all("table")) > 0


@pytest.mark.slow
def test_a_run_that_is_nudged_is_the_same_run_up_to_there_and_another_one_behind(browser, learners, study):
    def sent(query):
        with browser.client.stream("GET", f"/run?{query}") as answer:
            return answer.status_code, [line for line in answer.iter_lines() if line.startswith("data: {\"html")]

    go_to(browser, learners(study), lambda page: isinstance(page.ask, Run), "3")
    browser.get("/page")
    assert "Nudge it here" in browser.page.source
    _, whole = sent("seed=5")
    _, same = sent("seed=5&nudge=50+rate+as+it+is")
    _, turned = sent("seed=5&nudge=50+rate+ten+times")
    assert same == whole[-len(same) :]
    assert len(same) < len(whole)
    assert turned[-1] != whole[-1]
    assert sent("seed=5&nudge=50+speed+3")[0] == 400


def test_without_a_run_in_front_none_is_sent(browser):
    assert browser.client.get("/run").status_code == 204


def press_gauge(browser, sign: int) -> None:
    """Its button stands in the question's form."""
    browser.post("/gauge", [*browser.page.form("/answer")["fields"], ("gauge", str(sign))])


@pytest.mark.slow
def test_a_gauge_is_opened_and_stays_open_and_no_more_than_three(browser, learners, study):
    def gauged(page):
        return isinstance(page.ask, Case)

    cases = [drop.id for drop in study.library if any(one.kind == "clinic" for one in drop.exercises)]
    go_to(browser, learners(study), gauged, cases[0])
    ask = browser.seat.page().ask
    browser.get("/page")
    assert all(gauge.asks in browser.page.text for gauge in ask.gauges)
    for sign in range(1, ask.openings + 1):
        press_gauge(browser, sign)
    assert browser.status == 200
    assert browser.seat.page().opened == tuple(map(str, range(1, ask.openings + 1)))
    press_gauge(browser, ask.openings + 1)
    assert browser.status == 400
    browser.get("/page")
    assert "No more can be opened" in browser.page.text


@pytest.mark.slow
def test_a_cause_is_struck_off_and_back_and_a_case_is_answered_by_its_form(browser, learners, study):
    cases = [drop.id for drop in study.library if any(one.kind == "clinic" for one in drop.exercises)]
    go_to(browser, learners(study), lambda page: isinstance(page.ask, Case), cases[0])
    for times in (1, 2, 3):
        browser.post("/strike", [*browser.page.form("/answer")["fields"], ("strike", "2")])
        assert browser.seat.page().struck == (("2",) if times % 2 else ())
    assert "(struck off)" in browser.page.text
    browser.post("/strike", [*browser.page.form("/answer")["fields"], ("strike", "9")])
    assert browser.status == 400
    browser.get("/page")
    browser.post("/answer", [*browser.page.form("/answer")["fields"], ("cause", "1")])
    assert "name a change, too: it is tried on this net" in browser.page.text
    assert study.outcome(browser.seat.at()) is None
    browser.post("/answer", [*browser.page.form("/answer")["fields"], ("change", "2")])
    typed, _ = study.outcome(browser.seat.at())
    assert typed == "1 2; ; 2/0"
    browser.get("/page")
    assert "You named: " in browser.page.text


def test_a_window_that_does_not_save_says_so_first_on_every_page(open_study, clock, library, home):
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.study.study import Study
    from drops.web.seat import Seat

    open_study()
    second = Study(library, Log.open(home, folded(0.9), now=clock()))
    browser = Browser(Seat(second, clock)).enter()
    for address in ("/", "/path", "/settings"):
        browser.get(address)
        assert "NOT SAVED" in browser.page.text
    browser.send("/settings", {"name": "theme", "value": "dark"}) if browser.page.forms else None
    second.close()


@pytest.mark.slow
def test_acts_of_ones_own_are_done_and_told(browser, learners, study):
    go_to(browser, learners(study), lambda page: page.part == "end")
    browser.send("/turn")
    browser.get("/settings")
    browser.post("/act", {"name": "undo", "what": ""})
    assert "Taken back:" in browser.page.text
    browser.post("/act", {"name": "forget", "what": "weighted-sum-and-squash"})
    assert "Forgotten: drop 1" in browser.page.text
    assert study.log.memories() == {}


def test_settings_are_changed_and_refused_in_a_sentence(browser, study):
    browser.get("/settings")
    browser.post("/settings", {"name": "theme", "value": "light"})
    assert study.setting("theme") == "light"
    assert dict(browser.page.elements[0][1])["data-theme"] == "light"
    browser.post("/settings", {"name": "budget_minutes", "value": "a lot"})
    assert browser.status == 400
    assert "minutes a day" in browser.page.text


def test_a_setting_stands_as_it_would_be_typed(browser, study):
    browser.post("/settings", {"name": "budget_minutes", "value": "9"})
    browser.get("/settings")
    typed = {a["id"]: a["value"] for a in browser.page.all("input") if a.get("id", "").startswith("set.")}
    assert typed["set.budget_minutes"] == "9"
    assert [value for value in typed.values() if value.endswith(".0")] == []


@pytest.mark.slow
def test_answers_are_listed_sought_and_opened_as_they_were(browser, learners, study):
    go_to(browser, learners(study, lambda page: page.part == "do"), lambda page: page.part == "end")
    browser.get("/history")
    links = [attrs["href"] for attrs in browser.page.all("a") if attrs["href"].startswith("/history/")]
    assert links
    for link in links:
        browser.get(link)
        assert browser.status == 200, link
    browser.get("/history?verdict=wrong")
    assert "✗" in browser.page.text
    assert "✓" not in browser.page.text
    browser.get("/history?text=zzzz")
    assert "No answer is like that." in browser.page.text
    for odd in ("/history?after=zz", "/history/00", "/history/zz", "/history?drop=nope"):
        browser.get(odd)
        assert browser.status in (200, 404)


def test_the_lab_trains_goes_back_and_takes_another_line(browser):
    browser.get("/lab")
    browser.post("/lab", {"do": "run", "line": "circle", "steps": "200"})
    assert "step 200:" in browser.page.text
    browser.post("/lab", {"do": "back", "line": "circle", "steps": "50"})
    assert "step 150:" in browser.page.text
    browser.post("/lab", {"do": "run", "line": "sine 1-8-1 tanh", "steps": "20"})
    assert "step 20:" in browser.page.text
    browser.post("/lab", {"do": "line", "line": "square circle", "steps": ""})
    assert browser.status == 400
    assert any(attrs.get("value") == "square circle" for attrs in browser.page.all("input"))


@pytest.mark.slow
def test_a_knob_question_shows_what_its_setting_does(browser, learners, study):
    kinds = ("region",)
    drop = next(drop.id for drop in study.library if any(one.kind in kinds for one in drop.exercises))
    go_to(browser, learners(study), lambda page: isinstance(page.ask, Knobs), drop)
    knob = browser.seat.page().ask.knobs[0]
    shown = {
        browser.client.get(f"/page?part=ask&v.{knob.name}={value:g}").text for value in (knob.low, knob.high)
    }
    assert len(shown) == 2


def test_a_question_leads_to_the_page_that_taught_it_and_back_to_what_was_filled_in(at_numbers, study):
    page = at_numbers.seat.page()
    at_numbers.post("/draft", {"page": page.key, f"v.{page.ask.fields[0].name}": "4.25"})
    at_numbers.get("/lesson")
    assert at_numbers.at.startswith(f"/read/{page.drop_id}/")
    _, taught = study.lesson(at_numbers.seat.session, page)
    assert at_numbers.at.endswith(f"/{taught + 1}")
    assert "Back to the question" in at_numbers.page.text
    at_numbers.get("/page")
    assert "4.25" in dict(at_numbers.page.form("/answer")["fields"]).values()


def test_a_clock_that_disagrees_is_asked_about_before_anything_is_written(browser, learners, study, clock):
    learners(study).day()
    before = len(study.log.events())
    clock.days(-40)
    browser.post("/begin", {"drop": ""})
    assert "Which clock is right?" in browser.page.text
    assert len(study.log.events()) == before
    browser.send("/clock", {"choice": "2"})
    assert browser.status == 400
    assert "nothing was written" in browser.page.text
    browser.post("/begin", {"drop": ""})
    browser.send("/clock", {"choice": "1"})
    assert browser.at == "/"
    browser.post("/begin", {"drop": "1"})
    assert browser.at == "/page"


def test_without_a_session_every_page_of_one_leads_to_today(browser):
    for address in ("/page", "/lesson"):
        browser.get(address)
        assert browser.at == "/", address
    for action in ("/answer", "/turn", "/reveal"):
        browser.post(action, {"page": "x"})
        assert browser.at == "/", action


def test_a_page_asks_the_progress_file_few_questions(at_numbers, study):
    """What a page costs is what a class of thirty waits for."""
    from sqlalchemy import Engine, event

    sent: list[str] = []
    event.listen(Engine, "before_cursor_execute", note := lambda _, __, text, *___: sent.append(text))
    try:
        at_numbers.get("/page")
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    assert len([text for text in sent if text.lstrip()[:6].upper() == "SELECT"]) <= 9


def test_a_verdict_is_not_said_twice(at_numbers, learners, study):
    """A sheet that fades to one blank has no word beside "Right."."""
    seat, learner = at_numbers.seat, learners(study, lambda page: page.part == "do")
    heads: list[tuple[str, str]] = []
    for _ in range(80):
        page = seat.page()
        if seat.session.ended or page.part == "end":
            break
        if page.ask is not None and not isinstance(page.ask, Run) and not study.outcome(seat.session):
            at_numbers.send("/answer", filled(page, learner.answer_to(seat.session, page)))
            given = study.outcome(seat.session)
            if page.part == "retry" and given and given[1].verdict.feedback == "Right.":
                heads.append((page.key, at_numbers.page.text))
        at_numbers.send("/turn")
    assert heads
    assert [key for key, text in heads if text.count("Right.") != 1] == []
