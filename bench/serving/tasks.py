"""The tasks: for each what every server is asked, what of its answer is compared, and the limits.

A new task is one entry in ``TASKS``: a name, a function of ``content`` (see ``bench.serving.facts``) that gives ``{server: Ask}``, and
its limits. ``Ask.read`` turns an answer into what must be equal; without it nothing is compared.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import orjson

from bench.peers import BETWEEN_PARTIES, OTHERS
from sources.lib.dates import PartialDate

PAGE = 50


@dataclass(frozen=True)
class Ask:
    path: str
    read: Callable | None = None
    cookie: str = ""


@dataclass(frozen=True)
class Task:
    """``at_least``: how many times as fast as a peer (SQLite, PostgreSQL); ``at_most``: its time as a multiple of a peer's, or
    milliseconds under ``ms``; ``growth``: from 10,000 to 100,000 agreements."""

    name: str
    asks: Callable
    at_least: dict = field(default_factory=dict)
    at_most: dict = field(default_factory=dict)
    growth: float = 0
    compares: str = ""


# What is compared


def _slugs(rows):
    return [row["slug"] for row in rows]


def _with_parties(rows, unpack=lambda row: row["parties"], slug=lambda party: party["organisation"]["slug"]):
    return [(row["slug"], [slug(party) for party in unpack(row)]) for row in rows]


def _results(read):
    return lambda body: read(orjson.loads(body)["results"])


def _rows(read):
    return lambda body: read(orjson.loads(body))


def _packed(row):
    return orjson.loads(row["parties"])


def _detail(body):
    record = orjson.loads(body)
    return _detail_of(
        record["clauses"], record["citations"], record["parties"], lambda party: party["organisation"]["slug"]
    )


def _detail_of(clauses, citations, parties, slug):
    cited = sorted((citation.get("uid") or citation["id"]) for citation in citations)
    return [clause["key"] for clause in clauses], cited, sorted(map(slug, parties))


def _detail_of_datasette(body):
    (row,) = orjson.loads(body)
    parts = {name: orjson.loads(row[name]) for name in ("clauses", "citations", "parties")}
    return _detail_of(**parts, slug=lambda party: party["slug"])


def _compared_drf(body):
    return sorted(
        [record["slug"], row["topic"], row["person_class"], row["stance"], row["approach"] or ""]
        for record in orjson.loads(body)
        for row in record["codings"]
    )


def _compared_sql(body):
    return sorted(
        [row["agreement"], row["topic"], row["person_class"], row["stance"], row["approach"] or ""]
        for row in orjson.loads(body)["codings"]
    )


def _compared(body):
    """Of the comparison: each coding that says something, for a topic and a class of person."""
    found = []
    for section in orjson.loads(body)["sections"]:
        for topic in section["topics"]:
            for cell in topic["cells"]:
                found += [
                    [
                        cell["agreement"],
                        topic["slug"],
                        entry["person_class"],
                        entry["stance"],
                        (entry["approach"] or {}).get("code", ""),
                    ]
                    for entry in cell["entries"]
                    if entry["key"]
                ]
    return sorted(found)


# What is asked


def _datasette(query, **parameters):
    return f"/{{database}}.json?{urlencode({'sql': query, '_shape': 'array', **parameters})}"


_PARTIES = (
    "(SELECT json_group_array(json_object('slug', slug, 'name', name, 'role', role)) FROM (SELECT o.slug, o.name, p.role "
    "FROM agreements_party p JOIN people_organisation o ON o.id = p.organisation_id WHERE p.agreement_id = a.id "
    'ORDER BY p."order", p.key)) AS parties'
)
_LIST = f"SELECT a.*, {_PARTIES} FROM agreements_agreement a WHERE a.status = 'published'"
_ORDER = "ORDER BY a.signed_earliest DESC, a.slug LIMIT 50"
_BETWEEN, _NO_OTHERS = f"AND a.{BETWEEN_PARTIES}", f"type__notin={','.join(OTHERS)}"


def _on_datasette(content, query, read, **parameters):
    return Ask(_datasette(query, **parameters).format(database=content["database"]), read)


def filtered_list(content):
    kind, party = content["type"], content["party"]
    mine = "AND a.type = :type AND a.id IN (SELECT p.agreement_id FROM agreements_party p JOIN people_organisation o " \
           "ON o.id = p.organisation_id WHERE o.iso_alpha3 = :party)"  # fmt: skip
    return {
        "product": Ask(f"/api/v1/agreements/?party={party}&type={kind}&ordering=-signed", _results(_with_parties)),
        "drf": Ask(f"/agreements/?party={party}&type={kind}", _results(_with_parties)),
        "sql": Ask(f"/list?party={party}&type={kind}", _rows(_with_parties)),
        "datasette": _on_datasette(
            content, f"{_LIST} {mine} {_ORDER}", _rows(lambda rows: _with_parties(rows, _packed, lambda party: party["slug"])),
            type=kind, party=party,
        ),
    }  # fmt: skip


def unfiltered_list(content):
    return {
        "product": Ask("/api/v1/agreements/?ordering=-signed", _results(_slugs)), "drf": Ask("/agreements/", _results(_slugs)),
        "sql": Ask("/list", _rows(_slugs)), "datasette": _on_datasette(content, f"{_LIST} {_BETWEEN} {_ORDER}", _rows(_slugs)),
    }  # fmt: skip


def deep_page(content):
    day, slug, number = content["deep"]
    after = "AND (a.signed_earliest < :day OR (a.signed_earliest = :day AND a.slug > :slug))"
    return {
        "product": Ask(content["deep_path"], _results(_slugs)), "drf": Ask(f"/agreements/?page={number}", _results(_slugs)),
        "sql": Ask(f"/list?after={day}&after={slug}", _rows(_slugs)),
        "datasette": _on_datasette(content, f"{_LIST} {_BETWEEN} {after} {_ORDER}", _rows(_slugs), day=day, slug=slug),
    }  # fmt: skip


_CITED = (
    "(SELECT json_group_array(json_object('uid', c.uid, 'part', c.part, 'field', c.field, 'locator', c.locator, 'stance', c.stance, "
    "'source', s.slug, 'title', s.title)) FROM sources_citation c JOIN sources_source s ON s.id = c.source_id "
    "WHERE c.record_ref = 'agreements/' || a.slug AND s.status = 'published') AS citations"
)
_CLAUSES = (
    "(SELECT json_group_array(json_object('key', key, 'number', number, 'heading', heading, 'summary', summary, 'text', text)) "
    'FROM (SELECT * FROM agreements_clause WHERE agreement_id = a.id ORDER BY "order", key)) AS clauses'
)


def detail(content):
    slug = content["typical"]
    query = f"SELECT a.*, {_PARTIES}, {_CLAUSES}, {_CITED} FROM agreements_agreement a WHERE a.slug = :slug"
    return {
        "product": Ask(f"/api/v1/agreements/{slug}/", _detail), "drf": Ask(f"/agreements/{slug}/", _detail),
        "sql": Ask(f"/detail/{slug}", _detail), "datasette": _on_datasette(content, query, _detail_of_datasette, slug=slug),
    }  # fmt: skip


def comparison(content):
    query = urlencode({"agreement": content["compared"]}, doseq=True)
    return {
        "product": Ask(f"/api/v1/compare/?{query}", _compared), "drf": Ask(f"/agreements/compare/?{query}", _compared_drf),
        "sql": Ask(f"/compare?{query}", _compared_sql),
    }  # fmt: skip


def _page(path):
    return lambda content: {"product": Ask(path.format(**content))}


def _screen(path):
    return lambda content: {"product": Ask(path.format(**content), cookie=content["cookie"])}


def export_csv(content):
    return {
        "product": Ask("/api/v1/agreements/?format=csv", _lines), "drf": Ask("/agreements/export/", _lines),
        "sql": Ask("/export?csv=1", _lines),
        "datasette": Ask(f"/{content['database']}/agreements_agreement.csv?status=published&{_NO_OTHERS}&_stream=on&_size=max", _lines),
    }  # fmt: skip


def export_json_lines(content):
    return {
        "product": Ask("/api/v1/agreements/?format=jsonl", lambda body: body.count(b"\n")),
        "sql": Ask("/export", lambda body: body.count(b"\n")),
    }  # fmt: skip


def _lines(body):
    """Records of a table in CSV: generated texts have no line breaks."""
    return body.count(b"\n") - 1


PUBLIC_MS, RECORD_MS, SCREEN_MS = 30, 60, 100
_LISTED = "the same agreements in the same order"
TASKS = [
    Task(
        "filtered list, nested parties", filtered_list, {"drf": (40, 50), "datasette": (20, 0)}, {"sql": 2.5}, 1.5,
        f"{_LISTED}, each with the same parties in order",
    ),
    Task("unfiltered list, first page", unfiltered_list, {"drf": (12, 12), "datasette": (4, 0)}, {"sql": 3}, 1.3, _LISTED),
    Task("unfiltered list at 90 %", deep_page, {"drf": (12, 12), "datasette": (4, 0)}, {"sql": 3}, 1.3, _LISTED),
    Task(
        "detail", detail, {"drf": (12, 12), "datasette": (1.5, 0)}, {"sql": 3}, 1.2,
        "the same clauses in order, the same citations and parties",
    ),
    Task("list of citations", _page("/api/v1/citations/"), at_most={"ms": PUBLIC_MS}, growth=1.5),
    Task("compare 4", comparison, {"drf": (12, 12)}, {"sql": 4}, 1.4, "the same stance and approach for each topic and class"),
    Task("home page", _page("/"), at_most={"ms": PUBLIC_MS}),
    Task("methods page", _page("/about/"), at_most={"ms": PUBLIC_MS}),
    Task("topic page", _page("/topics/{topic}/"), at_most={"ms": PUBLIC_MS}),
    Task("topic page of one party", _page("/topics/{topic}/?party={party}"), at_most={"ms": PUBLIC_MS}),
    Task("page of a state", _page("/organisations/{state}/"), at_most={"ms": PUBLIC_MS}),
    Task("contested facts", _page("/contested/"), at_most={"ms": PUBLIC_MS}),
    Task("page of an agreement", _page("/agreements/{typical}/"), at_most={"ms": RECORD_MS}),
    Task("page of the fullest agreement", _page("/agreements/{fullest}/"), at_most={"ms": RECORD_MS}),
    Task("editors' front page", _screen("/admin/"), at_most={"ms": SCREEN_MS}),
    Task("worklist of reports to compare", _screen("/admin/worklists/reports/"), at_most={"ms": SCREEN_MS}),
    Task("worklist of second codings", _screen("/admin/worklists/second/"), at_most={"ms": SCREEN_MS}),
    Task("editors' list of agreements", _screen("/admin/agreements/agreement/"), at_most={"ms": SCREEN_MS}),
    Task("editors' list of citations", _screen("/admin/sources/citation/"), at_most={"ms": SCREEN_MS}),
    Task("editors' list of sources", _screen("/admin/sources/source/"), at_most={"ms": SCREEN_MS}),
    Task("editors' search of citations by a title", _screen("/admin/sources/citation/?q={title}"), at_most={"ms": SCREEN_MS}),
    Task("editors' search of citations by a common word", _screen("/admin/sources/citation/?q=border"), at_most={"ms": SCREEN_MS}),
    Task("editors' search of agreements by a common word", _screen("/admin/agreements/agreement/?q=border"), at_most={"ms": SCREEN_MS}),
    Task(
        "editors' search box for an agreement",
        _screen("/admin/autocomplete/?term=joint&app_label=agreements&model_name=exercise&field_name=legal_basis"),
        at_most={"ms": SCREEN_MS},
    ),
]  # fmt: skip
# At least so many times as many rows a second as a peer; beside bare SQL a share.
EXPORTS = [
    Task(
        "export CSV",
        export_csv,
        {"drf": (8, 8), "datasette": (2, 0), "sql": (0.4, 0.4)},
        {"megabytes": 32},
        0,
        "the same number of rows",
    ),
    Task("export JSON Lines", export_json_lines, {"sql": (0.4, 0.4)}, {"megabytes": 32}, 0, "the same number of rows"),
]


def _first_day(date):
    """The earliest day of a partial date, by which lists are sorted."""
    return PartialDate.parse(date).earliest.isoformat()


def prepared(content, product):
    """``content`` with what only the running product can say: the cursor of the page at 90 % depth."""
    depth = int(content["listed"] * 0.9) // PAGE * PAGE
    path, passed = "/api/v1/agreements/?ordering=-signed&page_size=50", 0
    last = {}
    while passed < depth:
        page = orjson.loads(product.get(path))
        last, passed = page["results"][-1], passed + PAGE
        path = page["next"].partition("/api/")[2] and f"/api/{page['next'].partition('/api/')[2]}"
    return {
        **content,
        "deep_path": path,
        "deep": [_first_day(last["signed"]), last["slug"], depth // PAGE + 1],
    }
