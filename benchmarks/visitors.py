"""Visitors of the site: they enter by a one-time link, open pages, and some come twenty at once."""

import gzip
import math
import random
import re
import threading
import time
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse, RemoteDisconnected
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

LOOKS_SECONDS = (0.5, 1.5)
_ASSET = re.compile(r"(?:href|src)=\"(/static/[^\"]+\.(?:css|js))\"")


@dataclass
class Visitor:
    """A browser without a screen: one connection, its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, address: str) -> tuple[int, bytes]:
        """Open a page; return its status and its bytes, unpacked."""
        return self._ask("GET", address)

    def enter(self, link: str) -> None:
        """Spend a one-time link."""
        path = urlsplit(link).path
        _, page = self.get(path)
        token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        words = urlencode({"csrfmiddlewaretoken": token[1].decode() if token else ""})
        status, _ = self._ask("POST", path, words)
        if status != 302:
            message = f"{link} does not let in: {status}"
            raise RuntimeError(message)

    def again(self) -> "Visitor":
        """Return the same person at another window."""
        return Visitor(self.port, dict(self.cookies))

    def close(self) -> None:
        """Leave."""
        self._connection.close()

    def _ask(self, method: str, address: str, words: str = "") -> tuple[int, bytes]:
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Encoding": "gzip",
            "Referer": f"http://127.0.0.1:{self.port}{address}",
        }
        if words:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._connection.request(method, address, words or None, headers)
            answer = self._connection.getresponse()
        except RemoteDisconnected:  # the site closed a connection that was idle for long: a browser asks anew
            self._connection.close()
            self._connection.request(method, address, words or None, headers)
            answer = self._connection.getresponse()
        body = answer.read()
        self._keep(answer)
        packed = answer.headers.get("Content-Encoding") == "gzip"
        return answer.status, gzip.decompress(body) if packed else body

    def _keep(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


def is_answering(port: int) -> bool:
    """Tell whether the site shows its public page."""
    visitor = Visitor(port)
    try:
        return visitor.get("/jobs/")[0] == 200
    except OSError:
        return False
    finally:
        visitor.close()


def weight(visitor: Visitor, address: str) -> int:
    """Return the bytes of a page and of the style sheets and scripts it asks for, packed with gzip."""
    _, page = visitor.get(address)
    assets = {found.decode() for found in _ASSET_BYTES.findall(page)}
    return sum(
        len(gzip.compress(data, 6)) for data in [page, *(visitor.get(asset)[1] for asset in sorted(assets))]
    )


_ASSET_BYTES = re.compile(_ASSET.pattern.encode())


def seconds_of(visitor: Visitor, address: str, *, users: int, times: int) -> list[float]:
    """Let ``users`` open a page ``times`` each, all at once; return all times.

    Each looks at a page for half a second to one and a half (drawn, the same in every run) before the next.
    """
    spent: list[float] = []
    faults: list[int] = []
    barrier = threading.Barrier(users)

    def visit(user: int) -> None:
        one, draw = visitor.again(), random.Random(user)  # noqa: S311 (no secret)
        barrier.wait()
        for _ in range(times):
            time.sleep(draw.uniform(*LOOKS_SECONDS))
            begun = time.perf_counter()
            status, _page = one.get(address)
            spent.append(time.perf_counter() - begun)
            if status != 200:
                faults.append(status)
        one.close()

    threads = [threading.Thread(target=visit, args=(user,)) for user in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        message = f"{address}: {len(faults)} of {len(spent)} answers were no page: {sorted(set(faults))}"
        raise RuntimeError(message)
    return spent


def percentile(values: list[float], share: float) -> float:
    """Return the value that ``share`` of all values do not exceed (nearest rank).

    >>> percentile([3.0, 1.0, 2.0, 4.0], 0.5)
    2.0
    """
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
