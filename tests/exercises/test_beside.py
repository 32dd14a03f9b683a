"""The picture beside "do": what is typed stands in it, what is asked does not, whatever is in hand."""

from itertools import chain

from variants import VARIANTS, draws, every, numbers

from drops.exercises.blocks import Beside, Show, Wires

ASKING = [v for v in VARIANTS if numbers(v.draw(0)) is not None]
TYPED = 3.25  # no number that a kind draws
pytestmark = every(ASKING)


def nets(shown: tuple[Show, ...]) -> list[Wires]:
    inside = (nets(one.blocks) if isinstance(one, Beside) else [one] for one in shown)
    return [one for one in chain.from_iterable(inside) if isinstance(one, Wires)]


def value_at(net: Wires, piece: tuple[str | int, ...]) -> float | None:
    where, layer, i = piece[:3]
    return net.values[layer][i] if where == "unit" else net.under[layer, i][1]


def test_there_is_one_for_every_blank_and_it_says_what_it_shows(variant):
    for exercise in draws(variant, 3):
        ask = numbers(exercise)
        for field in ask.fields:
            shown = ask.picture({}, field.name)
            assert shown
            assert all(block.says for block in shown if hasattr(block, "says"))


def test_no_blank_of_a_net_is_filled_before_it_was_typed_into(variant):
    for exercise in draws(variant, 3):
        ask = numbers(exercise)
        names = {field.name for field in ask.fields}
        for name in names:
            for net in nets(ask.picture({}, name)):
                for piece, field in net.blanks.items():
                    assert field in names
                    assert piece[0] == "wire" or value_at(net, piece) is None


def test_what_was_typed_stands_at_its_blank(variant):
    for exercise in draws(variant, 3):
        ask = numbers(exercise)
        for field in ask.fields:
            for net in nets(ask.picture({field.name: TYPED}, field.name)):
                told = [value_at(net, p) for p, name in net.blanks.items() if name == field.name and p[0] != "wire"]
                assert told == [TYPED] * len(told)


def test_a_wrong_number_is_drawn_as_calmly_as_a_right_one(variant):
    for exercise in draws(variant, 2):
        ask = numbers(exercise)
        for typed in (-1e6, 0.0, 1e6):
            values = {field.name: typed for field in ask.fields}
            assert ask.picture(values, ask.fields[-1].name)
            assert ask.picture(values, "")
