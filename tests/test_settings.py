"""The settings stop the start rather than guess, and our checks refuse what is unsafe."""

import ast
import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection, transaction

from kb.ops import checks, env
from kb.ops.keyfile import local_secret_key

ROOT = Path(__file__).resolve().parent.parent
KEY = "k3Y-" + "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP"
PRODUCTION = {"CONCORDANCE_PRODUCTION": "true", "SECRET_KEY": KEY, "ALLOWED_HOSTS": "concordance.example.org"}


def load_settings(tmp_path, expression="None", **variables):
    """Import kb.settings in a process of its own and answer the expression, or what it said when it refused."""
    code = f"import json; from kb import settings as s; print(json.dumps({expression}))"
    environment = {"PATH": os.environ["PATH"], "CONCORDANCE_VAR": str(tmp_path), **variables}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def test_local_mode_needs_no_variables_and_is_not_debug(tmp_path):
    assert load_settings(tmp_path, "[s.PRODUCTION, s.DEBUG, s.ALLOWED_HOSTS]") == [
        False,
        False,
        ["localhost", "127.0.0.1", "[::1]"],
    ]


def test_production_is_closed_by_default(tmp_path):
    on = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "STAFF_SECOND_FACTOR"]
    assert load_settings(tmp_path, f"[getattr(s, name) for name in {on!r}]", **PRODUCTION) == [True] * 4
    rest = load_settings(tmp_path, "[s.DEBUG, s.SECURE_HSTS_SECONDS, s.PROXIES]", **PRODUCTION)
    assert rest == [False, 31_536_000, 1]


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS"])
def test_production_names_what_is_missing(tmp_path, missing):
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}
    assert f"{missing} must be set" in load_settings(tmp_path, **variables)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("CONCORDANCE_PRODUCTION", "yes", "write true or false"),
        ("CONCORDANCE_PRODUCTION", "1", "write true or false"),
        ("CONCORDANCE_PROXIES", "-1", "whole number"),
        ("CONCORDANCE_PROXIES", "١", "whole number"),
        ("DATABASE_URL", "mysql://u:hunter2@h/d", "must start with one of"),
        ("CONCORDANCE_API_RATE", "600", "as in 600/min"),
        ("CONCORDANCE_API_RATE", "many/min", "as in 600/min"),
        ("CONCORDANCE_PRODCUTION", "true", "Did you mean CONCORDANCE_PRODUCTION?"),
    ],
)
def test_an_odd_value_stops_the_start(tmp_path, name, value, said):
    answer = load_settings(tmp_path, **{name: value})
    assert said in answer
    assert "hunter2" not in answer


def test_a_list_ignores_blanks(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", " a.example , ,b.example,")
    assert env.envlist("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_postgresql_keeps_connections_and_checks_them(tmp_path):
    answer = load_settings(tmp_path, "s.DATABASES['default']", DATABASE_URL="postgresql://u:p@h/d")
    assert (answer["CONN_MAX_AGE"], answer["CONN_HEALTH_CHECKS"]) == (60, True)
    assert answer["OPTIONS"] == {"connect_timeout": 5}


def test_the_secret_key_is_made_once_and_private(tmp_path):
    path = tmp_path / "secret_key"
    keys = {local_secret_key(path) for _ in range(3)}
    assert len(keys) == 1
    assert len(keys.pop()) >= checks.KEY_LENGTH
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret_key"]


def test_processes_that_start_together_share_one_key(tmp_path):
    secrets = []
    threads = [
        threading.Thread(target=lambda: secrets.append(local_secret_key(tmp_path / "secret_key"))) for _ in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(secrets) == 16
    assert len(set(secrets)) == 1


# Checks


def fault_ids(check):
    return [fault.id for fault in check()]


def test_nothing_is_refused_as_we_start():
    assert fault_ids(checks.debug_stays_local) == []
    assert fault_ids(checks.production_key_is_strong) == []
    assert fault_ids(checks.sqlite_is_set_for_writers) == []


@pytest.mark.django_db
def test_debug_is_refused_on_a_public_host(settings):
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["localhost", "concordance.example.org"]
    assert fault_ids(checks.debug_stays_local) == ["kb.E001"]
    with pytest.raises(ImproperlyConfigured, match=r"not local: concordance\.example\.org"):
        checks.refuse_to_start_unsafe()


@pytest.mark.parametrize("key", ["short", "a" * 60, "django-insecure-" + KEY])
def test_a_weak_key_is_refused_in_production(settings, key):
    settings.PRODUCTION, settings.SECRET_KEY = True, key
    assert fault_ids(checks.production_key_is_strong) == ["kb.E002"]


def test_any_host_is_refused_in_production(settings):
    settings.PRODUCTION, settings.ALLOWED_HOSTS = True, ["*"]
    assert fault_ids(checks.production_names_its_hosts) == ["kb.E003"]


SQLITE = {"ENGINE": "django.db.backends.sqlite3"}


HALVES = [{}, {"transaction_mode": "IMMEDIATE"}, {"init_command": "PRAGMA journal_mode=WAL"}]


@pytest.mark.parametrize("options", HALVES)
def test_sqlite_without_wal_and_immediate_is_refused(monkeypatch, options):
    monkeypatch.setitem(settings.DATABASES, "default", SQLITE | {"OPTIONS": options})
    assert fault_ids(checks.sqlite_is_set_for_writers) == ["kb.E004"]


def test_a_pool_beside_persistent_connections_is_refused(monkeypatch):
    database = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": {"pool": True}, "CONN_MAX_AGE": 60}
    monkeypatch.setitem(settings.DATABASES, "default", database)
    assert fault_ids(checks.pool_or_persistent) == ["kb.E005"]


@pytest.mark.django_db
def test_the_test_database_is_like_the_real_one():
    assert fault_ids(checks.sqlite_accepts_wal) == []


@pytest.mark.django_db(transaction=True)
def test_writers_queue_instead_of_failing():
    """Each reads before it writes, the pattern that fails with SQLite's defaults."""
    from django.contrib.auth.models import Group

    counter = Group.objects.create(name="0")
    failures = []

    def write(times):
        try:
            for _ in range(times):
                with transaction.atomic():
                    group = Group.objects.select_for_update().get(pk=counter.pk)
                    group.name = str(int(group.name) + 1)
                    group.save()
        except DatabaseError as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(20,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert Group.objects.get(pk=counter.pk).name == "80"


# Sign-in and headers


@pytest.mark.django_db
def test_five_failures_lock_the_pair_of_name_and_address(client, django_user_model):
    django_user_model.objects.create_user("alice", password="the right one", is_staff=True)
    wrong = {"username": "alice", "password": "wrong"}
    right = {"username": "alice", "password": "the right one"}
    for _ in range(5):
        answer = client.post("/admin/login/", wrong)
    assert answer.status_code == 429
    assert client.post("/admin/login/", right).status_code == 429
    assert client.post("/admin/login/", right, REMOTE_ADDR="192.0.2.7").status_code == 302


def test_policy_allows_nothing_inline(client):
    policy = client.get("/healthz").headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy


def test_every_answer_carries_the_headers(client):
    for address in ("/healthz", "/healthz?x=%00"):
        headers = client.get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Content-Security-Policy" in headers


def test_sessions_end():
    assert settings.SESSION_COOKIE_AGE == 12 * 60 * 60
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


# One list of variables: in the code, in the documentation, and in the example


def variables_in_code():
    """Every variable that the settings and the server read."""
    names = set()
    for file in ("kb/settings.py", "gunicorn.conf.py"):
        for node in ast.walk(ast.parse((ROOT / file).read_text())):
            if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
                function = ast.unparse(node.func)
                if function == "os.environ.get" or (function.startswith("env") and function in vars(env)):
                    names.add(node.args[0].value)
    return names


def variables_in_docs():
    text = (ROOT / "docs" / "operations.md").read_text()
    return set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.M))


def variables_in_example():
    return set(re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.M))


def test_every_variable_is_documented_and_in_the_example():
    assert {"CONCORDANCE_FOUR_EYES", "DATABASE_URL", "PORT", "WEB_CONCURRENCY"} <= variables_in_code()
    assert variables_in_docs() == variables_in_code()
    assert variables_in_example() == variables_in_code() | {"POSTGRES_PASSWORD"}


def test_the_containers_get_every_variable_of_the_file():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert services["web"]["env_file"] == ".env"
    # What is written here goes before the file: it must pass the file's value on, or be the container's own matter.
    fixed = {name for name, value in services["web"]["environment"].items() if f"${{{name}:" not in value}
    assert fixed == {"CONCORDANCE_BIND", "CONCORDANCE_VAR"}


# Migrations


@pytest.fixture
def empty_database(tmp_path):
    """The address of a new, empty database of the kind that the tests run on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path / 'db.sqlite3'}"
        return
    own, name = connection.copy(), f"{connection.settings_dict['NAME']}_twice"
    parts = {key.lower(): quote(str(value), safe="") for key, value in own.settings_dict.items() if key.isupper()}
    with own.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(f"CREATE DATABASE {name}")
        yield "postgresql://{user}:{password}@{host}:{port}/".format(**parts) + name
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")
    own.close()


@pytest.mark.django_db
def test_two_migrations_at_once_both_succeed(tmp_path, empty_database):
    environment = {"PATH": os.environ["PATH"], "CONCORDANCE_VAR": str(tmp_path), "DATABASE_URL": empty_database}
    command = [sys.executable, "manage.py", "migrate", "--noinput"]
    both = [
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _number in range(2)
    ]
    said = [process.communicate(timeout=300)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum("No migrations to apply." in words for words in said) == 1
