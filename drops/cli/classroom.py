"""A class on a server: who is in it, what it mixes up, and the links by which its learners come in."""

from __future__ import annotations

import argparse
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drops.cli.command import Command
from drops.cli.given import library_of
from drops.cli.printing import say
from drops.errors import DropsError
from drops.text import counted

if TYPE_CHECKING:
    from drops.store.server.classes import Opened
    from drops.store.server.hub import Hub
    from drops.study.shown.classroom import ClassView

LINK = "http://127.0.0.1:8427"  # where `drops serve` is by itself
_COLUMNS = ("learner", "drop", "pages", "answers", "minutes", "last", "stuck")


def run_class(given: argparse.Namespace) -> int:
    words: list[str] = given.words
    if given.store_file is None:
        given.parser.error("name the owner's store file with --store-file FILE")
    verb, wants = _DO.get(words[0], (show, 1)) if words else (list_classes, 0)
    if len(words) != wants:
        takes = f"drops class {words[0]} takes {counted(wants - 1, 'name')}"
        given.parser.error(
            takes if verb is not show else f"a class has one name, {words[0]}; quote one of several words"
        )
    with _owners(given) as hub:
        verb(given, hub)
    return 0


@contextmanager
def _owners(given: argparse.Namespace) -> Iterator[Hub]:
    from drops.store.server.address import OWNER, read_store_file
    from drops.store.server.hub import Hub

    hub = Hub(read_store_file(given.store_file, OWNER)[OWNER], given.store_file)
    try:
        yield hub
    finally:
        hub.close()


def list_classes(_: argparse.Namespace, hub: Hub) -> None:
    from drops.store.server.classes import classes_of

    found = classes_of(hub)
    for name, size in found.items():
        say(f"{name}  {counted(size, 'learner')}")
    if not found:
        say("no class yet; `drops class create NAME --names FILE` makes one")


def create_class(given: argparse.Namespace, hub: Hub) -> None:
    from drops.clock import now
    from drops.store.server import classes

    name, base = given.words[1], _base(given.link)
    if not isinstance(given.names, str):
        given.parser.error("name a file with a learner a line: --names FILE")
    names = classes.read_names(Path(given.names))
    beside = given.store_file.parent
    serve_conf, roster = beside / "serve.conf", beside / f"roster-{_plain(name)}.csv"
    if roster.exists():
        raise DropsError(
            f"{roster} is there already; nothing was made: move it away, it holds learners' links"
        )

    def keep(opened: Opened) -> None:
        from drops.store.file.files import write_whole
        from drops.store.server.address import write_store_file

        rows = [*((who, f"{base}/enter/{token}") for who, token in opened.tokens), _teachers(base, opened)]
        write_whole(roster, _as_csv(("name", "link"), rows).encode())
        if opened.keys:
            write_store_file(serve_conf, opened.keys)

    opened = classes.create(hub, name, names, now(), keep, keys=not serve_conf.exists())
    for who, token in (*opened.tokens, (_TEACHER, opened.teacher)):
        say(f"{who}  {base}/enter/{token}")
    say(f"The links stand in {roster}; they cannot be shown again, only renewed.")
    say(f"`drops serve --store-file {serve_conf}` lets them in.")


def _plain(name: str) -> str:
    """A name as a part of a file's."""
    return re.sub(r"[^\w-]+", "-", name)


_TEACHER = "(teacher)"


def _teachers(base: str, opened: Opened) -> tuple[str, str]:
    return _TEACHER, f"{base}/enter/{opened.teacher}"


def _base(link: str) -> str:
    if not re.fullmatch(r"https?://[\w.\-\[\]:]+/?", link, re.ASCII):
        raise DropsError(
            f"{link[:80]} is no address of a server; for example --link https://drops.school.example"
        )
    return link.rstrip("/")


def add_learner(given: argparse.Namespace, hub: Hub) -> None:
    from drops.clock import now
    from drops.store.server.classes import add

    _, name, learner = given.words
    base = _base(given.link)
    say(f"{learner}  {base}/enter/{add(hub, name, learner, now())}")


def renew_link(given: argparse.Namespace, hub: Hub) -> None:
    from drops.store.server.classes import renew

    _, name, learner = given.words
    base = _base(given.link)
    say(f"{learner}  {base}/enter/{renew(hub, name, learner)}")
    say("The old link opens nothing within a minute.")


def remove_learner(given: argparse.Namespace, hub: Hub) -> None:
    """Their history is written to a file first: it is theirs to take along."""
    from drops.memory.forgetting import TARGET
    from drops.memory.schedule import folded
    from drops.store.log import Log
    from drops.store.server import classes
    from drops.store.server.door import ServerDoor
    from drops.store.transfer import export

    _, name, learner = given.words
    class_id, learner_id = hub.run(
        lambda db: (classes.class_named(db, name), classes.learner_named(db, name, learner))
    )
    door = ServerDoor(hub, learner_id, class_id, given.store_file.parent)
    target = given.store_file.parent / f"{_plain(learner)}-{learner_id.hex()[:8]}.jsonl"
    count = export(Log(door, folded(TARGET)), target)
    classes.remove(hub, name, learner)
    say(f"{learner} is no longer in {name}; {counted(count, 'event')} went to {target}, "
        "which `drops import` takes in")  # fmt: skip


def upgrade_database(_: argparse.Namespace, hub: Hub) -> None:
    from drops.memory.schedule import folded
    from drops.store.file.header import SCHEMA
    from drops.store.server.classes import upgrade
    from drops.study.settings import value

    have = upgrade(hub, lambda settings: folded(value(settings, "retention")))
    say("it is up to date" if have == SCHEMA else f"brought from schema {have} to {SCHEMA}")


def show(given: argparse.Namespace, hub: Hub) -> None:
    from drops.clock import now
    from drops.store.server.classes import class_named
    from drops.store.server.questions import pupils_of
    from drops.study.shown.classroom import class_view

    name = given.words[0]
    hub.check_schema()
    class_id = hub.run(lambda db: class_named(db, name))
    view = class_view(library_of(given), name, pupils_of(hub, class_id), now().day)
    rows = _rows(view, named=given.names is not None)
    if given.json:
        import json

        shared = [{**one._asdict(), "says": one.says} for one in view.shared]
        said: dict[str, Any] = {"class": name, "learners": len(view.pupils), "shared": shared, "rows": rows}
        say(json.dumps(said, ensure_ascii=False, indent=2))
    elif given.csv:
        say(_as_csv(_COLUMNS, [tuple(row.values()) for row in rows]), end="")
    else:
        _print(view, rows)


def _rows(view: ClassView, *, named: bool) -> list[Mapping[str, Any]]:
    """A row a learner. Without names in no order that tells them: by how far they are."""
    pupils = view.pupils if named else sorted(view.pupils, key=lambda one: (-one.pages, -one.answers))
    return [
        {
            "learner": one.name if named else number,
            "drop": one.drop,
            "pages": one.pages,
            "answers": one.answers,
            "minutes": one.minutes,
            "last": one.last.isoformat() if one.last else "",
            "stuck": "; ".join(one.stuck),
        }
        for number, one in enumerate(pupils, 1)
    ]


def _print(view: ClassView, rows: Sequence[Mapping[str, Any]]) -> None:
    say(f"{view.name}: {counted(len(rows), 'learner')}")
    for one in view.shared:
        say(f"  {one.says}  ({one.drop}, as in “{one.item}”)")
    for row in rows:
        told = f"{counted(row['pages'], 'page')}, {counted(row['answers'], 'answer')}, {row['minutes']} min"
        last = f", last on {row['last']}" if row["last"] else ""
        say(f"{row['learner']}  {row['drop'] or 'not begun'}  {told}{last}")
        if row["stuck"]:
            say(f"    {row['stuck']}")


def _as_csv(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    import csv

    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerows([columns, *rows])
    return file.getvalue()


# What is done, and how many words it takes with its own.
_DO: Mapping[str, tuple[Callable[[argparse.Namespace, Hub], None], int]] = {
    "create": (create_class, 2),
    "add": (add_learner, 3),
    "renew": (renew_link, 3),
    "remove": (remove_learner, 3),
    "upgrade": (upgrade_database, 1),
}


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("words", nargs="*", metavar="NAME", help="a class; or what is done, and with whom")
    parser.add_argument(
        "--store-file", type=Path, metavar="FILE", help="names the database: postgresql://…, yours alone"
    )
    parser.add_argument(
        "--names", nargs="?", const=True, metavar="FILE",
        help="with create: a learner a line; else: show names, too",
    )  # fmt: skip
    parser.add_argument("--link", metavar="URL", default=LINK, help=f"where `drops serve` is found ({LINK})")
    shape = parser.add_mutually_exclusive_group()
    shape.add_argument("--json", action="store_true", help="as data, without names")
    shape.add_argument("--csv", action="store_true", help="for a spreadsheet, without names")


CLASS = Command(
    "class",
    "a class on a server: who is where, and what it mixes up",
    run=run_class,
    options=_options,
    examples="""\
examples:
  drops class create 8b --names names.txt --store-file owner.conf
  drops serve --store-file serve.conf --allow-host drops.school.example
  drops class 8b --store-file owner.conf           who is where, without names
  drops class 8b --store-file owner.conf --csv --names
  drops class add 8b "Ada L." --store-file owner.conf
  drops class renew 8b "Ada L." --store-file owner.conf
  drops class remove 8b "Ada L." --store-file owner.conf
  drops class upgrade --store-file owner.conf      after a newer drops came

The database is a PostgreSQL (15 or later) that is yours: owner.conf holds its
address, postgresql://you:password@host/database, readable by you alone. Each
learner's link opens their own course, the teacher's the page that says who is
where; --link says where you serve, as https://drops.school.example. A renewed
link closes the old one. Who is removed takes along all they answered: it is
written to a file first. Learners get no password of the database.
""",
)
