"""The path that drops comes with: it reads, it checks, and its lessons are of the promised size."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from markdown_it import MarkdownIt

from drops.course.check import check
from drops.course.model import Drop, LearningPath
from drops.course.parse import library_folders
from drops.course.questions import read_number
from drops.course.source import OUR_FENCES, Fence, Heading, read_source
from lessons import lessons
from nnlab import Net

FILES = sorted(library_folders(None)[0].glob("*/*.md"))
PATH = "understand-neural-network-fundamentals"

PROMISED = [
    ("A neuron is a weighted sum and a squash, nothing more", 6),
    ("One layer draws lines; two layers draw shapes", 6),
    ("The squash is what makes the whole thing work", 6),
    ("A network is a stack of weighted sums separated by squashes", 7),
    ("Lay out the 2-3-1 network as numbers, not boxes", 6),
    ("Compute z, apply ReLU, write down h", 7),
    ("One last weighted sum gives you the prediction", 6),
    ("The loss is one number that says how wrong you are", 6),
    ("Backpropagation is the chain rule with a spreadsheet", 7),
    ("You inherited a model with sigmoid hidden layers and slow training", 7),
    ("Same parameter budget — go wider or deeper?", 7),
    ("Your friend says any neural net can learn any function", 7),
    ("Three teammates, three opinions on hidden layer width", 7),
    ("Draw the architecture for a real tabular problem and defend it", 12),
]
PROMISED_NEXT = [
    ("Read it before you touch it", 7),
    ("Bring all columns to one size", 6),
    ("The start decides whether a signal arrives", 7),
    ("The rate has a cliff", 7),
    ("A batch buys a steadier step", 6),
    ("Momentum remembers", 6),
    ("Adam in four numbers", 6),
    ("Batch norm keeps every layer in range", 7),
    ("Weight decay pulls back", 6),
    ("Dropout: no unit may lean on one other", 6),
    ("Slow down, and know when to stop", 6),
    ("Rounds", 16),
]
PHASES = [
    ("A Neuron Is Just Arithmetic", "See a neuron as arithmetic, not biology", range(1, 5)),
    ("Forward Pass by Hand", "Run a forward pass on a 2-3-1 net by hand", range(5, 10)),
    ("Activations, Depth, and Width", "Pick activations, depth, and width with reasons", range(10, 14)),
    ("Design a Tabular Architecture", "Design and defend a tabular-problem architecture", range(14, 15)),
]
ASKED = [
    "What is a neuron in a neural network, really?",
    "Why do neural networks need activation functions?",
    "What's the difference between depth and width in a neural network?",
    "How does backpropagation actually update the weights?",
    "How do I choose an architecture for a tabular dataset?",
]


@pytest.fixture(scope="module")
def path() -> LearningPath:
    return next(path for path in lessons().paths if path.id == PATH)


def test_titles_minutes_and_phases_are_as_promised(path: LearningPath) -> None:
    for drop in path.drops:
        assert (drop.title, drop.minutes) == PROMISED[drop.number - 1]
    for phase, (title, goal, numbers) in zip(path.phases, PHASES, strict=True):
        assert (phase.title, phase.goal) == (title, goal)
        assert {drop.number for drop in phase.drops} <= set(numbers)
    assert path.minutes == sum(minutes for _, minutes in PROMISED) == 97


def test_the_second_path_has_the_promised_titles_minutes_and_sizes() -> None:
    path = lessons().path("when-a-network-does-not-learn")
    assert [(drop.title, drop.minutes) for drop in path.drops] == PROMISED_NEXT
    assert path.minutes == sum(minutes for _, minutes in PROMISED_NEXT) == 86
    assert [len(phase.drops) for phase in path.phases] == [3, 4, 4, 1]
    for drop in path.drops:
        assert 3 <= len(drop.sections) <= 5, drop.id
        assert 200 <= words(drop) <= 450, drop.id
        assert 3 <= len(drop.kept) <= (10 if drop.id == "rounds" else 5), drop.id  # seven cases come back there
        assert drop.gain, drop.id


def test_the_five_questions_are_asked_as_promised_and_answered_in_sixty_to_a_hundred_and_twenty_words(
    path,
) -> None:
    assert [question for question, _ in path.faq] == ASKED
    for question, answer in path.faq:
        assert 60 <= len(answer.split()) <= 120, question


def test_key_terms_are_explained_in_one_or_two_sentences(path: LearningPath) -> None:
    for term, meaning in path.glossary.items():
        assert 5 <= len(meaning.split()) <= 50, term
    assert len(path.glossary) >= 50


def test_the_page_says_everything_that_was_promised(path: LearningPath) -> None:
    assert all([path.summary, path.why, path.learn, path.pitfall, path.prerequisites, path.teaches])
    assert "**Done when**" in path.practice
    assert (len(path.outcomes), len(path.resources)) == (4, 3)


def test_the_practice_gives_the_numbers_that_the_engine_gives(path: LearningPath) -> None:
    """The page's network, read off its table, run forward and backward at the page's input."""
    rows = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in path.practice.splitlines()
        if line.startswith("| ")
    ]
    units = {row[0]: ([read_number(w) for w in row[1].split(", ")], read_number(row[2])) for row in rows[1:]}
    net = Net("2-3-1", hidden="relu", loss="mse")
    net[0].W[:] = [units[h][0] for h in ("h₁", "h₂", "h₃")]
    net[0].b[:] = [units[h][1] for h in ("h₁", "h₂", "h₃")]
    net[1].W[:], net[1].b[:] = [units["ŷ"][0]], units["ŷ"][1]
    assert "The inputs are 2 and −1." in path.practice
    assert "The right answer would have been 1" in path.practice
    seen = {row.name: np.ravel(row.value).tolist() for row in net.trace([2.0, -1.0], 1.0)}
    assert "z = (1, −2, 2), h = (1, 0, 2), ŷ = 2, loss 1." in path.practice
    assert (seen["z1"], seen["h1"], seen["yhat"], seen["L"]) == ([1, -2, 2], [1, 0, 2], [2], [1])
    assert "the gradient 2·1·2 = 4, so a step with learning rate 0.01 takes it to 0.46" in path.practice
    assert seen["dW2"] == [2, 0, 4]  # the weight from h₂ stays where it is
    assert net[1].W[0, 2] - 0.01 * seen["dW2"][2] == pytest.approx(0.46)


@pytest.mark.nightly  # as `drops check` says, which goes before every change
def test_the_course_has_no_problems_once_it_is_whole(path: LearningPath) -> None:
    problems = [str(problem) for problem in check(library_folders(None))]
    if len(path.drops) < len(PROMISED):
        pytest.skip(f"{len(path.drops)} of {len(PROMISED)} lessons are written")
    assert problems == []


def test_every_lesson_has_the_promised_size(path: LearningPath) -> None:
    for drop in path.drops:
        assert 3 <= len(drop.sections) <= 5, drop.id
        assert 250 <= words(drop) <= 450, drop.id
        assert 3 <= len(drop.quiz) <= 8, drop.id  # what its minutes leave room for
        assert 3 <= len(drop.kept) <= 5, drop.id


def words(drop: Drop) -> int:
    return sum(len(part.split()) for s in drop.sections for part in s.parts if isinstance(part, str))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_full_markdown_parser_sees_the_same_headings_and_fences(file: Path) -> None:
    source = read_source(file, file.name)
    first = source.body_line
    tokens = MarkdownIt("commonmark").parse("\n".join(source.lines[first - 1 :]))
    lines = {
        token.map[0] + first
        for token in tokens
        if token.map and token.type == "heading_open" and token.tag in ("h2", "h3", "h4")
    }
    fences = {
        token.map[0] + first
        for token in tokens
        if token.map
        and token.type == "fence"
        and token.info.partition(" ")[0] in OUR_FENCES
    }
    parts = source.parts()
    assert {part.line for part in parts if isinstance(part, Heading)} == lines
    assert {part.line for part in parts if isinstance(part, Fence)} == fences


SUBJECTS = (
    "neuron", "weight", "bias", "activation function", "ReLU", "sigmoid", "tanh", "GELU", "softmax", "layer", "hidden layer",
    "forward pass", "loss function", "mean squared error", "cross-entropy", "gradient descent", "learning rate",
    "chain rule", "backpropagation", "vanishing gradients", "initialisation", "epochs and iterations", "batches",
    "overfitting", "dropout", "weight decay", "batch normalisation", "learning-rate schedules", "early stopping",
    "embeddings", "convolutional networks (CNN)", "recurrent networks (RNN)", "LSTM and GRU",
    "transformers and language models",
)  # fmt: skip


def test_every_subject_is_pointed_to_a_drop_that_exercises_it(path: LearningPath) -> None:
    drops = {drop.id: drop for drop in lessons()}
    for subject in SUBJECTS:
        assert drops[path.teaches[subject]].exercises, subject


def test_no_path_leaves_a_subject_of_the_library_to_its_glossary() -> None:
    beyond = {s: where for p in lessons().paths for s, where in p.teaches.items() if where.startswith("beyond")}
    assert set(beyond) <= {"automatic differentiation"}  # the engine does it; a lesson says what it does for you
