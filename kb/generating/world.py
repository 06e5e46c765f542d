"""What generated agreements rest on: states and their bodies, people, publishers, sources, and a codebook if there is none."""

from agreements.models import Codebook, Topic
from kb.generating import words
from kb.generating.evidence import cite
from people.models import Organisation, Person
from sources.models import Publisher, Source
from sources.records.bulk import Entry

STATES = 180
# The first states have bodies of all sorts, and the people.
WITH_ALL_BODIES = 40
TOPIC_GROUPS, TOPICS_A_GROUP = "ABCDEFGHIJKL", 6
# Codes that ISO 3166-1 leaves to its users.
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class World:
    """The names that generated records can use, and the entries that bring them into being."""

    def __init__(self, rng, prefix, agreements):
        self.rng, self.prefix = rng, prefix
        self.states, self.bodies, self.people, self.sources, self.drafts = [], [], [], [], []
        self.names = {}
        self.persons = max(20, agreements // 5)
        self.documents = max(40, agreements // 2)

    def entries(self):
        """Yield the entries of the world, each after those that it names."""
        yield from self._publishers()
        yield from self._sources()
        yield from self._states()
        yield from self._bodies()
        yield from self._people()
        yield from self._codebook()

    def cited(self, kind, slug, data, model, **status):
        """An entry all of whose facts are cited."""
        return Entry(kind, slug, cite(self.rng, model, data, self.some_sources()), status)

    def some_sources(self):
        """Six sources, the first ones in the list far more often than the last."""
        last = len(self.sources) - 1
        chosen = {self.sources[min(last, int(last * self.rng.random() ** 3))] for _ in range(6)}
        return sorted(chosen | {self.sources[0], self.sources[1]})

    def state(self):
        """A state; the first is half of all, the others follow Zipf's law."""
        if self.rng.random() < 0.5:
            return self.states[0]
        return self.states[min(len(self.states) - 1, int(self.rng.paretovariate(0.6)))]

    def date(self, first=1950, last=2025):
        """A date, more often a late one, as precise as a source may be."""
        rng = self.rng
        year = last - int((last - first) * rng.random() ** 1.5)
        day = f"{year}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        return rng.choices((day, day[:7], str(year), f"{day[:7]}~", f"{year}?"), (80, 10, 6, 2, 2))[0]

    def _publishers(self):
        for number, town in enumerate(words.distinct(self.rng, words.place, 60)):
            slug = f"{self.prefix}-publisher-{number}"
            kind = self.rng.choice(("news", "news", "news", "agency", "government", "research"))
            yield Entry(Publisher.KIND, slug, {"name": f"{town} {self.rng.choice(words.PAPERS)}", "kind": kind})

    def _sources(self):
        rng = self.rng
        for number in range(self.documents):
            slug = f"{self.prefix}-source-{number}"
            # The first ones support everything else, so they are public and good.
            status = {} if number < 10 or rng.random() < 0.95 else {"status": "draft"}
            kind = rng.choices(("news", "treaty_text", "official", "analysis", "law"), (50, 20, 15, 10, 5))[0]
            grade = rng.choice("AABBBCCDEF")
            data = {
                "title": f"{rng.choice(words.HEADINGS)}: what was agreed in {words.place(rng)}", "kind": kind, "date": self.date(),
                "publisher": f"{self.prefix}-publisher-{int(60 * rng.random() ** 2)}", "language": rng.choice(("en", "en", "es", "fr")),
                "url": f"https://example.org/{self.prefix}/{number}", "access": "open", "reliability": grade,
            }  # fmt: skip
            if grade != "F":
                data["reliability_reason"] = "Its earlier reports on such matters were compared with the texts."
            if self.sources and rng.random() < 0.1:
                data["derived_from"] = rng.choice(self.sources)
            elif kind == "news" and rng.random() < 0.1:
                data["wire_credit"] = rng.choice(("NordPress", "Agence du Lac"))
            yield Entry(Source.KIND, slug, data, status)
            (self.drafts if status else self.sources).append(slug)

    def _states(self):
        for number, name in enumerate(words.distinct(self.rng, words.state, STATES)):
            slug, code = f"{self.prefix}-state-{number}", self._code(number)
            data = {"name": name, "kind": "state", "region": self.rng.choice(Organisation.Region.values)}
            if code:
                data["iso_alpha3"] = code
            self.states.append(slug)
            self.names[slug] = name
            yield self.cited(Organisation.KIND, slug, data, Organisation)

    def _code(self, number):
        """A user-assigned code, unless a state in the database has it: the codes do not depend on the seed."""
        code = f"X{LETTERS[number // 26]}{LETTERS[number % 26]}"
        return "" if Organisation.objects.filter(iso_alpha3=code).exists() else code

    def _bodies(self):
        for number, state in enumerate(self.states):
            for place, (kind, name) in enumerate(words.BODIES[: len(words.BODIES) if number < WITH_ALL_BODIES else 3]):
                slug = f"{self.prefix}-body-{number}-{place}"
                data = {"name": f"{name} of {self.names[state]}", "kind": kind, "country": state, "parent": state}
                if kind == "ministry":
                    data["posts"] = [{"key": "head", "label": words.OFFICES[place]}]
                self.bodies.append(slug)
                yield self.cited(Organisation.KIND, slug, data, Organisation)

    def _people(self):
        rng = self.rng
        for number, family in enumerate(words.distinct(rng, words.family_name, min(self.persons, 20_000))):
            slug, given = f"{self.prefix}-person-{number}", rng.choice(words.GIVEN)
            state = rng.randrange(min(WITH_ALL_BODIES, len(self.states)))
            member = {"organisation": f"{self.prefix}-body-{state}-0", "post": f"{self.prefix}-body-{state}-0/head"}
            member["dates"] = f"{rng.randint(1960, 2020)}/.."
            data = {
                "name": f"{given} {family}", "given_name": given, "family_name": family, "nationality": self.states[state],
                "memberships": [cite(rng, Person._meta.get_field("memberships").related_model, member, self.some_sources())],
            }  # fmt: skip
            self.people.append(slug)
            self.names[slug] = data["name"]
            yield self.cited(Person.KIND, slug, data, Person)

    def _codebook(self):
        """Topics, if the database has none; ``topics`` are ``(slug, keys of its approaches)``."""
        self.topics = [
            (topic.slug, [way.key for way in topic.approaches.all() if not way.until_id])
            for topic in Topic.objects.prefetch_related("approaches").order_by("slug")
        ]
        self.codebook = Codebook.objects.order_by("published_on", "version").values_list("slug", flat=True).last()
        if self.topics:
            return
        self.codebook = f"{self.prefix}-codebook"
        yield Entry(
            Codebook.KIND,
            self.codebook,
            {"version": "1.0", "published_on": "2026-01-01", "purpose": "To compare what was agreed."},
        )
        for number, letter in enumerate(TOPIC_GROUPS):
            for place in range(TOPICS_A_GROUP):
                yield self._topic(letter, number, place)

    def _topic(self, letter, number, place):
        code, heading = f"{letter}{place + 1}", words.HEADINGS[(number * TOPICS_A_GROUP + place) % len(words.HEADINGS)]
        slug, ways = code.lower(), [f"way-{n}" for n in range(4)]
        self.topics.append((slug, ways))
        data = {
            "code": code, "name": heading, "definition": f"What is agreed under “{heading}”.", "group": letter,
            "group_name": f"Group {letter}", "group_order": number + 1, "order": place + 1, "since": self.codebook,
            "approaches": [
                {"code": way.replace("-", "_"), "name": way.capitalize(), "meaning": words.a_rule(self.rng)} for way in ways
            ],
        }  # fmt: skip
        return Entry(Topic.KIND, slug, data)
