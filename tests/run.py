"""Runs the tests on SQLite and again on a PostgreSQL made for the occasion, and says what was left out.

`make test` calls it; arguments go to pytest (`make test ARGS="-k guard"`). With CONCORDANCE_STRICT=1
whatever cannot run is a failure.
"""

import contextlib
import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parent.parent
STRICT = os.environ.get("CONCORDANCE_STRICT") == "1"
# The shell draws the same pages with a sixth less work.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
COUNTS = ("tests", "failed", "skipped")


def main(arguments):
    """Both runs, then a summary; the exit status is 0 only when all that should run ran and passed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    left_out, totals, sound = [], dict.fromkeys(COUNTS, 0), True

    browser = chromium_path()
    if not browser:
        left_out.append("browser tests: no chromium found (install it or name it in CHROMIUM)")

    sound &= run_pytest("SQLite", arguments, totals, browser)
    binaries = postgresql_binaries()
    if binaries:
        with postgresql(binaries) as url:
            # What pages look like, and what their scripts do, does not depend on the database.
            chosen = ["-m", "not appearance and not script", *arguments]
            sound &= run_pytest("PostgreSQL", chosen, totals, browser, DATABASE_URL=url)
    else:
        left_out.append("PostgreSQL: initdb and postgres not found in PATH or /usr/lib/postgresql")

    failed = totals["failed"]
    print()
    for line in left_out:
        print(f"left out: {line}")
    if left_out and STRICT:
        print("CONCORDANCE_STRICT=1: nothing may be left out.")
        failed += len(left_out)
    passed = totals["tests"] - totals["failed"] - totals["skipped"]
    print(f"{passed} passed, {failed} failed, {totals['skipped']} skipped")
    return 0 if sound and passed and not failed else 1


def chromium_path():
    """The browser to start, or None."""
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def run_pytest(title, arguments, totals, browser, **environment):
    """One pytest run whose counts are added to the totals; True when pytest found nothing wrong."""
    print(f"\n== {title} ==", flush=True)
    variables = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"} | environment
    if browser:
        variables["CHROMIUM"] = browser
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.xml")
        # In the order of conftest.py: by their numbers of tests, long modules of few tests would come last.
        workers = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder"]
        command = [sys.executable, "-m", "pytest", *workers, f"--junitxml={report}", *arguments]
        status = subprocess.run(command, cwd=ROOT, env=variables, check=False).returncode
        if report.exists():
            for test in ElementTree.parse(report).iter("testcase"):
                # A test with many cases is one test, however many of them failed.
                outcomes = {outcome.tag for outcome in test}
                totals["tests"] += 1
                totals["failed"] += bool(outcomes & {"failure", "error"})
                totals["skipped"] += "skipped" in outcomes
    return status == 0


def postgresql_binaries():
    """The newest folder that has both programs, or None."""
    folders = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[4]), reverse=True)
    on_path = shutil.which("initdb")
    if on_path:
        folders.append(str(Path(on_path).resolve().parent))
    return next((Path(f) for f in folders if Path(f, "initdb").exists() and Path(f, "postgres").exists()), None)


@contextlib.contextmanager
def postgresql(binaries):
    """A throw-away server on a Unix socket in its own folder; stopped and deleted whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="concordance-pg-"))
    account = unprivileged_account()
    if account:
        shutil.chown(folder, **account)
    server = None
    try:
        data = folder / "data"
        make_cluster(binaries, folder, data, account)
        server = start_server(binaries, folder, data, account)
        # Percent-encoded, a folder stands where an address names its host.
        yield f"postgresql://concordance@{str(folder).replace('/', '%2F')}/concordance"
    finally:
        stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged_account():
    """PostgreSQL refuses to run as root; the empty answer means this account will do."""
    if os.geteuid() != 0:
        return {}
    import pwd

    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid}
    raise SystemExit("Running as root, and there is no account 'postgres' or 'nobody' to run PostgreSQL as.")


def make_cluster(binaries, folder, data, account):
    """A folder of empty databases whose only way in is the socket, so it needs no password."""
    options = ["-U", "concordance", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL}
    subprocess.run([binaries / "initdb", "-D", data, *options], check=True, cwd=folder, **quiet, **account)


def start_server(binaries, folder, data, account):
    """Start it without the guarantees a test does not need, and wait until it answers."""
    settings = {
        "listen_addresses": "",
        "unix_socket_directories": folder,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": 100,
        # Nothing is copied elsewhere, and the tests take their own statistics.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "autovacuum": "off",
        # Compiling a query takes longer than running it on the few rows of a test.
        "jit": "off",
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with open(folder / "log", "wb") as log:
        server = subprocess.Popen(
            [binaries / "postgres", "-D", data, *options],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=folder,
            # Ctrl-C is for pytest; the server is stopped afterwards, in order.
            start_new_session=True,
            **({**account, "extra_groups": []} if account else {}),
        )
    for _ in range(300):
        if subprocess.run([binaries / "pg_isready", "-q", "-h", folder], check=False).returncode == 0:
            return server
        if server.poll() is not None:
            break
        time.sleep(0.1)
    stop(server)
    raise SystemExit("PostgreSQL did not start:\n" + (folder / "log").read_text(errors="replace"))


def stop(server):
    """Fast shutdown, then force."""
    if server is None or server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(20)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(10)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
