"""What is written is what is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drops.course.markup import links
from drops.course.model import ExerciseFence, FigureFence, Place, Quiz, QuizOption, WrongValue
from drops.course.parse import library_folders, load
from drops.course.questions import read_number
from drops.errors import Unknown
from lessons import parse_drop

FILE = "content/sums/01-one-sum.md"


def test_a_lesson_becomes_its_values_with_their_lines(lesson: str) -> None:
    drop = parse_drop(lesson, FILE, 1)
    assert (drop.id, drop.number, drop.title, drop.phase, drop.minutes) == (
        "one-sum",
        1,
        "One sum",
        "first",
        6,
    )
    assert (drop.goal, drop.leaves_out, drop.teaches, drop.needs) == (
        "Add two numbers",
        ("training",),
        ("bias",),
        (),
    )
    assert drop.misconceptions == {"bias-as-slope": "takes the bias for the slope"}
    assert drop.carry_forward == ("Sums add.",)
    assert str(drop.place) == f"{FILE}:2"


def test_a_section_alternates_prose_and_live_figures(lesson: str) -> None:
    (section,) = parse_drop(lesson, FILE, 1).sections
    assert section.heading == "What a sum is"
    assert section.parts == (
        "A sum adds. The [bias](term:bias) adds once more.",
        FigureFence("toy", {"x": 2}, {"z": 3.0}, Place(FILE, 21)),
        "After the figure.",
    )


def test_a_claim_keeps_what_it_expects(lesson: str) -> None:
    (claim,) = parse_drop(lesson, FILE, 1).claims
    assert (claim.says, claim.experiment, claim.params) == ("Toys add up", "toy_runs", {"runs": 3})
    assert claim.expect == {"share": 0.5, "steps": {"at_most": 9}}
    assert claim.place.line == 12


def test_an_exercise_fence_separates_its_own_keys_from_the_kinds_parameters(lesson: str) -> None:
    (fence,) = parse_drop(
        lesson.replace('title = "one sum"', 'title = "one sum"\ntop = 5'), FILE, 1
    ).exercises
    assert fence == ExerciseFence(
        "by-hand", "toy", {"top": 5}, True, 2, "one sum", fence.place, "Work it out."
    )


def test_each_form_of_answers_makes_its_own_question(lesson: str) -> None:
    drop = parse_drop(lesson, FILE, 1)
    one, number, order = (item for item in drop.quiz if isinstance(item, Quiz))
    assert one.question == "Which number shifts the sum?\n\nIt is added once."
    assert one.options == (
        QuizOption("the bias", True, "It is added whatever the input is.", "", 40),
        QuizOption("the weight", False, "A weight multiplies.", "bias-as-slope", 43),
    )
    assert (one.asks, one.keep, number.asks, number.keep, order.asks) == (
        "one",
        True,
        "number",
        False,
        "order",
    )
    assert (number.answer, number.tolerance, number.feedback) == ("3", 0.005, "2 + 1 = 3.")
    assert number.wrong == (WrongValue("−1.5", "doubled", "That is something else.", 55),)
    assert number.expect == {"figure": "toy", "params": {"x": 2}, "number": "z"}
    assert (order.pieces, order.feedback) == (("multiply", "add"), "Products first.")
    (many,) = drop.review
    assert isinstance(many, Quiz)
    assert (many.asks, [option.right for option in many.options]) == ("many", [True, True, False])


def test_what_stands_in_review_always_comes_back(lesson: str) -> None:
    assert list(parse_drop(lesson, FILE, 1).kept) == ["one-sum/by-hand", "one-sum/shift", "one-sum/numbers"]


def test_a_heading_may_introduce_an_exercise_within_the_quiz(lesson: str) -> None:
    fence = '### Find the wrong line\nLook closely.\n```exercise toy\nid = "wrong"\nlevel = 3\n```\n## Review'
    wrong = parse_drop(lesson.replace("## Review", fence), FILE, 1).quiz[-1]
    assert isinstance(wrong, ExerciseFence)
    assert (wrong.title, wrong.level, wrong.before, wrong.keep) == (
        "Find the wrong line",
        3,
        "Look closely.",
        False,
    )


def test_headings_and_lists_within_code_are_code(lesson: str) -> None:
    code = "```python\n## no heading\n- [x] no option\n```"
    drop = parse_drop(lesson.replace("After the figure.", code), FILE, 1)
    assert drop.sections[0].parts[-1] == code


def test_the_same_text_gives_equal_values_and_another_digest_gives_others(lesson: str) -> None:
    first, again = parse_drop(lesson, FILE, 1), parse_drop(lesson, FILE, 1)
    assert first == again
    changed = parse_drop(lesson.replace("Sums add.", "Sums do add."), FILE, 1)
    assert changed.digest != first.digest
    assert changed._replace(digest=first.digest, carry_forward=first.carry_forward) == first


def test_line_ends_and_a_byte_order_mark_make_no_difference(write, lesson: str) -> None:
    plain = load([write()]).paths
    folder = write()
    (folder / "sums/01-one-sum.md").write_bytes(b"\xef\xbb\xbf" + lesson.replace("\n", "\r\n").encode())
    assert load([folder]).paths == plain


def test_control_and_hidden_characters_never_get_into_a_value(lesson: str) -> None:
    hostile = "Sums\x1b]52;c;aGk=\x07 a\u202edd&#27;[2J&#x1b;&ZeroWidthSpace;."
    drop = parse_drop(lesson.replace("Sums add.", hostile), FILE, 1)
    assert drop.carry_forward == ("Sums add[2J.",)


def test_a_path_page_becomes_its_values(write) -> None:
    (path,) = load([write()]).paths
    assert (path.id, path.title, path.emoji, path.summary, path.minutes) == ("sums", "Sums", "", "Adding.", 6)
    assert path.learn == ("To add", "To add again")
    assert path.why == "Sums are everywhere, as [the first drop](drop:one-sum) shows."
    assert path.glossary == {"bias": "What is added once.", "hidden layer": "One in between."}
    assert path.faq == (("Why add?", "Because."),)
    assert path.teaches["product"] == "beyond this path: a book on products"
    assert [(phase.id, [drop.id for drop in phase.drops]) for phase in path.phases] == [
        ("first", ["one-sum"])
    ]
    assert path.outcomes[0].shown_by == ("one-sum",)
    assert path.resources[0].url == "https://example.org/film"


def test_a_drop_is_found_by_id_number_or_title_even_where_numbers_have_gaps(write, lesson: str) -> None:
    third = lesson.replace("one-sum", "third").replace("One sum", "Third")
    library = load([write(**{"01-one-sum": lesson, "03-third": third})])
    assert [library.drop(name).id for name in ("one-sum", "1", "3", "Third")] == [
        "one-sum",
        "one-sum",
        "third",
        "third",
    ]
    with pytest.raises(Unknown, match='no drop "2"'):
        library.drop("2")


def test_further_libraries_stand_beside_the_bundled_one(write, tmp_path: Path) -> None:
    bundled, *more = library_folders(f"{tmp_path}/a:{tmp_path}/b")
    assert (bundled.name, more) == ("content", [tmp_path / "a", tmp_path / "b"])
    assert library_folders(None) == library_folders("") == [bundled]


def test_numbers_are_read_as_lessons_print_them() -> None:
    assert [read_number(text) for text in ("−1.5", "1/64", "+.5", "-0", "3.")] == [
        -1.5,
        1 / 64,
        0.5,
        0.0,
        3.0,
    ]


# ── print and read again ──────────────────────────────────────────────────────────────────

words = st.lists(st.text("abcxyzäß", min_size=1, max_size=6), min_size=1, max_size=5).map(" ".join)
ids = st.from_regex(r"[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
values = st.integers(-40, 40).map(lambda n: n / 4)


@st.composite
def quizzes(draw: st.DrawFn) -> Quiz:
    asks = draw(st.sampled_from(["one", "many", "number", "order"]))
    question = draw(words) + "?" + (" Choose all that apply." if asks == "many" else "")
    question += "".join(f"\n\n{text}" for text in draw(st.lists(words, max_size=2)))
    options: tuple[QuizOption, ...] = ()
    if asks in ("one", "many"):
        rights = [True, *draw(st.lists(st.booleans() if asks == "many" else st.just(False), max_size=3))]
        options = tuple(
            QuizOption(draw(words), right, draw(words), "" if right else draw(st.just("") | ids))
            for right in rights
        )
    return Quiz(
        id=draw(ids),
        asks=asks,
        question=question,
        options=options,
        answer=f"{draw(values):g}" if asks == "number" else "",
        tolerance=draw(st.sampled_from([0.005, 0.25])) if asks == "number" else 0.005,
        feedback="\n\n".join(draw(st.lists(words, max_size=2))) if asks in ("number", "order") else "",
        keep=draw(st.booleans()),
        called=draw(st.just("") | words),
        place=Place("", 0),
        expect={},
        wrong=tuple(WrongValue(f"{v:g}", draw(st.just("") | ids), draw(words)) for v in draw(st.lists(values, max_size=2)))
        if asks == "number"
        else (),
        pieces=tuple(draw(st.lists(words, min_size=2, max_size=4, unique=True))) if asks == "order" else (),
    )


def printed(quiz: Quiz) -> str:
    """A question as an author would write it."""
    head, _, body = quiz.question.partition("\n\n")
    called = f' title="{quiz.called}"' if quiz.called else ""
    lines = [f"### {head} {{#{quiz.id}{' .keep' if quiz.keep else ''}{called}}}", body, ""]
    for option in quiz.options:
        tail = f" `{option.diagnoses}`" if option.diagnoses else ""
        lines += [f"- [{'x' if option.right else ' '}] {option.text}{tail}", f"  > {option.feedback}"]
    why = [f"> {line}" for line in quiz.feedback.split("\n")] if quiz.feedback else []
    if quiz.asks == "number":
        lines += [f"= {quiz.answer} ± {quiz.tolerance:g}", *why, ""]
        for value, name, feedback, _ in quiz.wrong:
            lines += [f"- {value}" + (f" `{name}`" if name else ""), f"  > {feedback}"]
    lines += [f"{n}. {piece}" for n, piece in enumerate(quiz.pieces, 1)]
    lines += why if quiz.asks == "order" else []
    return "\n".join(lines) + "\n"


@pytest.mark.slow
@given(st.lists(quizzes(), min_size=1, max_size=4, unique_by=lambda quiz: quiz.id))
def test_questions_printed_are_read_back_as_they_were(asked: list[Quiz]) -> None:
    front = '+++\nid = "a"\ntitle = "A"\nphase = "p"\nminutes = 1\ngoal = "g"\n+++\n'
    drop = parse_drop(front + "## Quiz\n" + "\n".join(map(printed, asked)), "a.md", 1)
    read = [
        quiz._replace(
            place=Place("", 0),
            options=tuple(o._replace(line=0) for o in quiz.options),
            wrong=tuple(w._replace(line=0) for w in quiz.wrong),
            answer_line=0,
        )
        for quiz in drop.quiz
        if isinstance(quiz, Quiz)
    ]
    assert read == asked


def test_a_link_leads_to_a_drop_a_term_or_an_address_and_says_what_stands_there(
    write: Callable[..., Path],
) -> None:
    course = load([write()])
    text = "[a](drop:one-sum), [b](term:r²) and [c](https://example.org/a_b)"
    assert links(text) == ["drop:one-sum", "term:r²", "https://example.org/a_b"]
    assert course.linked("drop:one-sum") == ("drop 1", "**One sum**\n\nAdd two numbers.\n\n- Sums add.")
    assert course.linked("term:Hidden-Layer") == ("hidden layer", "One in between.")
    assert course.linked("https://example.org")[0] == "https://example.org"
    with pytest.raises(Unknown, match='no drop "two-sums"; did you mean "one-sum"'):
        course.linked("drop:two-sums")
    with pytest.raises(Unknown, match='no term "biass"; did you mean "bias"'):
        course.linked("term:biass")
