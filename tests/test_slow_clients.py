"""Clients who open connections and say little do not keep the server from others. On the loopback address, with the real server."""

import http.client
import os
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
THREADS, CLIENTS = 2, 12
# The real settings, with less patience, lest the test take as long as they allow.
CONFIG = f"""
exec(open("gunicorn.conf.py").read())
from kb.ops.worker import Worker
Worker.HEADERS = 0.5
bind, workers, threads = "127.0.0.1:0", 1, {THREADS}
def when_ready(server):
    print(server.LISTENERS[0].getsockname()[1], flush=True)
"""


@pytest.fixture
def port(tmp_path):
    """The port of a server of our own, stopped at the end."""
    (tmp_path / "conf.py").write_text(CONFIG)
    command = [sys.executable, "-m", "gunicorn", "-c", tmp_path / "conf.py", "kb.wsgi"]
    environment = {"PATH": os.environ["PATH"], "CONCORDANCE_VAR": str(tmp_path)}
    with (
        open(tmp_path / "log", "wb") as log,
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log) as server,
    ):
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()
            server.wait(timeout=60)


def ask(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/healthz")
    answer = connection.getresponse()
    return answer.status, answer.read()


@pytest.mark.parametrize(
    "beginning", [b"", b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "], ids=["nothing", "a letter", "half"]
)
def test_the_supervisor_is_answered_beside_slow_clients(port, beginning):
    with ExitStack() as open_connections:
        for _number in range(CLIENTS):
            client = open_connections.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60))
            client.sendall(beginning)
        assert ask(port) == (200, b"ok\n")
        # The last of them is cut off as well, without an answer.
        assert client.recv(1000) == b""


def test_a_connection_serves_one_request_after_another(port):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for _number in range(3):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"ok\n")
