"""How the browser face does with a class of learners at once: python tests/benchmarks/web.py [LEARNERS]

One server process, a home a learner, everybody in a first lesson: reading, answering, turning pages without a
pause. Prints how long a page takes, how many failed, and what the server holds in memory. The clients run on
the same machine: times are an upper bound.
"""

from __future__ import annotations

import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

SERVER = """
import os, sys
os.environ["OPENBLAS_NUM_THREADS"] = "1"
from pathlib import Path
import uvicorn
from drops.clock import now
from drops.course.parse import library_folders, load
from drops.memory.schedule import folded
from drops.store.log import Log
from drops.study.study import Study
from drops.web.app import build_app
from drops.web.seat import Seat
from drops.web.serving import hosts_of, listen

homes, count = Path(sys.argv[1]), int(sys.argv[2])
library = load(library_folders(None))
fold = folded(0.9)
seats = {
    f"learner-{n}": Seat(Study(library, Log.open(homes / str(n), fold, now=now())), now)
    for n in range(count)
}
opened = listen(0, "")


async def seat_of(token):
    return seats.get(token)


app = build_app(hosts_of(opened, ""), "drops", seat_of, "Who are you?")
print(opened.getsockname()[1], flush=True)
uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="off")).run(sockets=[opened])
"""
FIELD = re.compile(
    r'<input type="(text|range|hidden)"[^>]*? name="((?:v\.|piece)[^"]*)"(?: [^>]*?value="([^"]*)")?'
)
PICK = re.compile(r'type="(?:radio|checkbox)" name="pick" value="(\d+)"')
SELECT = re.compile(r'<select id="[^"]*" name="(v\.[^"]*)">.*?</select>', re.DOTALL)


class Client:
    """One learner's browser."""

    def __init__(self, port: int, cookie: str) -> None:
        self.base = f"127.0.0.1:{port}"
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Cookie": cookie, "Origin": f"http://{self.base}"}
        self.took: list[float] = []
        self.failed = 0

    def ask(self, method: str, address: str, body: str | None = None) -> str:
        began = time.perf_counter()
        for _ in range(3):
            headers = self.headers | ({"Content-Type": "application/x-www-form-urlencoded"} if body else {})
            self.line.request(method, address, body, headers)
            answer = self.line.getresponse()
            text = answer.read().decode()
            if answer.status != 303:
                break
            method, address, body = "GET", answer.headers["location"].partition("#")[0], None
        self.took.append(time.perf_counter() - began)
        self.failed += answer.status != 200
        return text

    def learn(self, until: float) -> None:
        """Today's session, and drop after drop."""
        page, drop = self.ask("POST", "/begin", "drop="), 1
        while time.perf_counter() < until:
            key = re.search(r'name="page" value="([^"]+)"', page)
            if key is None:
                drop += 1
                page = self.ask("POST", "/begin", f"drop={drop}")
            elif 'action="/answer"' in page:
                page = self.ask("POST", "/answer", urlencode([("page", key[1]), *filled(page)]))
            else:
                page = self.ask("POST", "/turn", urlencode({"page": key[1]}))


def filled(page: str) -> list[tuple[str, str]]:
    """Something that can be read, in every field."""
    asked = page[page.index('action="/answer"') :]
    fields = [(name, value or "1") for _, name, value in FIELD.findall(asked)]
    picks = [("pick", pick) for pick in PICK.findall(asked)[:1]]
    return [*fields, *picks, *(("sure", "certain") for _ in picks)] + [
        (found[1], re.findall(r'<option value="([^"]+)"', found[0])[0]) for found in SELECT.finditer(asked)
    ]


def memory_of(process: int) -> float:
    """Megabytes that a process holds."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def main(learners: int = 30, seconds: float = 20.0) -> None:
    with tempfile.TemporaryDirectory() as homes:
        server = subprocess.Popen(
            [sys.executable, "-c", SERVER, homes, str(learners)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ},
        )
        try:
            port = int(server.stdout.readline())
            began = memory_of(server.pid)
            clients = [Client(port, f"drops=learner-{n}") for n in range(learners)]
            for pause, name in ((0.0, "without a pause"), (2.0, "a page every two seconds")):
                measure(clients, seconds, pause, name)
            print(f"memory      {began:.0f} MB before, {memory_of(server.pid):.0f} MB after")
        finally:
            server.terminate()
            server.wait(20)


def measure(clients: list[Client], seconds: float, pause: float, name: str) -> None:
    until = time.perf_counter() + seconds
    for client in clients:
        client.took.clear()

    def paced(client: Client, n: int) -> None:
        plain = client.ask

        def ask(method: str, address: str, body: str | None = None) -> str:
            time.sleep(pause)
            return plain(method, address, body)

        time.sleep(pause * n / len(clients))
        if pause:
            client.ask = ask
        client.learn(until)
        client.ask = plain

    threads = [threading.Thread(target=paced, args=(client, n)) for n, client in enumerate(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(one * 1000 for client in clients for one in client.took)
    failed = sum(client.failed for client in clients)
    p95 = took[int(len(took) * 0.95)]
    print(f"{len(clients)} learners, {name}: {len(took)} pages, {len(took) / seconds:.0f} a second")
    print(
        f"  a page      p50 {statistics.median(took):.0f} ms, p95 {p95:.0f} ms, longest {took[-1]:.0f} ms; {failed} failed"
    )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
