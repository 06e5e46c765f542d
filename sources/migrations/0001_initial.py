import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sources.lib.fields
import sources.models.citations
import sources.records.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="Publisher",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        help_text="The last part of the address. It is never changed or reused once the record was public.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "name",
                    sources.lib.fields.NameField(help_text="The name as the publisher prints it.", max_length=300),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "news outlet"),
                            ("agency", "news agency"),
                            ("government", "government or parliament"),
                            ("international", "international organisation"),
                            ("research", "research or advocacy body"),
                            ("reference", "reference work or database"),
                            ("personal", "newsletter, blog or individual"),
                            ("mirror", "mirror of other publishers' texts"),
                        ],
                        db_index=True,
                        help_text="What sort of publisher it is.",
                        max_length=16,
                    ),
                ),
                (
                    "country_code",
                    models.CharField(
                        blank=True,
                        help_text="The two-letter ISO 3166-1 code of the country it publishes from.",
                        max_length=2,
                        validators=[
                            django.core.validators.RegexValidator("^[A-Z]{2}\\Z", "Use a two-letter ISO 3166-1 code.")
                        ],
                    ),
                ),
                (
                    "website",
                    sources.lib.fields.WebAddressField(
                        blank=True, help_text="The publisher's own site.", max_length=1000
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What an editor should know before relying on it."
                    ),
                ),
            ],
            options={
                "ordering": ["name"],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="LoadedFixture",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=32)),
                ("slug", models.CharField(max_length=120)),
                ("file_sha256", models.CharField(max_length=64)),
                ("dossier_sha256", models.CharField(max_length=64)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "slug"), name="loaded_fixture_once")],
            },
        ),
        migrations.CreateModel(
            name="NegativeFinding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        help_text="The last part of the address. It is never changed or reused once the record was public.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                ("question", sources.lib.fields.ProseField(help_text="What was not found, as a sentence.")),
                ("looked_in", sources.lib.fields.ProseField(help_text="Where the editors looked.")),
                (
                    "query",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The words that were searched for.", max_length=300
                    ),
                ),
                ("on", models.DateField(help_text="The day of the search.")),
                ("record_id", models.BigIntegerField(blank=True, help_text="The record concerned.", null=True)),
                (
                    "part",
                    models.CharField(
                        blank=True, help_text="The entry of the record, where one is meant.", max_length=160
                    ),
                ),
                ("field", models.CharField(blank=True, help_text="The field, where one is meant.", max_length=40)),
                (
                    "resolved",
                    models.BooleanField(
                        db_index=True, default=False, help_text="Whether a later source has answered the question."
                    ),
                ),
                (
                    "outcome",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What was found later, and where the record now states it."
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        blank=True,
                        help_text="The kind of record concerned.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["resolved", "slug"],
                "indexes": [models.Index(fields=["record_type", "record_id"], name="finding_about")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("resolved", False), models.Q(("outcome", ""), _negated=True), _connector="OR"
                        ),
                        name="finding_resolved_has_outcome",
                        violation_error_message="A resolved finding says what was found.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_ref", models.CharField(max_length=160)),
                ("seen_at", models.DateTimeField(auto_now=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("record_ref", "user"), name="presence_once")],
            },
        ),
        migrations.CreateModel(
            name="Proposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, help_text="When it happened.")),
                (
                    "by_name",
                    models.CharField(
                        help_text="The account's name at that time, kept when it changes.", max_length=150
                    ),
                ),
                ("comment", sources.lib.fields.ProseField(blank=True, help_text="Why, in the person's own words.")),
                ("record_ref", models.CharField(db_index=True, help_text="The record as “kind/slug”.", max_length=160)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "being written"),
                            ("submitted", "awaiting review"),
                            ("returned", "returned to its author"),
                            ("approved", "approved"),
                            ("discarded", "discarded"),
                        ],
                        db_index=True,
                        default="open",
                        help_text="How far it has come.",
                        max_length=10,
                    ),
                ),
                (
                    "base",
                    models.TextField(
                        help_text="The dossier of the record when the proposal was begun, as canonical JSON."
                    ),
                ),
                ("dossier", models.TextField(help_text="The proposed dossier, as canonical JSON.")),
                ("changed_at", models.DateTimeField(auto_now=True, help_text="When it was last changed.")),
                (
                    "decided_by_name",
                    models.CharField(blank=True, help_text="Who approved or returned it.", max_length=150),
                ),
                ("decided_at", models.DateTimeField(help_text="When it was approved or returned.", null=True)),
                ("answer", sources.lib.fields.ProseField(blank=True, help_text="The reviewer's comment.")),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Whose account did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["changed_at"],
                "indexes": [models.Index(fields=["record_type", "record_id", "state"], name="proposal_about")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["open", "submitted", "returned"])),
                        fields=("record_type", "record_id", "by"),
                        name="proposal_one_an_author",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Review",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, help_text="When it happened.")),
                (
                    "by_name",
                    models.CharField(
                        help_text="The account's name at that time, kept when it changes.", max_length=150
                    ),
                ),
                ("comment", sources.lib.fields.ProseField(blank=True, help_text="Why, in the person's own words.")),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("submit", "submitted"),
                            ("publish", "published"),
                            ("return", "returned"),
                            ("amend", "amended and returned"),
                            ("withdraw", "withdrawn"),
                            ("merge", "merged"),
                        ],
                        db_index=True,
                        help_text="What was done.",
                        max_length=8,
                    ),
                ),
                (
                    "bypassed",
                    models.BooleanField(
                        default=False, help_text="Whether the author published the change without a second person."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Whose account did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
                "permissions": [("publish_record", "Can publish, return, withdraw and merge records")],
                "indexes": [models.Index(fields=["record_type", "record_id", "at"], name="review_about")],
            },
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True, db_index=True, help_text="When it happened.")),
                (
                    "by_name",
                    models.CharField(
                        help_text="The account's name at that time, kept when it changes.", max_length=150
                    ),
                ),
                ("comment", sources.lib.fields.ProseField(blank=True, help_text="Why, in the person's own words.")),
                ("number", models.PositiveIntegerField(help_text="Counts the saves of the record, from 1.")),
                ("dossier", models.TextField(help_text="The dossier as canonical JSON.")),
                (
                    "sha256",
                    models.CharField(help_text="Digest of the dossier and of the revision before it.", max_length=64),
                ),
                (
                    "by",
                    models.ForeignKey(
                        help_text="Whose account did it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["record_type", "record_id", "-number"], name="revision_about")],
                "constraints": [
                    models.UniqueConstraint(fields=("record_type", "record_id", "number"), name="revision_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "slug",
                    models.CharField(
                        help_text="The last part of the address. It is never changed or reused once the record was public.",
                        max_length=120,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("updated_at", models.DateTimeField(auto_now=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "draft"),
                            ("in_review", "in review"),
                            ("published", "published"),
                            ("withdrawn", "withdrawn"),
                            ("merged", "merged"),
                        ],
                        db_index=True,
                        default="draft",
                        editable=False,
                        help_text="Changed by submit, publish, return, withdraw and merge only.",
                        max_length=12,
                    ),
                ),
                (
                    "published_at",
                    models.DateTimeField(
                        db_index=True,
                        editable=False,
                        help_text="When readers first saw the present version.",
                        null=True,
                    ),
                ),
                (
                    "withdrawn_at",
                    models.DateTimeField(editable=False, help_text="When the record was withdrawn.", null=True),
                ),
                (
                    "withdrawn_reason",
                    sources.lib.fields.ProseField(
                        blank=True, editable=False, help_text="Why the record was withdrawn."
                    ),
                ),
                (
                    "is_contested",
                    models.BooleanField(
                        db_index=True,
                        default=False,
                        editable=False,
                        help_text="Whether sources differ on some field and no ruling has settled it.",
                    ),
                ),
                (
                    "uncited_count",
                    models.PositiveIntegerField(
                        default=0, editable=False, help_text="How many facts of the record have no supporting citation."
                    ),
                ),
                (
                    "search_text",
                    models.TextField(blank=True, editable=False, help_text="Names and titles, folded for search."),
                ),
                ("title", sources.lib.fields.NameField(help_text="The headline or title as printed.", max_length=500)),
                (
                    "title_note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="Why the title is not the printed one, for example because it was rebuilt from the address.",
                        max_length=300,
                    ),
                ),
                (
                    "subtitle",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The line printed under the headline.", max_length=500
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("news", "news report"),
                            ("analysis", "analysis or opinion"),
                            ("newsletter", "newsletter issue"),
                            ("treaty_text", "treaty text"),
                            ("transcript", "transcript"),
                            ("law", "law or gazette entry"),
                            ("official", "official statement or record"),
                            ("report", "research report"),
                            ("reference", "reference work"),
                            ("dataset", "dataset"),
                            ("standard", "standard"),
                        ],
                        db_index=True,
                        help_text="What sort of document it is.",
                        max_length=16,
                    ),
                ),
                (
                    "via",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The mirror or reprint that was read, where the original was not.",
                        max_length=300,
                    ),
                ),
                (
                    "authors",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The author or authors as printed, separated by semicolons; empty when none is named.",
                        max_length=300,
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="The day of publication, as precise as the document is.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "date_note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="How the date was found, where the document does not print it.",
                        max_length=300,
                    ),
                ),
                (
                    "section",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The section or series it appeared in.", max_length=300
                    ),
                ),
                (
                    "dateline",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The place printed before the text.", max_length=300
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        db_index=True,
                        default="en",
                        help_text="The ISO 639 code of the document's language.",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z]{2,3}\\Z", "Use a two- or three-letter ISO 639 code."
                            )
                        ],
                    ),
                ),
                (
                    "url",
                    sources.lib.fields.WebAddressField(
                        blank=True, help_text="Where the document is on the web.", max_length=1000
                    ),
                ),
                (
                    "archived_url",
                    sources.lib.fields.WebAddressField(
                        blank=True, help_text="A lasting copy in a web archive.", max_length=1000
                    ),
                ),
                ("retrieved_on", models.DateField(blank=True, help_text="The day an editor read it.", null=True)),
                (
                    "access",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("paywalled", "behind a paywall"),
                            ("restricted", "restricted"),
                            ("unknown", "not known"),
                        ],
                        db_index=True,
                        default="unknown",
                        help_text="Whether a reader can open the whole document.",
                        max_length=12,
                    ),
                ),
                (
                    "wire_credit",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The agency credited for the text, for example EFE or AP.", max_length=60
                    ),
                ),
                (
                    "reliability",
                    models.CharField(
                        choices=[
                            ("A", "completely reliable"),
                            ("B", "usually reliable"),
                            ("C", "fairly reliable"),
                            ("D", "not usually reliable"),
                            ("E", "unreliable"),
                            ("F", "reliability cannot be judged"),
                        ],
                        db_index=True,
                        default="F",
                        help_text="How far this source has earned trust on such matters, from A to F.",
                        max_length=1,
                    ),
                ),
                (
                    "reliability_reason",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="Why it has this grade, in a sentence readers will see."
                    ),
                ),
                (
                    "outlook",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="The document's own point of view, in the editors' judgement."
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("stands", "stands as published"),
                            ("corrected", "corrected by its publisher"),
                            ("retracted", "retracted by its publisher"),
                        ],
                        db_index=True,
                        default="stands",
                        help_text="Whether the publisher stands by the document.",
                        max_length=12,
                    ),
                ),
                (
                    "standing_note",
                    sources.lib.fields.ProseField(blank=True, help_text="What was corrected or retracted, and when."),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="Anything else a reader should know about the document."
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        editable=False,
                        help_text="Who made the latest change; somebody else publishes it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "derived_from",
                    models.ForeignKey(
                        blank=True,
                        help_text="The document that this one reprints, translates or summarises; the two count as one origin.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reprints",
                        to="sources.source",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that continues this one; its address redirects there.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_records",
                        to="sources.source",
                    ),
                ),
                (
                    "publisher",
                    models.ForeignKey(
                        help_text="Who put the document before the public.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sources",
                        to="sources.publisher",
                    ),
                ),
            ],
            options={
                "ordering": ["-date_earliest", "slug"],
                "abstract": False,
                "indexes": [models.Index(fields=["status", "-date_earliest", "slug"], name="source_public_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="source_published_has_date",
                        violation_error_message="A published record needs the day of its publication.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "withdrawn"), _negated=True),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawn_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="source_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="source_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("derived_from__isnull", True),
                            models.Q(("derived_from", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="source_not_its_own_origin",
                        violation_error_message="A source is not derived from itself.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reliability", "F"), models.Q(("reliability_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="source_grade_has_reason",
                        violation_error_message="Say why the source has this reliability grade.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField(editable=False)),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        help_text="The entry of the record that is meant; empty for the record itself.",
                        max_length=160,
                    ),
                ),
                ("field", models.CharField(help_text="The field that is meant.", max_length=40)),
                (
                    "record_ref",
                    models.CharField(
                        db_index=True,
                        editable=False,
                        help_text="The record as “kind/slug”; slugs never change, so lists need not look the record up.",
                        max_length=160,
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        editable=False,
                        help_text="The public identifier, made of what the row is about; the same in every installation.",
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "locator",
                    sources.lib.fields.NameField(
                        blank=True, help_text="Where in the document, for example “line 21, para 13”.", max_length=160
                    ),
                ),
                (
                    "locator_type",
                    models.CharField(
                        choices=[
                            ("line", "line"),
                            ("paragraph", "paragraph"),
                            ("page", "page"),
                            ("section", "section"),
                            ("article", "article"),
                            ("chapter", "chapter"),
                            ("table", "table"),
                            ("figure", "figure"),
                            ("timestamp", "time"),
                            ("other", "place"),
                        ],
                        default="other",
                        help_text="What the locator counts.",
                        max_length=12,
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[("supports", "supports"), ("disputes", "disputes"), ("mentions", "mentions")],
                        db_index=True,
                        default="supports",
                        help_text="Whether the document supports the value, disputes it, or only mentions the matter.",
                        max_length=8,
                    ),
                ),
                (
                    "value",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The value as this source reports it, where it differs or is worth showing.",
                        max_length=500,
                    ),
                ),
                (
                    "quotation",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="A short quotation, under 30 words.",
                        max_length=300,
                        validators=[sources.models.citations.validate_short],
                    ),
                ),
                (
                    "credibility",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "confirmed by other sources"),
                            (2, "probably true"),
                            (3, "possibly true"),
                            (4, "doubtful"),
                            (5, "improbable"),
                            (6, "truth cannot be judged"),
                        ],
                        default=6,
                        help_text="How credible this one statement is, from 1 to 6.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(6),
                        ],
                    ),
                ),
                (
                    "against_text",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("matches", "matches the text"),
                            ("overstates", "says more than the text"),
                            ("understates", "says less than the text"),
                            ("unsupported", "has nothing in the text"),
                            ("not_held", "speaks of text not held"),
                        ],
                        help_text="How the statement compares with the text of the instrument where that is held, or that it concerns a part that is not held.",
                        max_length=12,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What a reader should know about this citation."
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
                (
                    "finding",
                    models.ForeignKey(
                        blank=True,
                        help_text="The search that found nothing, where the absence itself is the fact.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cited_in",
                        to="sources.negativefinding",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        help_text="The document that says so.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="sources.source",
                    ),
                ),
            ],
            options={
                "ordering": ["part", "field", "pk"],
                "indexes": [models.Index(fields=["record_type", "record_id", "part", "field"], name="citation_about")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "record_id", "part", "field", "source", "locator", "stance"),
                        name="citation_once",
                        violation_error_message="This source is already cited here for this field at this place.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding__isnull", True), ("source__isnull", False)),
                            models.Q(("finding__isnull", False), ("source__isnull", True)),
                            _connector="OR",
                        ),
                        name="citation_source_or_finding",
                        violation_error_message="Cite a source, or a search that found nothing: one of the two.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stance", "supports"), _negated=True),
                            models.Q(("locator", ""), _negated=True),
                            ("source__isnull", True),
                            _connector="OR",
                        ),
                        name="citation_support_has_locator",
                        violation_error_message="Say where in the document, so that a reader can check it.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Version",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField()),
                ("number", models.PositiveIntegerField(help_text="Counts the publications of the record, from 1.")),
                ("at", models.DateTimeField(db_index=True, help_text="When it was published.")),
                ("body", models.TextField(help_text="The API's representation as canonical JSON.")),
                ("sha256", models.CharField(help_text="Digest of the body.", max_length=64)),
                ("schema", models.CharField(help_text="Version of the representation's form.", max_length=8)),
                (
                    "record_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="contenttypes.contenttype"
                    ),
                ),
            ],
            options={
                "ordering": ["-number"],
                "indexes": [models.Index(fields=["record_type", "record_id", "-number"], name="version_about")],
                "constraints": [
                    models.UniqueConstraint(fields=("record_type", "record_id", "number"), name="version_number_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Adjudication",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField(editable=False)),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        help_text="The entry of the record that is meant; empty for the record itself.",
                        max_length=160,
                    ),
                ),
                ("field", models.CharField(help_text="The field that is meant.", max_length=40)),
                (
                    "record_ref",
                    models.CharField(
                        db_index=True,
                        editable=False,
                        help_text="The record as “kind/slug”; slugs never change, so lists need not look the record up.",
                        max_length=160,
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        editable=False,
                        help_text="The public identifier, made of what the row is about; the same in every installation.",
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "open"), ("settled", "settled")],
                        db_index=True,
                        default="open",
                        help_text="Whether the matter is settled.",
                        max_length=8,
                    ),
                ),
                (
                    "adopted_value",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The value the record states; empty while the matter is open.",
                        max_length=500,
                    ),
                ),
                ("reason", sources.lib.fields.ProseField(help_text="Why, in words for readers.")),
                (
                    "confidence",
                    models.CharField(
                        blank=True,
                        choices=[("high", "high"), ("medium", "medium"), ("low", "low")],
                        help_text="Overrules the computed confidence; the reason says why.",
                        max_length=8,
                    ),
                ),
                (
                    "ruled_by",
                    sources.lib.fields.NameField(help_text="Who ruled, as readers will see it.", max_length=120),
                ),
                ("ruled_on", models.DateField(help_text="The day of the ruling.")),
                (
                    "record_type",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["part", "field"],
                "indexes": [models.Index(fields=["record_type", "record_id"], name="adjudication_about")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("record_type", "record_id", "part", "field"),
                        name="adjudication_once",
                        violation_error_message="This field already has a ruling; change that one.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "open"), models.Q(("adopted_value", ""), _negated=True), _connector="OR"
                        ),
                        name="adjudication_settled_has_value",
                        violation_error_message="A settled ruling names the adopted value.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContestedFact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("record_id", models.BigIntegerField(editable=False)),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        help_text="The entry of the record that is meant; empty for the record itself.",
                        max_length=160,
                    ),
                ),
                ("field", models.CharField(help_text="The field that is meant.", max_length=40)),
                (
                    "record_ref",
                    models.CharField(
                        db_index=True,
                        editable=False,
                        help_text="The record as “kind/slug”; slugs never change, so lists need not look the record up.",
                        max_length=160,
                    ),
                ),
                (
                    "uid",
                    models.CharField(
                        editable=False,
                        help_text="The public identifier, made of what the row is about; the same in every installation.",
                        max_length=16,
                        unique=True,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        db_index=True, help_text="The kind of the record, for example agreements.", max_length=32
                    ),
                ),
                ("record_name", models.CharField(help_text="The record's name.", max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[("contested", "contested"), ("settled", "settled")],
                        db_index=True,
                        help_text="Whether a ruling has settled the matter.",
                        max_length=12,
                    ),
                ),
                ("stated_value", models.TextField(blank=True, help_text="The value that the record states.")),
                (
                    "confidence",
                    models.CharField(blank=True, help_text="The confidence in the value stated.", max_length=8),
                ),
                ("sources", models.PositiveIntegerField(help_text="Citations that support the value.")),
                ("independent", models.PositiveIntegerField(help_text="Families of sources among them.")),
                (
                    "disputing",
                    models.PositiveIntegerField(help_text="Citations that dispute the value or report another one."),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "ordering": ["record_ref", "uid"],
                "indexes": [
                    models.Index(fields=["record_type", "record_id"], name="contested_fact_about"),
                    models.Index(fields=["record_ref", "uid"], name="contested_fact_order"),
                    models.Index(fields=["state", "record_ref", "uid"], name="contested_fact_by_state"),
                    models.Index(fields=["field", "record_ref", "uid"], name="contested_fact_by_field"),
                ],
            },
        ),
    ]
