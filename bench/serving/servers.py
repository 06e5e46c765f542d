"""Starts the product and its peers on the loopback, each with the product's server settings, and ends what it started."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench.serving.processor import milliseconds

ROOT = Path(__file__).resolve().parent.parent.parent
REQUIREMENTS = ROOT / "bench" / "requirements-datasette.txt"
# Sessions and cursors of the measured site; it holds nothing secret.
SECRET = "bench-" * 10
PATIENCE = 60


@dataclass
class Server:
    """A running server: its name, its port, its process, and the database server that works for it."""

    name: str
    port: int
    process: subprocess.Popen
    postmaster: int | None = None
    cookie: str = ""
    _connection: object = field(default=None, repr=False)

    def used(self):
        return milliseconds(self.process.pid, self.postmaster)

    def get(self, path, cookie=""):
        """The body of an answer; raises ``RuntimeError`` unless it is a 200."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE * 5)
        try:
            self._connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
            answer = self._connection.getresponse()
            body = answer.read()
        except (http.client.HTTPException, ConnectionError):
            # The server closes a connection that was idle, and replaces workers.
            self._connection = None
            return self.get(path, cookie)
        if answer.status != 200:
            raise RuntimeError(f"{self.name} answers {answer.status} to {path}: {body[:300]}")
        return body


@contextlib.contextmanager
def started(url, folder, postmaster=None):
    """``{name: Server}`` of all that can run; ended when the block ends, whatever happens."""
    with contextlib.ExitStack() as stack:
        running = {}
        for name, (command, environment, ready) in _commands(url, folder).items():
            port = _free_port()
            process = _start(
                name, [part.format(port=port) for part in command], environment | {"PORT": str(port)}, folder
            )
            stack.callback(_end, process)
            running[name] = Server(name, port, process, None if name == "datasette" else postmaster)
            _wait(running[name], ready)
        yield running


def _commands(url, folder):
    """``{name: (command, environment, a path that answers once it is up)}``."""
    environment = os.environ | {
        "DATABASE_URL": url, "CONCORDANCE_VAR": str(folder), "SECRET_KEY": SECRET, "CONCORDANCE_API_RATE": "1000000/min",
    }  # fmt: skip
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "gunicorn.conf.py")]
    plain = environment | {"DJANGO_SETTINGS_MODULE": "bench.peers.drf_settings"}
    commands = {
        "product": ([*gunicorn, "kb.wsgi"], environment, "/healthz"),
        "drf": ([*gunicorn, "bench.peers.drf_wsgi:application"], plain, "/agreements/?page_size=1"),
        "sql": ([*gunicorn, "bench.peers.sql:application"], environment, "/list"),
    }
    if url.startswith("sqlite") and (program := _datasette(folder)):
        settings = {
            "sql_time_limit_ms": 20000,
            "max_returned_rows": 1000,
            "num_sql_threads": 3,
            "suggest_facets": "off",
        }
        options = [part for name, value in settings.items() for part in ("--setting", name, str(value))]
        file = unquote(urlsplit(url).path[1:])
        commands["datasette"] = (
            [program, "serve", file, "-p", "{port}", *options],
            dict(os.environ),
            "/-/versions.json",
        )
    return commands


def _datasette(folder):
    """The program, installed into its own environment; ``None`` with a line that says so where that fails."""
    home = Path(folder, "datasette-env")
    program = home / "bin" / "datasette"
    if program.exists():
        return str(program)
    try:
        subprocess.run([sys.executable, "-m", "venv", home], check=True, timeout=120)
        install = [home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS]
        subprocess.run(install, check=True, timeout=300, stderr=subprocess.DEVNULL)
    except (subprocess.SubprocessError, OSError) as error:
        print(f"left out: Datasette cannot be installed ({type(error).__name__})", flush=True)
        return None
    return str(program)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _start(name, command, environment, folder):
    with open(Path(folder, f"{name}.log"), "wb") as log:
        # A session of its own, so that the whole tree can be ended.
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True)


def _wait(server, path):
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if server.process.poll() is not None:
            break
        with (
            contextlib.suppress(OSError, http.client.HTTPException),
            socket.create_connection(("127.0.0.1", server.port), 1),
        ):
            server.get(path)
            return
        time.sleep(0.2)
    raise SystemExit(f"{server.name} did not start; see its log")


def _end(process):
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
            return
