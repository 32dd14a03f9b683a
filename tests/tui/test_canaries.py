"""What Textual does wrong, and what of ours can go once one of these fails: its reader is then mended."""

from __future__ import annotations

import inspect
import sys

import pytest
from textual._xterm_parser import XTermParser
from textual.notifications import Notification
from textual.timer import Timer
from textual.widgets import OptionList
from textual.widgets._toast import Toast

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has another driver")


def read(text: str) -> list[object]:
    return list(XTermParser().feed(text))


def test_a_byte_that_is_not_utf_8_ends_its_input_thread():
    from textual.drivers.linux_driver import LinuxDriver

    source = inspect.getsource(LinuxDriver.run_input_thread)
    assert 'getincrementaldecoder("utf-8")()' in source, "drops.tui.terminal.input need not decode any more"


@pytest.mark.parametrize("sequence", ["\x1b[1;1;99999999999u", "\x1b[99999999999u"])
def test_a_code_beyond_unicode_ends_its_parser(sequence):
    with pytest.raises((ValueError, OverflowError)):
        read(sequence)


def test_a_sequence_that_it_does_not_know_is_typed_as_keys():
    typed = [key.key for key in read("\x1b]11;rgb:aaaa/bbbb/cccc/qqqqqqqqqqqqqqq\x07")]
    assert "q" in typed


def test_it_takes_the_place_of_a_cursor_for_an_event_and_any_size_for_the_terminals():
    assert [type(one).__name__ for one in read("\x1b[24;80R\x1b[48;1;1;1;1t")] == ["CursorPosition", "Resize"]


def test_a_paste_without_an_end_takes_all_keys_for_ever():
    parser = XTermParser()
    assert list(parser.feed("\x1b[200~12")) == []
    assert [*parser.tick(), *parser.feed("q")] == []


def test_a_terminal_at_its_end_keeps_its_input_thread_spinning():
    from textual.drivers.linux_driver import LinuxDriver

    assert "This can occur if the stdin is piped" in inspect.getsource(LinuxDriver.run_input_thread)


def test_a_writer_that_fails_dies_and_the_app_waits_for_it():
    from textual.drivers._writer_thread import WriterThread

    assert "except" not in inspect.getsource(WriterThread.run)


def test_a_page_up_in_a_list_that_is_not_laid_out_raises():
    found = OptionList("one")
    with pytest.raises(LookupError):
        found._move_page(-1)


def test_a_toast_at_its_expiry_waits_for_a_time_that_is_past_and_such_a_timer_never_ends():
    assert Notification("said", timeout=-1).time_left < 0, "drops.tui.terminal.app.Toasted may go"
    assert "self.set_timer(self._timeout, self._expire)" in inspect.getsource(Toast._on_mount)
    assert "count = int((now - start) / _interval + 1)" in inspect.getsource(Timer._run)


def test_going_on_writes_in_the_handler_of_a_signal_which_may_come_while_it_writes():
    from textual.drivers.linux_driver import LinuxDriver

    assert "self.resume_application_mode()" in inspect.getsource(LinuxDriver._sigcont_application)
    assert "Queue" in inspect.getsource(sys.modules["textual.drivers._writer_thread"])
