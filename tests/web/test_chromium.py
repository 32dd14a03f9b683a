"""A real browser: a whole drop by keyboard alone, in two widths and both themes, and no barrier that axe finds."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import Server, serving

from drops.exercises.answers import CaseAnswer, digit, read
from drops.exercises.blocks import Case, Choice, Design, Knobs, Numbers, Order, Run
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from program import now

playwright = pytest.importorskip("playwright.sync_api", reason="no driver of a browser is installed")
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SHOTS = os.environ.get("DROPS_SHOTS", "")  # a folder for pictures of pages, to be looked at
SIZES = {"wide": (1280, 800), "phone": (390, 844)}
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")]


@pytest.fixture(scope="module")
def chromium() -> Iterator:
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield browser
        browser.close()


class Window:
    """A page of a real browser, at a server's seat. What it complains of, and what it asks for, is kept."""

    def __init__(self, chromium, server: Server, size: tuple[int, int], theme: str) -> None:
        context = chromium.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=theme)
        self.page, self.base = context.new_page(), server.base
        self.complaints: list[str] = []
        self.asked: list[str] = []
        self.page.on(
            "console", lambda line: line.type in ("error", "warning") and self.complaints.append(line.text)
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(server.first.strip())
        self.page.wait_for_url(lambda url: url in (self.base + "/", self.base + "/first"))  # who begins

    @property
    def where(self) -> str:
        return self.page.url.removeprefix(self.base).partition("#")[0]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def focused(self, what: str) -> str:
        return self.page.evaluate(f"(document.activeElement || document.body).{what} || ''")

    def tab_to(self, matches: str, most: int = 80) -> None:
        """Tab, until what has the focus matches a selector."""
        for _ in range(most):
            if self.page.evaluate(
                "s => !!document.activeElement && document.activeElement.matches(s)", matches
            ):
                return
            self.press("Tab")
        raise AssertionError(f"{matches} is not reached by Tab on {self.where}")

    def go(self, key: str = "Enter") -> None:
        """Presses a key that leads to another page."""
        with self.page.expect_navigation(wait_until="load", timeout=30_000):
            self.press(key)

    def too_wide(self) -> list[str]:
        """What makes the page wider than the window; nothing where it fits."""
        return self.page.evaluate(
            """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("main *")].filter(one => one.getBoundingClientRect().right > innerWidth + 1)
            .map(one => one.outerHTML.slice(0, 150)).slice(0, 5)"""
        )


def answer_by_keyboard(window: Window, ask, text: str) -> None:
    match ask:
        case Numbers(fields=fields):
            for field, part in zip(fields, text.split("; "), strict=True):
                window.tab_to(f'[name="v.{field.name}"]')
                window.press("Control+a")
                window.type(part)
            window.go()
        case Choice():
            for place in read(ask, text):
                window.press(digit(place))
            if ask.confidence:
                window.tab_to('[name="sure"]')
                window.press("ArrowDown", "ArrowUp", "Space")
            window.tab_to("button.main")
            window.go()
        case Order():
            wanted = text.split()
            for place, sign in enumerate(wanted):
                for _ in range(20):
                    now_ = window.page.eval_on_selector_all(
                        'input[name="piece"]', "all => all.map(one => one.value)"
                    )
                    if now_.index(sign) == place:
                        break
                    window.tab_to(f'button[value="u{sign}"]')
                    window.press("Enter")
            window.tab_to("button.main")
            window.go()
        case Case():
            given = read(ask, text)
            assert isinstance(given, CaseAnswer)
            window.tab_to('[name="cause"]')
            window.press(*["ArrowDown"] * given.cause, *["Space"] * (not given.cause))
            if given.change is not None:
                window.tab_to('[name="change"]')
                window.press(*["ArrowDown"] * given.change, *["Space"] * (not given.change))
            window.tab_to("button.main")
            window.go()
        case Knobs(knobs=knobs):
            for knob, part in zip(knobs, text.replace("−", "-").split(";"), strict=True):
                window.tab_to(f'[name="v.{knob.name}"]')
                window.press("Home", *["ArrowRight"] * round((float(part) - knob.low) / knob.step))
            window.tab_to("button.main")
            window.go()
        case Design():
            for part in text.split("; "):
                name, _, value = part.partition("=")
                window.tab_to(f'[name="v.{name}"]')
                if window.focused("tagName") == "SELECT":
                    choose(window, value)
                else:
                    window.press("Control+a")
                    window.type(value)
            window.tab_to("button.main")
            window.go()


WALKS = [
    ("1", "phone", "dark"),
    pytest.param("1", "wide", "light", marks=pytest.mark.nightly),
    ("2", "phone", "dark"),  # knobs
    ("10", "wide", "light"),  # gauges
    ("14", "phone", "light"),  # a design
]


def choose(window: Window, value: str) -> None:
    """Down the list that has the focus, to the option that is meant."""
    window.press("Home")
    for _ in range(20):
        if window.focused("value") == value:
            return
        window.press("ArrowDown")
    raise AssertionError(f"{value} is not among the options")


@pytest.mark.parametrize(("drop", "size", "theme"), WALKS)
def test_a_whole_drop_is_done_by_keyboard_alone(home, library, learners, chromium, drop, size, theme):
    twin = home.with_name("twin")
    Study(library, Log.open(home, folded(0.9), now=now())).close()
    shutil.copytree(home, twin)
    study = Study(
        library, Log.open(twin, folded(0.9), now=now())
    )  # draws what the server draws: the same learner
    learner = learners(study, lambda page: page.part == "do")
    learner.clock = now
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES[size], theme)
        window.page.goto(f"{window.base}/drop/{library.drop(drop).id}")
        window.tab_to("button.main")
        window.go()
        session, shot = study.begin(now(), drop=drop), set[str]()
        for _ in range(120):
            page = study.page(session)
            assert window.where == "/page", window.page.inner_text("main")
            assert window.too_wide() == [], page.key
            assert page.heading.partition(" · ")[0] in window.page.inner_text("h1")
            take(window, f"{drop}-{page.part}-{size}-{theme}", shot)
            if page.ask is not None and not isinstance(page.ask, Run):
                text = learner.answer_to(session, page)
                answer_by_keyboard(window, page.ask, text)
                session, outcome = study.answer(session, text, now(), seconds=9, confidence="a guess")
                if not outcome.hidden:
                    assert window.focused("id") == "verdict", page.key
                    take(window, f"{drop}-{page.part}-verdict-{size}-{theme}", shot)
            if page.gap is not None and page.gap.open:  # left empty, it is told before the page is left
                window.tab_to("form.on button.main")
                window.go()
                session = study.fill(session, "", now())
            if page.part not in ("predict", "offer"):
                window.tab_to("form.on button.main")
                window.go()
            session = study.turn(session, now())
            if session.ended:
                break
        assert window.where == "/"
        assert [line for line in window.complaints if line] == []
        assert {url.startswith(window.base) for url in window.asked} == {True}
    study.close()


def take(window: Window, name: str, taken: set[str]) -> None:
    """A picture to be looked at, where somebody wants one."""
    if SHOTS and name not in taken:
        taken.add(name)
        window.page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


PAGES = [
    "/",
    "/path",
    "/drop/weighted-sum-and-squash",
    "/read/weighted-sum-and-squash/2",
    "/progress",
    "/history",
    "/settings",
    "/lab",
    "/lab/challenges",
    "/lab/code",
    "/first",
    "/first?0.bill=-0.5&0.bias=-1",
    "/read/weighted-sum-and-squash/2/code",
]


@pytest.mark.parametrize(
    ("size", "theme"),
    [
        ("phone", "dark"),
        ("wide", "light"),
        pytest.param("phone", "light", marks=pytest.mark.nightly),
        pytest.param("wide", "dark", marks=pytest.mark.nightly),
    ],
)
def test_axe_finds_nothing_serious_on_any_page(home, library, learners, chromium, size, theme):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    study = Study(library, Log.open(home, folded(0.9), now=now()))
    learner = learners(study, lambda page: page.part == "do")
    learner.clock = now
    learner.day()
    study.close()
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES[size], theme)
        found: dict[str, list[str]] = {}
        for address in PAGES:
            window.page.goto(window.base + address)
            look(axe, window, address, found)
            take(window, f"{address.strip('/').replace('/', '-') or 'today'}-{size}-{theme}", set())
        window.page.goto(window.base + "/path")
        window.page.evaluate(
            "() => fetch('/begin', {method: 'POST', body: new URLSearchParams({drop: '2'})}).then(() => 1)"
        )
        for n in range(12):
            window.page.goto(window.base + "/page")
            look(axe, window, f"/page {n}", found)
            if not window.page.query_selector("form.on button.main"):
                break
            window.page.click("form.on button.main")
            window.page.wait_for_load_state()
        assert found == {}


def look(axe, window: Window, name: str, found: dict[str, list[str]]) -> None:
    """What axe calls serious or critical on the page."""
    assert window.too_wide() == [], name
    told = axe.Axe().run(window.page).response["violations"]
    serious = [one for one in told if one["impact"] in ("serious", "critical")]
    if serious:
        found[name] = [f"{one['id']}: {node['html'][:120]}" for one in serious for node in one["nodes"][:3]]


@pytest.mark.parametrize("size", ["phone", pytest.param("wide", marks=pytest.mark.nightly)])
def test_who_begins_finds_every_gentoo_by_keyboard_and_begins_the_first_day(home, chromium, size):
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES[size], "light")
        assert window.where == "/first"
        for knob, key, count in (("bill", "ArrowLeft", 3), ("bias", "ArrowLeft", 2)):
            window.tab_to(f'[name="0.{knob}"]')
            window.press(*[key] * count)
        window.page.wait_for_function("() => document.querySelector('.picture').innerText.includes('342 of 342')")
        window.tab_to("a.main")
        window.go()
        window.tab_to('[name="minutes"]')
        window.press("ArrowRight")
        take(window, f"day-one-{size}", set())
        window.tab_to("button.main")
        window.go()
        assert window.where == "/page"
        assert window.complaints == []


def test_a_challenge_is_taken_and_judged_while_the_page_waits(home, chromium):
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES["phone"], "dark")
        window.page.goto(window.base + "/lab/challenges")
        window.tab_to('[aria-label="Take the challenge two-numbers"]')
        window.go()
        window.tab_to("#line")
        window.press("Control+a")
        window.type("xor xy 1-1")
        window.tab_to('button[value="line"]')
        window.go()
        window.tab_to(".judge button.main")
        window.press("Enter")
        window.page.wait_for_url("**/lab#ruling", timeout=60_000)
        assert "Done." in window.page.inner_text("#ruling")
        take(window, "challenge-done", set())
        assert window.too_wide() == []
        assert window.complaints == []


def test_a_figure_follows_its_knob_and_a_dragged_line(home, library, chromium):
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES["wide"], "dark")
        window.page.goto(f"{window.base}/read/weighted-sum-and-squash/2")
        before = window.page.inner_html(".picture")
        window.tab_to('input[type="range"]')
        window.press("ArrowRight", "ArrowRight")
        window.page.wait_for_function(
            "was => document.querySelector('.picture').innerHTML !== was", arg=before
        )
        assert window.complaints == []


def test_a_line_of_a_map_follows_the_pointer(home, library, chromium):
    drop, n = first_with_a_line(library)
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES["wide"], "dark")
        begin = "drop => fetch('/begin', {method: 'POST', body: new URLSearchParams({drop})}).then(() => 1)"
        window.page.evaluate(begin, drop)
        window.page.goto(window.base + "/page")
        for _ in range(n):
            window.page.click("form.on button.main")
            window.page.wait_for_load_state()
        places = "() => [...document.querySelectorAll('.figure input')].map(one => one.value).join()"
        before = window.page.evaluate(places)
        line = window.page.locator("g[data-drags] path.unit").first
        line.scroll_into_view_if_needed()
        middle = window.page.evaluate(MIDDLE)
        window.page.mouse.move(*middle)
        window.page.mouse.down()
        for step in range(1, 9):
            window.page.mouse.move(middle[0] + 8 * step, middle[1] - 8 * step)
        window.page.mouse.up()
        window.page.wait_for_function(f"was => ({places})() !== was", arg=before)
        assert window.complaints == []


# The middle of the first line that can be taken hold of, in the window.
MIDDLE = """() => {
  const line = document.querySelector("g[data-drags] path.unit");
  const at = line.getPointAtLength(line.getTotalLength() / 2).matrixTransform(line.getScreenCTM());
  return [at.x, at.y];
}"""


def first_with_a_line(library) -> tuple[str, int]:
    """The first page of a lesson, counted from 0, whose figure has a line to drag."""
    from drops.catalog import drawing

    for drop in library:
        for n, section in enumerate(drop.sections):
            fences = [part for part in section.parts if not isinstance(part, str)]
            shown = [block for one in fences for block in drawing(one.name, one.params).show]
            if any(getattr(block, "boundaries", ()) for block in shown):
                return drop.id, n
    raise AssertionError("no lesson has one")


def test_a_run_plays_to_its_end_and_can_be_gone_through(home, library, learners, chromium):
    study = Study(library, Log.open(home, folded(0.9), now=now()))
    learner, session = learners(study), study.begin(now(), drop="3")
    learner.clock = now
    while not isinstance(study.page(session).ask, Run):
        session = learner.page(session)
    study.close()
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES["wide"], "light")
        window.page.click("button.main")
        window.page.wait_for_load_state()
        window.tab_to("[data-do=play]")
        window.press("Enter")
        window.page.wait_for_function(
            "() => document.querySelector('[data-do=play]').textContent === 'See it again'", timeout=60_000
        )
        assert window.page.inner_text(".run .says")
        last = window.page.inner_html(".frame")
        window.tab_to(".player input")
        window.press("Home")
        assert window.page.inner_html(".frame") != last
        assert window.complaints == []
