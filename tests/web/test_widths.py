"""No page of the course is wider than a phone."""

from __future__ import annotations

import pytest
from served import serving
from test_chromium import (  # noqa: F401  # marks and skips these as those
    SIZES,
    Window,
    chromium,  # a fixture
    pytestmark,
)

from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from lessons import lessons
from program import now


@pytest.mark.nightly  # a browser through every drop: the walks of test_chromium are the sample
@pytest.mark.parametrize("drop", [drop.id for drop in lessons()])
def test_no_page_of_a_drop_is_wider_than_a_phone(home, library, chromium, drop):  # noqa: F811
    Study(library, Log.open(home, folded(0.9), now=now())).close()
    with serving(home, "--port", "0") as server:
        window = Window(chromium, server, SIZES["phone"], "dark")
        window.page.evaluate(
            "drop => fetch('/begin', {method: 'POST', body: new URLSearchParams({drop})}).then(() => 1)", drop
        )
        for _ in range(80):
            window.page.goto(window.base + "/page")
            if window.where != "/page":
                break
            assert window.too_wide() == [], window.page.inner_text("h1")
            assert window.page.evaluate(NEXT) < 300, window.page.inner_text("main")
        assert window.complaints == []


# Leaves the page in front as somebody does who knows nothing: shown the answer, else the first of everything.
NEXT = """async () => {
  const ask = document.querySelector("form.ask"), on = document.querySelector("form.on");
  const body = new URLSearchParams(new FormData(ask || on));
  if (!ask) return (await fetch("/turn", {method: "POST", body})).status;
  if (ask.querySelector('[formaction="/reveal"]')) return (await fetch("/reveal", {method: "POST", body})).status;
  const pick = ask.querySelector("[name=pick]"), sure = ask.querySelector("[name=sure]");
  if (pick) body.set("pick", pick.value);
  if (sure) body.set("sure", sure.value);
  for (const one of ask.querySelectorAll("select"))
    if (!body.get(one.name)) body.set(one.name, [...one.options].map(option => option.value).filter(Boolean)[0]);
  for (const one of ask.querySelectorAll("input[type=text]"))
    if (!body.get(one.name)) body.set(one.name, one.placeholder.replace("for example ", ""));
  return (await fetch("/answer", {method: "POST", body})).status;
}"""
