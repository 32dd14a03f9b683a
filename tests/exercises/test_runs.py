"""Every training that an exercise shows: its first picture soon, its end in time."""

import time

import pytest
from variants import VARIANTS, Variant, draws, every, said

from drops.exercises import fading
from drops.exercises.blocks import Run, Words
from pace import slowness

MOMENTS = 20  # that a run has at least: played in four seconds, five a second


def runs(variant: Variant) -> list[Run]:
    return [step.ask for step in fading.steps(draws(variant, 1)[0], 2, {}) if isinstance(step.ask, Run)]


WITH_RUNS = [variant for variant in VARIANTS if runs(variant)]


@every(WITH_RUNS)
def test_a_run_has_its_page_to_itself_and_says_at_its_end_what_it_has_shown(variant):
    for exercise in draws(variant, 6):
        for step in fading.steps(exercise, 2, {}):
            if isinstance(step.ask, Run):
                assert all(isinstance(one, Words) for one in step.show)
                assert step.ask.closes


RUNNING = [variant for variant in VARIANTS if variant.params == "{}" and runs(variant)]


@every(RUNNING)
def test_a_run_paints_its_first_picture_soon(variant):
    for run in runs(variant):
        for frame, _ in zip(run.frames(1), range(3_000), strict=False):
            if frame is not None:
                assert frame.show
                assert frame.says
                assert 0 <= frame.done <= 1
                break
        else:
            pytest.fail("no frame")


@every(RUNNING)
@pytest.mark.slow
@pytest.mark.usefixtures("no_collection")
def test_a_run_grows_to_its_end_within_three_seconds_of_work(variant):
    for run in runs(variant):
        start, done, longest = time.process_time(), [], 0.0
        frames = run.frames(2)
        while True:
            before = time.process_time()
            try:
                frame = next(frames)
            except StopIteration:
                break
            longest = max(longest, time.process_time() - before)
            if frame is not None:
                done.append(frame.done)
                assert all(text is not None for text in said(frame.show))
        assert done == sorted(done)
        assert len(done) >= MOMENTS
        assert done[-1] == 1
        slow = slowness()
        assert time.process_time() - start < 3 * slow
        assert longest < 0.1 * slow
