"""The Lab on the screen: built, trained, turned back and asked by keys; the line is always what is seen."""

from __future__ import annotations

import random

import pytest
from helper import opened
from lab_hands import in_lab

from drops.exercises.blocks import Wires
from drops.networks.lab.challenges import CHALLENGES
from drops.networks.lab.line import read_line
from drops.networks.lab.recipe import print_line
from drops.text import number
from drops.tui.blocks import net
from drops.tui.screens.lab.screen import LabScreen
from drops.tui.screens.today import TodayScreen

SIZES = [(60, 20), (80, 24), (120, 36), (200, 50)]


async def test_l_opens_the_lab_at_today_and_q_returns():
    async with opened() as hands:
        await hands.press("l")
        assert isinstance(hands.app.screen, LabScreen)
        await hands.app.screen.runner.idle()
        await hands.press("q")
        assert isinstance(hands.app.screen, TodayScreen)


# Each net in every other size, the smallest or the next in turn; nightly in all.
SHOWN = [
    pytest.param(
        line, size, id=f"{line.split()[0]} {size[0]}x{size[1]}", marks=[pytest.mark.nightly] * ((nth + turn) % 2)
    )
    for nth, line in enumerate(("circle 2-8-8-1", "rings 2-16-16-16-16-16-3", "sine 1-8-1", "wine", "gauss 2-1"))
    for turn, size in enumerate(SIZES)
]


@pytest.mark.slow
@pytest.mark.parametrize(
    "keys", ["", "c", "enter", "w", "i"], ids=["the net", "two lines", "why", "the wall", "an instrument"]
)
async def test_a_terminal_of_a_few_rows_shows_what_it_has_room_for(keys):
    async with in_lab("xor 2-4-1", (120, 36)) as hands:
        await hands.steps(20)
        if keys:
            await hands.press(keys)
        for wide in (160, 111, 60, 20):
            for tall in (1, 2, 3, 5, 7, 9, 12):
                await hands.hands.pilot.resize_terminal(wide, tall)
                await hands.settle()
                assert len(hands.hands.lines) == tall


@pytest.mark.slow
@pytest.mark.parametrize(("line", "size"), SHOWN)
async def test_every_net_has_a_picture_that_fits_every_size(line, size):
    async with in_lab(line, size) as hands:
        await hands.steps(40)
        for keys in ((), ("enter",), ("escape", "f"), ("f", "right"), ("escape", "tab"), ("tab",)):
            await hands.press(*keys)
            lines = hands.hands.lines
            assert len(lines) == size[1]
            assert max(map(len, lines)) <= size[0]
            assert line.split()[0] in lines[1]
            assert sum(bool(text) for text in lines) >= size[1] // 2, "half of the screen is empty"
        assert "step 40" in lines[0]


async def test_where_one_side_has_room_the_footer_says_how_to_see_the_other():
    async with in_lab(size=(60, 20)) as hands:
        assert "tab map" in hands.hands.lines[-1]
        await hands.press("tab")
        assert "ŷ" in hands.hands.lines[3]
        assert "tab line" in hands.hands.lines[-1]


@pytest.mark.slow
async def test_space_trains_until_it_is_pressed_again_and_says_how_far_it_is():
    async with in_lab() as hands:
        await hands.press("space")
        assert "▶ running" in hands.hands.lines[0]
        while hands.step < 5:
            await hands.settle()
        await hands.press("space")
        assert "paused" in hands.hands.lines[0]
        step = hands.step
        await hands.settle()
        assert hands.step == step


@pytest.mark.slow
async def test_time_goes_on_and_back_by_steps_and_epochs_to_the_same_bits():
    async with in_lab("xor 2-4-1 batch 30") as hands:
        await hands.press("full_stop", "full_stop")
        assert hands.step == 2
        theta = hands.lab.runner.desk.bench.net.theta.copy()
        await hands.press("greater_than_sign")
        assert hands.step == 12
        await hands.press("less_than_sign")
        assert hands.step == 2
        assert (hands.lab.runner.desk.bench.net.theta == theta).all()
        await hands.press("comma", "comma", "comma")
        assert hands.step == 0


@pytest.mark.slow
async def test_units_layers_squashes_and_seeds_come_and_go_by_keys_and_each_is_one_undo():
    async with in_lab("circle 2-5-1") as hands:
        for key, line in [
            ("plus", "circle 2-6-1"),
            ("minus", "circle 2-5-1"),
            ("right_square_bracket", "circle 2-5-5-1"),
            ("t", "circle 2-5-5-1 relu"),
            ("left_square_bracket", "circle 2-5-1 relu"),
            ("r", "circle 2-5-1 relu seed 2"),
            ("u", "circle 2-5-1 relu"),
            ("u", "circle 2-5-5-1 relu"),
            ("ctrl+r", "circle 2-5-1 relu"),
        ]:
            await hands.press(key)
            assert hands.line == line, key
            assert set(line.split()) <= set(hands.hands.lines[1].split())


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[:3])
async def test_a_unit_that_comes_in_a_run_leaves_the_others_what_they_are_and_the_story_stands_on_the_screen(
    size,
):
    async with in_lab("circle 2-4-1", size) as hands:
        await hands.steps(60)
        theta = hands.lab.runner.desk.bench.net.params.view("W1").copy()
        await hands.press("plus", "right_square_bracket")
        assert hands.step == 60
        assert hands.line == "circle 2-4-1 @60 2-5-5-1"
        assert hands.line in hands.hands.text
        assert (hands.lab.runner.desk.bench.net.params.view("W1")[:4] == theta).all()
        assert tuple(map(len, hands.lab.runner.scene.layers)) == (2, 5, 5)
        await hands.press("u", "u")
        assert hands.line == "circle 2-4-1"
        assert hands.step == 60


@pytest.mark.slow
async def test_a_unit_in_hand_is_the_one_that_changes():
    async with in_lab("circle 2-4-3-1") as hands:
        await hands.press("down", "left", "plus", "t")
        assert hands.line.startswith("circle 2-5")
        assert hands.lab.runner.desk.recipe.squash_of(0) != hands.lab.runner.desk.recipe.squash_of(1)
        assert "h1[1] = " in hands.hands.text


@pytest.mark.slow
async def test_words_are_controls_and_a_rate_goes_on_from_the_present_weights():
    async with in_lab() as hands:
        await hands.press("tab", "right")
        await hands.press("plus")
        assert hands.line == "circle xx 3-4-1".replace("xx 3", "x y xx 3")
        await hands.press("u", "right", "right", "right", "right")
        await hands.steps(20)
        await hands.press("minus")
        assert hands.line == "circle 2-4-1 @20 adam .02"
        assert hands.step == 20


@pytest.mark.slow
async def test_a_word_that_is_turned_again_in_a_run_goes_on_from_what_it_says_now():
    async with in_lab() as hands:
        await hands.steps(20)
        await hands.press("tab", "right", "right", "right", "right", "right", "minus", "minus")
        assert hands.line == "circle 2-4-1 @20 adam .01"
        await hands.steps(10)
        await hands.press("plus")
        assert hands.line == "circle 2-4-1 @20 adam .01 @30 adam .02"
        assert "adam .02" in " ".join(hands.hands.lines[1].split())


@pytest.mark.parametrize("size", SIZES[:3])
async def test_a_sum_shows_every_product_whole(size):
    async with in_lab("circle 2-4-1", size) as hands:
        await hands.steps(30)
        await hands.press("enter")
        found = hands.lab.runner.why
        for term in found.terms:
            name = "bias" if term.source == "b" else term.source
            line = next(line for line in hands.hands.lines if f" {name} " in line and "=" not in line)
            assert line.endswith(number(term.product))


@pytest.mark.slow
async def test_tab_reaches_the_curve_and_there_keys_go_through_time_to_the_newest_moment():
    async with in_lab("xor 2-4-1") as hands:
        for _ in range(5):
            await hands.steps(20)
        await hands.press("tab", "tab", "left", "left")
        assert hands.step == 60
        assert "step 60 of 100" in hands.hands.lines[0]
        assert "◆" in hands.hands.text
        await hands.press("home")
        assert hands.step == 0
        await hands.press("right")
        assert hands.step == 20
        await hands.press("end")
        assert hands.step == 100
        assert " of " not in hands.hands.lines[0]
        await hands.press("tab", "left")
        assert hands.step == 100  # the net is in hand again


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[1:3])
async def test_a_drag_or_the_wheel_on_the_curve_goes_through_time(size):
    async with in_lab("xor 2-4-1", size) as hands:
        for _ in range(10):
            await hands.steps(20)
        pilot, picture = hands.hands.pilot, hands.lab.picture
        box = picture.axis.box.translate(picture.region.offset)
        await pilot.mouse_down(offset=(box.right - 1, box.y))
        await hands.settle()
        assert hands.step == 200
        await pilot.hover(offset=(box.x + box.width // 2, box.y))
        await hands.settle()
        assert 80 <= hands.step <= 120
        await pilot.hover(offset=(0, 0))
        await hands.settle()
        assert hands.step == 0
        await pilot.mouse_up(offset=(0, 0))
        await pilot.hover(offset=(box.right - 1, box.y))
        await hands.settle()
        assert hands.step == 0  # let go
        await hands.wheel(box.offset, up=True)
        assert hands.step == 20


@pytest.mark.slow
async def test_a_drag_on_the_map_tells_the_row_that_lies_there_and_enter_asks_at_it():
    async with in_lab("xor 2-4-1") as hands:
        pilot, picture = hands.hands.pilot, hands.lab.picture
        dots = hands.lab.runner.scene.dots
        left, (wide, tall) = picture._right_side.x + picture.region.x, picture._map_room()
        for row in (7, 40):
            at = left + int(dots[row].x * wide), picture.region.y + 1 + int(dots[row].y * tall)
            await (pilot.mouse_down if row == 7 else pilot.hover)(offset=at)
            await hands.settle()
            told = hands.lab.row
            assert (int(dots[told].x * wide), int(dots[told].y * tall)) == (
                at[0] - left,
                at[1] - 1 - picture.region.y,
            )
            assert f"Row {told + 1}: x " in hands.hands.text
            assert "◉" in hands.hands.text
        await pilot.mouse_up(offset=at)
        await hands.press("enter")
        assert f"row {told + 1} " in hands.hands.text
        await hands.press("escape")
        assert "◉" not in hands.hands.text


@pytest.mark.slow
async def test_a_wire_opens_its_weight_and_the_wheel_turns_it():
    async with in_lab("xor 2-3-1") as hands:
        pilot, picture = hands.hands.pilot, hands.lab.picture
        grid, (width, height) = picture._grid(), picture._net_room()
        scene, cells = hands.lab.runner.scene, {}
        for y in range(height):
            for x in range(width):
                if not net.unit_at(scene, grid, 0, x, y):
                    cells.setdefault(net.wire_at(scene, grid, width, height, 0, x, y), (x, y))
        assert {wire for wire in cells if wire} >= {
            (0, i, j) for i in range(3) for j in range(2) if abs(scene.wires[0][i][j]) > 0.2
        }
        wire = max(wire for wire in cells if wire)
        x, y = cells[wire]
        await pilot.click(offset=(picture.region.x + 1 + x, picture.region.y + y))
        await hands.settle()
        layer, unit, source = wire
        name = f"W{layer + 1}[{unit + 1},{source + 1}]"
        before = hands.lab.runner.why.terms[source].weight
        at = next((line.index("▸") + 1, y) for y, line in enumerate(hands.hands.lines) if "▸" in line)
        await hands.wheel(at, up=True)
        assert hands.line.startswith(f"xor 2-3-1 @0 {name}=")
        assert hands.lab.runner.why.terms[source].weight > before
        await hands.wheel(at, up=False)
        await hands.wheel(at, up=False)
        assert hands.lab.runner.why.terms[source].weight < before


async def test_a_word_is_taken_by_a_click_and_turned_by_the_wheel():
    async with in_lab("circle 2-4-1") as hands:
        at = hands.hands.lines[1].index("tanh") + 1, 1
        await hands.hands.pilot.click(offset=at)
        await hands.settle()
        assert hands.lab.head.word == 3
        await hands.wheel(at, up=True)
        assert hands.line == "circle 2-4-1 relu"
        await hands.wheel((hands.hands.lines[1].index("batch") + 1, 1), up=True)
        assert hands.line == "circle 2-4-1 relu batch 20"


@pytest.mark.slow
async def test_digits_set_the_weight_in_hand_and_what_is_no_number_is_said():
    async with in_lab("circle 2-4-1") as hands:
        await hands.steps(30)
        await hands.press("enter", "down", "1", "comma", "2", "5")
        assert "W2[1,2] = 1,25" in hands.hands.lines[1]
        await hands.press("enter")
        assert hands.line == "circle 2-4-1 @30 W2[1,2]=1.25"
        await hands.press("0", "x", "enter")
        assert '"0x" is no number' in hands.hands.text
        await hands.press("escape", "3", "escape")
        assert hands.line == "circle 2-4-1 @30 W2[1,2]=1.25"
        await hands.press("3", "home", "minus", "enter")
        assert hands.line == "circle 2-4-1 @30 W2[1,2]=-3"


@pytest.mark.slow
async def test_enter_opens_the_sum_of_a_number_and_from_there_the_sums_behind_it():
    async with in_lab("circle 2-4-4-1") as hands:
        await hands.steps(30)
        await hands.press("enter")
        assert "ŷ = σ(z3[1])" in hands.hands.text
        assert "h2[3]" in hands.hands.text
        await hands.press("down", "enter")
        assert "h2[2] = tanh(z2[2])" in hands.hands.text
        await hands.press("enter")
        assert "h1[1] = tanh(z1[1])" in hands.hands.text
        await hands.press("backspace")
        assert "h2[2] = tanh(z2[2])" in hands.hands.text
        found = hands.lab.runner.why
        assert sum(one.product for one in found.terms) == pytest.approx(found.total, abs=1e-9)
        await hands.press("p")
        assert "row 2" in hands.hands.text


async def test_a_weight_is_turned_by_hand_where_its_sum_stands():
    async with in_lab() as hands:
        await hands.steps(30)
        before = float(hands.lab.runner.desk.bench.net.params.view("W2")[0, 1])
        await hands.press("enter", "down", "plus")
        after = float(hands.lab.runner.desk.bench.net.params.view("W2")[0, 1])
        assert after > before
        assert hands.line.startswith("circle 2-4-1 @30 W2[1,2]=")
        await hands.press("u")
        assert hands.line == "circle 2-4-1"
        assert float(hands.lab.runner.desk.bench.net.params.view("W2")[0, 1]) == before


@pytest.mark.slow
async def test_twenty_seeds_are_twenty_maps_the_best_first():
    async with in_lab("xor xy 1-1") as hands:
        await hands.steps(300)
        await hands.press("f")
        for _ in range(500):
            await hands.settle()
            if hands.lab.runner.wall and hands.lab.runner.wall.step == 300:
                break
        wall = hands.lab.runner.wall
        assert list(wall.scores) == sorted(wall.scores, reverse=True)
        assert "20 of 20 reach 95 %" in hands.hands.text
        assert hands.hands.text.count("✓") == 20


@pytest.mark.slow
async def test_a_challenge_is_taken_from_the_list_and_judged_by_a_hundred_unseen_starts(study):
    async with in_lab(size=(80, 24), study=study) as hands:
        await hands.press("o", "down", "down", "down")
        assert "Challenges" in hands.hands.text
        assert "▸ two-numbers" in hands.hands.text
        assert "Part the crossed corners" in hands.hands.text
        await hands.press("enter")
        assert hands.line == "xor"
        await hands.press("j")
        assert "parameters; at most 2 are allowed" in hands.hands.text
        hands.lab.runner.do(lambda desk: desk.begin(read_line("xor xy 1-1")))
        await hands.press("j")
        for _ in range(300):
            await hands.settle()
            if "Done" in hands.lab.runner.judged:
                break
        assert "100 % of a hundred unseen starts do it" in hands.hands.text
        await hands.press("o")
        assert "▸ fence" in hands.hands.text
        await hands.press("down", "down", "down")
        assert "Done with 2 parameters" in " ".join(hands.hands.text.split())


@pytest.mark.slow
async def test_a_task_of_two_lines_is_judged_by_what_was_forked_and_what_stands_now(study):
    async with in_lab(study=study) as hands:
        await hands.press("o", *("down",) * [*CHALLENGES].index("cliff"), "enter", "j")
        assert "fork at the first one" in hands.hands.text
        hands.lab.runner.do(lambda desk: desk.change("sgd 1.6"))
        await hands.press("c")
        hands.lab.runner.do(lambda desk: desk.change("sgd 2.3"))
        await hands.press("j")
        for _ in range(600):
            await hands.settle()
            if "Done" in hands.lab.runner.judged:
                break
        assert "unseen starts get there, of the second line" in hands.hands.text
        ruling = next(event.payload for event in study.log.events() if event.item_key == "lab/cliff")
        assert ruling["second"]["line"] == "circle 2-8-8-1 relu sgd 2.3"
        assert ruling["passed"] is True


@pytest.mark.slow
async def test_a_typed_line_is_taken_or_its_mistake_is_said_where_the_cursor_is():
    async with in_lab() as hands:
        await hands.press("e", *("backspace",) * 12)
        await hands.hands.type("spiral 3-8-1")
        await hands.press("enter")
        assert "x y make 2 inputs, the shape begins with 3: write 2-8-1" in hands.hands.text
        assert hands.line == "circle 2-4-1"
        assert hands.lab.head.caret == len("spiral ")
        await hands.press("delete")
        await hands.hands.type("2")
        await hands.press("enter")
        assert hands.line == "spiral 2-8-1"
        await hands.press("e", "space", "x", "escape")
        assert hands.line == "spiral 2-8-1"


@pytest.mark.slow
async def test_a_line_is_named_and_opened_again_by_its_name(study):
    async with in_lab("xor xy 1-1", study=study) as hands:
        await hands.press("n")
        assert "name:" in hands.hands.lines[1]
        await hands.hands.type("a b")
        await hands.press("enter")
        assert "is no name" in hands.hands.text
        await hands.press("backspace", "backspace", "backspace")
        await hands.hands.type("mine")
        await hands.press("enter")
        await hands.press("plus", "o")
        assert "Your lines" in hands.hands.text
        assert "▸ mine" in hands.hands.text
        await hands.press("enter")
        assert hands.line == "xor xy 1-1"
        await hands.press("n", "escape", "escape")
        assert hands.line == "xor xy 1-1"


async def test_b_breaks_the_net_by_the_name_of_a_fault_and_mends_it_again():
    async with in_lab("moons 2-8-1 relu", (80, 24)) as hands:
        await hands.press("b")
        assert "What is wrong" in hands.hands.text
        assert "▸ none" in hands.hands.text
        await hands.press("down")
        assert "The learning rate is far" in hands.hands.text
        await hands.press("enter")
        assert hands.line == "moons 2-8-1 relu break rate-high"
        await hands.press("b")
        assert "▸ rate-high" in hands.hands.text
        await hands.press("up", "enter")
        assert hands.line == "moons 2-8-1 relu"


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[1:3])
async def test_c_forks_and_both_lines_train_on_from_the_same_moment(size):
    async with in_lab("xor 2-4-1", size) as hands:
        await hands.steps(50)
        await hands.press("c")
        theta = hands.lab.runner.desk.bench.net.theta.copy()
        await hands.press("tab", "right", "right", "right", "right", "right", "plus", "escape")  # rate
        assert hands.line == "xor 2-4-1 @50 adam .05"
        await hands.steps(100)
        for _ in range(50):
            await hands.settle()
            if hands.lab.runner.other and hands.lab.runner.other.step == 150:
                break
        other = hands.lab.runner._other
        assert other.step == 150
        assert not (other.bench.net.theta == hands.lab.runner.desk.bench.net.theta).all()
        other.follow(50)
        assert (other.bench.net.theta == theta).all()
        assert "before" in hands.hands.text
        assert "now" in hands.hands.text
        assert hands.hands.lines[1].split() == ["xor", "2-4-1", "@50", "adam", ".05"]
        assert hands.hands.lines[2].split() == ["xor", "2-4-1"]
        await hands.press("comma", "c")
        assert hands.lab.runner.other is None
        assert "before" not in hands.hands.text


async def test_x_opens_the_net_of_a_page_and_q_returns_to_that_page():
    async with opened("wires", "curve", size=(120, 36), still=True) as hands:
        before = hands.lines
        page = hands.app.screen.page
        await hands.press("x")
        lab = hands.app.screen
        assert isinstance(lab, LabScreen)
        await lab.runner.idle()
        assert lab.runner.desk.recipe.sizes == tuple(
            map(len, next(b for b in page.show if isinstance(b, Wires)).names)
        )
        await hands.press("q")
        assert hands.app.screen.page is page
        assert hands.lines == before
        await hands.press("enter", "x")
        assert not isinstance(hands.app.screen, LabScreen)  # no net stands on this page


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[:3])
async def test_i_goes_through_the_instruments_and_back_to_the_loss(size):
    async with in_lab("circle 2-4-1", size) as hands:
        await hands.steps(200)
        if size[0] < 72:
            await hands.press("tab")
        for title in (
            "gradient by layer",
            "update ÷ weight",
            "what layers say",
            "right and wrong",
            "what the doctor names",
        ):
            await hands.press("i")
            assert title in hands.hands.text
            assert max(map(len, hands.hands.lines)) <= size[0]
        await hands.press("i")
        assert "what the doctor names" not in hands.hands.text


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[:3])
async def test_g_opens_the_gradient_and_the_next_step_of_a_weight_and_then_the_loss(size):
    async with in_lab("circle 2-4-1", size) as hands:
        await hands.steps(30)
        await hands.press("enter", "down", "g")
        text = " ".join(hands.hands.text.split())
        assert "W2[1,2] = " in text
        assert "next step" in text
        await hands.press("g")
        assert "L = " in hands.hands.text
        await hands.press("g")
        assert "weight" in hands.hands.text
        assert "∂L/∂z2[1]" in hands.hands.text


async def test_w_writes_a_script_that_says_where_it_is(tmp_path):
    async with opened(home=tmp_path) as hands:
        await hands.app.open_lab("circle 2-4-1")
        await hands.press()
        await hands.app.screen.runner.idle()
        await hands.press("full_stop", "w")
        plain, torch = sorted((tmp_path / "scripts").glob("lab-*.py"))
        for file in (plain, torch):
            compile(file.read_text("utf-8"), str(file), "exec")
        assert ("import torch" in plain.read_text("utf-8"), "import torch" in torch.read_text("utf-8")) == (False, True)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES[:3])
async def test_d_draws_rows_which_become_the_line(size):
    async with in_lab("circle 2-3-1", size) as hands:
        await hands.press(
            "d", "1", *("left", "enter") * 4, "2", "up", *("right", "enter") * 5, "backspace", "enter"
        )
        assert "• 5 yes   ∘ 4 no" in hands.hands.text
        await hands.press("d")
        assert hands.line.startswith("drawn:")
        assert hands.line.endswith("2-3-1")
        before = hands.line
        await hands.press("d")
        assert "• 5 yes   ∘ 4 no" in hands.hands.text
        await hands.press("escape")
        assert hands.line == before


async def test_the_mouse_puts_a_row_where_it_clicks():
    async with in_lab("circle 2-3-1") as hands:
        await hands.press("d")
        at = next(
            (line.index("Draw rows"), y) for y, line in enumerate(hands.hands.lines, 1) if "Draw rows" in line
        )
        await hands.hands.pilot.click(offset=at)
        await hands.settle()
        (row,) = hands.lab.picture.drawing.rows
        assert (row.across, row.yes) == (0, True)
        assert row.up >= 33
        await hands.press("d")
        assert "put 4 of each at least" not in hands.line
        assert hands.lab.picture.drawing is not None


async def test_k_keeps_a_question_which_comes_back_in_today(study):
    async with in_lab("xor xy 1-1", study=study) as hands:
        await hands.press("k")
        (card,) = study.log.glance().cards
        assert card.payload["card"] == {"asks": "passes", "line": "xor xy 1-1", "steps": 1500}
        assert study.library.item(card.item_key)


@pytest.mark.parametrize(
    ("line", "keys", "asks"),
    [
        ("circle 2-4-1 break uphill", (), "curve"),
        ("circle 2-4-1", ("enter",), "doctor"),
        ("circle 2-4-1", ("c",), "better"),
    ],
)
async def test_what_is_asked_of_a_kept_line_is_what_is_seen(line, keys, asks, study):
    async with in_lab(line, study=study) as hands:
        await hands.press(*keys, "k")
        (card,) = study.log.glance().cards
        assert card.payload["card"]["asks"] == asks


async def test_a_line_is_pasted_whole():
    async with in_lab() as hands:
        long = "spiral x y sinx siny 4-5-1 adam .02 noise .1 rows 400 test .3 batch 20 l1 .001 l2 .001 clip 1 goal .9 seed 77"
        hands.lab.pastes(f"  {long}\n")
        await hands.press("enter")
        assert hands.line == long


async def test_while_a_line_is_typed_the_footer_offers_no_key_that_is_a_letter_then():
    async with in_lab() as hands:
        await hands.press("e")
        assert "enter take it" in hands.hands.lines[-1]
        assert "esc let it go" in hands.hands.lines[-1]
        assert not any(name in hands.hands.lines[-1] for name in ("step", "squash", "leave", "20 seeds"))
        await hands.press("ctrl+u", *"xor", "enter")
        assert hands.line == "xor"
        assert "squash" in hands.hands.lines[-1]
        assert "esc" not in hands.hands.lines[-1]
        await hands.press("e", "x", "escape")
        assert hands.line == "xor"
        assert "squash" in hands.hands.lines[-1]


async def test_v_shows_a_hard_edge_and_the_rows_that_are_held_back():
    async with in_lab("circle 2-4-1") as hands:
        await hands.steps(100)
        soft = hands.lab.runner.scene
        await hands.press("v")
        hard = hands.lab.runner.scene
        assert "rows held back" in hands.hands.lines[3]
        assert len(set(b"".join(hard.big.pixels))) <= 3
        assert hard.dots != soft.dots
        wrong = sum(dot.wrong for dot in hard.dots) / len(hard.dots)
        assert 1 - wrong == pytest.approx(hard.scores[1])
        await hands.press("v")
        assert hands.lab.runner.scene.dots == soft.dots


@pytest.mark.slow
async def test_of_many_columns_x_and_y_choose_the_two_that_the_map_spans():
    async with in_lab("wine") as hands:
        before = hands.lab.runner.scene
        assert "ŷ[1]" in hands.hands.text or "x1 → x2 ↑" in hands.hands.text
        await hands.press("X")
        assert "x3 → x2 ↑" in hands.hands.text
        await hands.press("Y", "Y")
        assert "x3 → x5 ↑" in hands.hands.text
        after = hands.lab.runner.scene
        assert after.dots != before.dots
        assert after.big.pixels != before.big.pixels
        at = hands.lab.runner.desk.bench.rows[0].at
        low, high = at[:, 4].min(), at[:, 4].max()
        assert after.dots[3].y == pytest.approx(1 - ((at[3, 4] - low) / (high - low) + 0.05) / 1.1)
        await hands.press("e", *("backspace",) * 4, *"circle", "enter")
        await hands.press("X")
        assert "→" not in hands.hands.lines[3]
        assert hands.lab.runner.thread.is_alive()


async def test_help_lists_the_keys_and_the_words_of_a_line():
    async with in_lab() as hands:
        await hands.press("question_mark")
        text = " ".join(hands.hands.text.split())
        assert "Keys of the Lab" in text
        assert "the newest moment" in text
        for _ in range(4):
            await hands.hands.press("pagedown")
        text = " ".join(hands.hands.text.split())
        assert "schedule in epochs: cosine step warmup" in text


KEYS = ["full_stop", "comma", "greater_than_sign", "less_than_sign", "home", "end", "r", "tab", "left", "right", "up", "down",
        "plus", "minus", "right_square_bracket", "left_square_bracket", "t", "T", "enter", "backspace", "p", "f", "v", "X", "Y", "b", "c", "i", "g",
        "u", "ctrl+r", "escape", "space", "1"]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.nightly)])
async def test_any_keys_leave_a_line_that_reads_back_and_a_picture(seed):
    chance = random.Random(seed)
    keys = [key for key in KEYS if seed > 1 or key not in ("space", "f", "1")]
    async with in_lab(size=chance.choice(SIZES)) as hands:
        for _ in range(40):
            await hands.press(chance.choice(keys))
            assert print_line(read_line(hands.line)) == hands.line
        assert hands.lab.runner.thread.is_alive()
        assert hands.line.split()[0] in hands.hands.lines[1]


@pytest.mark.parametrize("keys", [("e", "enter"), ("b", "enter")], ids=["its own line", "no fault, as before"])
async def test_what_is_so_already_begins_nothing_anew(keys):
    async with in_lab() as lab:
        await lab.steps(50)
        line = lab.line
        await lab.press(*keys)
        assert (lab.step, lab.line) == (50, line)
        await lab.press("u")
        assert lab.step == 50  # and there is nothing to take back
