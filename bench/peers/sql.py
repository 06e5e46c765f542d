"""The peer without a framework: a WSGI application of hand-written SQL and orjson on the same tables, one connection a thread."""

import csv
import io
import os
import threading
from urllib.parse import parse_qs, unquote, urlsplit

import orjson

from bench.peers import BETWEEN_PARTIES
from bench.peers.sql_search import search

URL = os.environ["DATABASE_URL"]
IS_SQLITE = URL.startswith("sqlite")
CHUNK = 500
COLUMNS = (
    "slug, title, title_note, short_title, title_es, type, summary, purpose, term, term_kind, term_years, termination, "
    "termination_days, presence, article_count, text_availability, text_note, status_note, note, signed, published_at, is_contested"
)
NAMES = COLUMNS.split(", ")
ORDER = "signed_earliest DESC, slug" if IS_SQLITE else "signed_earliest DESC NULLS LAST, slug"
_local = threading.local()


def rows(query, parameters=()):
    cursor = _connection().cursor()
    cursor.execute(query if IS_SQLITE else query.replace("?", "%s"), parameters)
    return cursor.fetchall()


def _connection():
    if not hasattr(_local, "connection"):
        _local.connection = _connect()
    return _local.connection


def _connect():
    if IS_SQLITE:
        import sqlite3

        connection = sqlite3.connect(unquote(urlsplit(URL).path[1:]), check_same_thread=False)
        connection.execute("PRAGMA mmap_size=268435456")
        connection.execute("PRAGMA cache_size=-16000")
        return connection
    import psycopg

    return psycopg.connect(URL, autocommit=True)


def with_parties(found):
    """``found`` rows start with the primary key."""
    agreements = {row[0]: {**dict(zip(NAMES, row[1:], strict=False)), "parties": []} for row in found}
    marks = ", ".join("?" * len(agreements))
    if not agreements:
        return agreements
    query = (
        "SELECT p.agreement_id, p.key, p.role, p.acting_through, p.note, o.slug, o.name, o.name_es, o.iso_alpha3 "
        "FROM agreements_party p JOIN people_organisation o ON o.id = p.organisation_id "
        f'WHERE p.agreement_id IN ({marks}) ORDER BY p.agreement_id, p."order", p.key'
    )
    for pk, key, role, through, note, slug, name, name_es, code in rows(query, list(agreements)):
        body = {"slug": slug, "name": name, "name_es": name_es, "code": code}
        agreements[pk]["parties"].append(
            {"key": key, "organisation": body, "role": role, "acting_through": through, "note": note}
        )
    return agreements


def list_of(asked):
    conditions, parameters = ["a.status = 'published'"], []
    if "type" in asked:
        conditions.append("a.type = ?")
        parameters.append(asked["type"][0])
    else:
        conditions.append(f"a.{BETWEEN_PARTIES}")
    if "party" in asked:
        conditions.append(
            "a.id IN (SELECT p.agreement_id FROM agreements_party p JOIN people_organisation o ON o.id = p.organisation_id "
            "WHERE o.iso_alpha3 = ?)"
        )
        parameters.append(asked["party"][0])
    if "after" in asked:
        day, slug = asked["after"]
        conditions.append("(a.signed_earliest < ? OR (a.signed_earliest = ? AND a.slug > ?))")
        parameters += [day, day, slug]
    where = " AND ".join(conditions)
    found = rows(
        f"SELECT a.id, {COLUMNS} FROM agreements_agreement a WHERE {where} ORDER BY {ORDER} LIMIT 50", parameters
    )
    return list(with_parties(found).values())


def detail(slug):
    found = rows(f"SELECT id, {COLUMNS} FROM agreements_agreement WHERE slug = ? AND status = 'published'", [slug])
    ((pk, body),) = with_parties(found).items()
    body["clauses"] = _dicts(
        "key number heading summary text text_language basis note",
        'SELECT key, number, heading, summary, text, text_language, basis, note FROM agreements_clause WHERE agreement_id = ? '
        'ORDER BY "order", key', [pk],
    )  # fmt: skip
    body["milestones"] = _dicts(
        "key kind date place evidence outcome description",
        "SELECT key, kind, date, place, evidence, outcome, description FROM agreements_milestone WHERE agreement_id = ?", [pk],
    )  # fmt: skip
    body["signatures"] = _dicts(
        "key capacity person name",
        "SELECT s.key, s.capacity, p.slug, p.name FROM agreements_signature s JOIN people_person p ON p.id = s.person_id "
        "WHERE s.agreement_id = ?", [pk],
    )  # fmt: skip
    body["codings"] = codings([pk])
    body["citations"] = _dicts(
        "uid part field locator locator_type stance value quotation credibility note source title kind date url reliability publisher",
        "SELECT c.uid, c.part, c.field, c.locator, c.locator_type, c.stance, c.value, c.quotation, c.credibility, c.note, s.slug, "
        "s.title, s.kind, s.date, s.url, s.reliability, p.name FROM sources_citation c JOIN sources_source s ON s.id = c.source_id "
        "JOIN sources_publisher p ON p.id = s.publisher_id WHERE c.record_type_id = (SELECT id FROM django_content_type "
        "WHERE app_label = 'agreements' AND model = 'agreement') AND c.record_id = ? AND s.status = 'published'", [pk],
    )  # fmt: skip
    return body


def codings(keys):
    marks = ", ".join("?" * len(keys))
    return _dicts(
        "agreement topic person_class stance approach basis summary",
        "SELECT a.slug, t.slug, c.person_class, c.stance, w.code, c.basis, c.summary FROM agreements_coding c "
        "JOIN agreements_agreement a ON a.id = c.agreement_id JOIN agreements_topic t ON t.id = c.topic_id "
        f"LEFT JOIN agreements_approach w ON w.id = c.approach_id WHERE c.agreement_id IN ({marks})", keys,
    )  # fmt: skip


def _dicts(names, query, parameters):
    names = names.split()
    return [dict(zip(names, row, strict=True)) for row in rows(query, parameters)]


def compare(asked):
    slugs = asked["agreement"]
    marks = ", ".join("?" * len(slugs))
    found = rows(
        f"SELECT id, {COLUMNS} FROM agreements_agreement WHERE slug IN ({marks}) AND status = 'published'", slugs
    )
    agreements = with_parties(found)
    return {"agreements": list(agreements.values()), "codings": codings(list(agreements))}


def export(as_csv):
    last = 0
    if as_csv:
        yield (",".join([*NAMES, "parties"]) + "\r\n").encode()
    while True:
        found = rows(
            f"SELECT id, {COLUMNS} FROM agreements_agreement WHERE status = 'published' AND {BETWEEN_PARTIES} AND id > ? "
            f"ORDER BY id LIMIT {CHUNK}",
            [last],
        )
        if not found:
            return
        last = found[-1][0]
        chunk = with_parties(found).values()
        yield _as_csv(chunk) if as_csv else b"".join(orjson.dumps(row, default=str) + b"\n" for row in chunk)


def _as_csv(chunk):
    text = io.StringIO()
    csv.writer(text).writerows(
        [*(row[name] for name in NAMES), ";".join(party["organisation"]["slug"] for party in row["parties"])]
        for row in chunk
    )
    return text.getvalue().encode()


def application(environ, start_response):
    path, asked = environ["PATH_INFO"].strip("/"), parse_qs(environ["QUERY_STRING"])
    start_response("200 OK", [("Content-Type", "application/json")])
    if path == "export":
        return export("csv" in asked)
    if path == "search":
        return [orjson.dumps(search(asked, rows, IS_SQLITE), default=str)]
    if path == "compare":
        return [orjson.dumps(compare(asked), default=str)]
    body = detail(path.partition("/")[2]) if "/" in path else list_of(asked)
    return [orjson.dumps(body, default=str)]
