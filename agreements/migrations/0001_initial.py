import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import sources.lib.fields
import sources.records.base


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "__first__"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Approach",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "code",
                    models.SlugField(
                        help_text="The code in the data, for example exclusive_sending_state.", max_length=60
                    ),
                ),
                ("name", sources.lib.fields.NameField(help_text="The name that readers see.", max_length=120)),
                ("name_es", sources.lib.fields.NameField(blank=True, help_text="The name in Spanish.", max_length=120)),
                (
                    "meaning",
                    sources.lib.fields.ProseField(help_text="What an agreement with this approach says, in one line."),
                ),
            ],
            options={
                "verbose_name_plural": "approaches",
                "ordering": ["order", "key"],
                "abstract": False,
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Codebook",
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
                    "version",
                    models.CharField(help_text="The version's number, for example 1.0.", max_length=12, unique=True),
                ),
                ("published_on", models.DateField(help_text="The day from which codings may name this version.")),
                ("purpose", sources.lib.fields.ProseField(help_text="What the codebook is for.")),
                (
                    "changes",
                    sources.lib.fields.ProseField(blank=True, help_text="What changed since the version before."),
                ),
            ],
            options={
                "ordering": ["-published_on", "-version"],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Agreement",
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
                (
                    "title",
                    sources.lib.fields.NameField(
                        help_text="The full title in English, official or translated.", max_length=500
                    ),
                ),
                (
                    "title_note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="How the title was found, where it is not the printed one.",
                        max_length=300,
                    ),
                ),
                (
                    "short_title",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The short form used in lists and comparisons.", max_length=120
                    ),
                ),
                (
                    "title_es",
                    sources.lib.fields.NameField(blank=True, help_text="The title in Spanish.", max_length=500),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("sofa", "status-of-forces agreement"),
                            ("visiting_forces", "visiting-forces agreement"),
                            ("supplementary", "supplementary agreement"),
                            ("defence_cooperation", "defence cooperation agreement"),
                            ("access", "access and facilities agreement"),
                            ("withdrawal", "withdrawal agreement"),
                            ("memorandum", "memorandum of understanding"),
                            ("letter_of_offer", "letter of offer and acceptance"),
                            ("safe_third_country", "safe-third-country agreement"),
                            ("exchange_of_notes", "exchange of notes or letters"),
                            ("alliance", "alliance treaty"),
                            ("mission", "military mission agreement"),
                            ("partnership", "partnership arrangement"),
                            ("initiative", "initiative or programme"),
                            ("strategy", "strategy or doctrine"),
                        ],
                        db_index=True,
                        help_text="What sort of instrument it is.",
                        max_length=24,
                    ),
                ),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What it is and does, in a few plain sentences, each sourced."
                    ),
                ),
                (
                    "purpose",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="The purposes and activities that the instrument names."
                    ),
                ),
                (
                    "term",
                    sources.lib.fields.NameField(
                        blank=True, help_text="How long the instrument lasts, in words.", max_length=300
                    ),
                ),
                (
                    "term_kind",
                    models.CharField(
                        choices=[
                            ("indefinite", "indefinite"),
                            ("fixed", "fixed term"),
                            ("renewable", "fixed term, renewable"),
                            ("tied", "tied to another instrument or event"),
                            ("unknown", "not known"),
                        ],
                        db_index=True,
                        default="unknown",
                        help_text="The kind of term, for comparison.",
                        max_length=12,
                    ),
                ),
                (
                    "term_years",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="The (first) term in years, where it is fixed.", null=True
                    ),
                ),
                (
                    "termination",
                    sources.lib.fields.NameField(
                        blank=True, help_text="How it can be ended, in words.", max_length=300
                    ),
                ),
                (
                    "termination_days",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="The notice of termination in days; one year counts 365, one month 30.",
                        null=True,
                    ),
                ),
                (
                    "presence",
                    sources.lib.fields.ProseField(
                        blank=True,
                        help_text="How long people may stay under it: the presence, not the instrument's own term.",
                    ),
                ),
                (
                    "article_count",
                    models.PositiveSmallIntegerField(blank=True, help_text="The number of its articles.", null=True),
                ),
                (
                    "text_availability",
                    models.CharField(
                        choices=[
                            ("official", "official text"),
                            ("transcript", "complete transcript or mirror"),
                            ("extracts", "extracts"),
                            ("summary", "official summary only"),
                            ("none", "no public text"),
                            ("unknown", "not known"),
                        ],
                        db_index=True,
                        default="unknown",
                        help_text="How much of the text the public can read.",
                        max_length=12,
                    ),
                ),
                (
                    "text_note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="Which text the record rests on, and what of it was not seen."
                    ),
                ),
                (
                    "status_note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="Why the status is unknown or doubtful; shown beside the derived status."
                    ),
                ),
                ("note", sources.lib.fields.ProseField(blank=True, help_text="Anything else a reader should know.")),
                ("signed", models.CharField(blank=True, default="", editable=False, max_length=32)),
                ("signed_earliest", models.DateField(db_index=True, editable=False, null=True)),
                ("signed_latest", models.DateField(editable=False, null=True)),
                (
                    "current_status",
                    models.CharField(
                        choices=[
                            ("negotiating", "under negotiation"),
                            ("signed", "signed, not in force"),
                            ("approved", "approved, not in force"),
                            ("rejected", "rejected or struck down"),
                            ("provisional", "applied provisionally"),
                            ("in_force", "in force"),
                            ("suspended", "suspended"),
                            ("terminated", "ended"),
                            ("launched", "launched"),
                            ("unknown", "unknown"),
                        ],
                        db_index=True,
                        default="unknown",
                        editable=False,
                        max_length=16,
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that continues this one; its address redirects there.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_records",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("signed_earliest"), descending=True, nulls_last=True), "slug"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["status", "-signed_earliest", "slug"], name="agreement_public_order"),
                    models.Index(fields=["status", "type", "-signed_earliest", "slug"], name="agreement_public_type"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="agreement_published_has_date",
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
                        name="agreement_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="agreement_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("term_years__isnull", True), ("term_kind__in", ["fixed", "renewable"]), _connector="OR"
                        ),
                        name="agreement_years_need_fixed_term",
                        violation_error_message="Only a fixed or renewable term has a number of years.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="AgreementTitle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                ("language", models.CharField(help_text="The ISO 639 code of the title's language.", max_length=8)),
                ("text", sources.lib.fields.NameField(help_text="The title, letter by letter.", max_length=500)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("official", "official title"),
                            ("printed", "as printed by a source"),
                            ("descriptive", "descriptive title"),
                        ],
                        default="printed",
                        help_text="Where the title comes from.",
                        max_length=12,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this title.", max_length=300
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="titles",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="title_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Assistance",
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
                ("title", sources.lib.fields.NameField(help_text="What it is, in a few words.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("equipment", "equipment"),
                            ("training", "training"),
                            ("works", "works"),
                            ("funds", "funds"),
                            ("services", "services"),
                        ],
                        db_index=True,
                        help_text="What sort of assistance it is.",
                        max_length=12,
                    ),
                ),
                (
                    "item",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The thing given or sold, with its type where known.", max_length=300
                    ),
                ),
                (
                    "quantity",
                    models.PositiveIntegerField(
                        blank=True, help_text="How many, where a source counts them.", null=True
                    ),
                ),
                (
                    "quantity_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What the sources say or leave out about the quantity.", max_length=300
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="The value or price in the given currency.",
                        max_digits=16,
                        null=True,
                    ),
                ),
                (
                    "currency",
                    models.CharField(blank=True, help_text="The ISO 4217 code of the currency.", max_length=3),
                ),
                (
                    "terms",
                    models.CharField(
                        choices=[("donated", "given"), ("sold", "sold"), ("loaned", "lent"), ("unknown", "not known")],
                        default="unknown",
                        help_text="Whether it was given, sold or lent.",
                        max_length=8,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "planned or expected"),
                            ("announced", "announced"),
                            ("contracted", "contracted"),
                            ("delivered", "delivered"),
                            ("cancelled", "cancelled"),
                        ],
                        db_index=True,
                        help_text="How far it has come, by the latest source.",
                        max_length=12,
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="When that state was or is to be reached.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "date_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="How the date was found, or what it means.", max_length=300
                    ),
                ),
                (
                    "programme",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The programme it belongs to, as a source names it.", max_length=300
                    ),
                ),
                ("purpose", sources.lib.fields.ProseField(blank=True, help_text="What it is for.")),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What a reader should know, in a few plain sentences, each sourced."
                    ),
                ),
                (
                    "legal_basis_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="Why the legal basis is uncertain, or that none is known.", max_length=300
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
                    "donors",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Bodies named as having given part of it.",
                        related_name="assistance_donated",
                        to="people.organisation",
                    ),
                ),
                (
                    "legal_basis",
                    models.ForeignKey(
                        blank=True,
                        help_text="The instrument that a source names as its legal basis.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assistance",
                        to="agreements.agreement",
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
                        to="agreements.assistance",
                    ),
                ),
                (
                    "provider",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state or body that gives or sells it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assistance_given",
                        to="people.organisation",
                    ),
                ),
                (
                    "recipients",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Who receives it.",
                        related_name="assistance_received",
                        to="people.organisation",
                    ),
                ),
                (
                    "supplier",
                    models.ForeignKey(
                        blank=True,
                        help_text="The company that makes or installs it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assistance_supplied",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "assistance",
                "ordering": [models.OrderBy(models.F("date_earliest"), descending=True, nulls_last=True), "slug"],
                "abstract": False,
                "indexes": [models.Index(fields=["status", "-date_earliest", "slug"], name="assistance_public_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="assistance_published_has_date",
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
                        name="assistance_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="assistance_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("currency", ""), ("value__isnull", True)),
                            models.Q(("value__isnull", False), models.Q(("currency", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="assistance_value_with_currency",
                        violation_error_message="A value needs its currency, and a currency its value.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Clause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "number",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The article or section as numbered; empty when no source gives it.",
                        max_length=60,
                    ),
                ),
                ("heading", sources.lib.fields.NameField(help_text="What the clause deals with.", max_length=300)),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What the clause does, in the editors' own words."
                    ),
                ),
                (
                    "text",
                    sources.lib.fields.ProseField(blank=True, help_text="The text itself, where it may be shown."),
                ),
                (
                    "text_language",
                    models.CharField(blank=True, help_text="The ISO 639 code of the text's language.", max_length=8),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("text", "read in the agreement itself"),
                            ("official_summary", "read in a summary by a party"),
                            ("press", "reported by the press or an analyst"),
                        ],
                        db_index=True,
                        default="text",
                        help_text="What the summary rests on.",
                        max_length=16,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(blank=True, help_text="What a reader should know about this clause."),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clauses",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="clause_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Event",
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
                ("title", sources.lib.fields.NameField(help_text="What happened, in a few words.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("meeting", "meeting or summit"),
                            ("call", "telephone call"),
                            ("letter", "letter or message"),
                            ("ceremony", "ceremony"),
                            ("vote", "referendum or vote"),
                            ("decision", "designation or decision"),
                            ("publication", "publication"),
                            ("sitting", "sitting or recess of a body"),
                            ("award", "award or nomination"),
                        ],
                        db_index=True,
                        help_text="What sort of event it is.",
                        max_length=12,
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="When it happened, as precise as the sources are.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "date_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="How the date was found, or that no source gives it.", max_length=300
                    ),
                ),
                ("place", sources.lib.fields.NameField(blank=True, help_text="Where it happened.", max_length=300)),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What happened, in a few plain sentences, each sourced."
                    ),
                ),
                ("outcome", sources.lib.fields.ProseField(blank=True, help_text="What came of it.")),
                (
                    "agreement",
                    models.ForeignKey(
                        blank=True,
                        help_text="The instrument that it concerns, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="agreements.agreement",
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
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state in which or by which it happened.",
                        limit_choices_to={"kind": "state"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events_in",
                        to="people.organisation",
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
                        to="agreements.event",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("date_earliest"), descending=True, nulls_last=True), "slug"],
                "abstract": False,
                "indexes": [models.Index(fields=["status", "-date_earliest", "slug"], name="event_public_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="event_published_has_date",
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
                        name="event_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="event_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="EventParticipant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                ("role", sources.lib.fields.NameField(help_text="What the person or body did in it.", max_length=300)),
                (
                    "event",
                    models.ForeignKey(
                        help_text="The event.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participants",
                        to="agreements.event",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="The body, if one is named.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="The person, if one is named.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "key"),
                        name="event_participant_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("person__isnull", False), ("organisation__isnull", False), _connector="OR"),
                        name="event_participant_named",
                        violation_error_message="Name a person or a body.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="ExerciseSeries",
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
                ("name", sources.lib.fields.NameField(help_text="The name that the editions share.", max_length=300)),
                (
                    "first_held",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("first_earliest", "first_latest"),
                        default="",
                        help_text="When the first edition was held.",
                        max_length=32,
                    ),
                ),
                ("first_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("first_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What the series is for, in a few plain sentences, each sourced."
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that continues this one; its address redirects there.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_records",
                        to="agreements.exerciseseries",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "exercise series",
                "ordering": ["name", "slug"],
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="exerciseseries_published_has_date",
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
                        name="exerciseseries_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="exerciseseries_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Exercise",
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
                (
                    "name",
                    sources.lib.fields.NameField(
                        help_text="The name as used, or a plain description where it has none.", max_length=300
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("exercise", "joint exercise"),
                            ("training", "training course or exchange"),
                            ("deployment", "deployment"),
                            ("mission", "medical, relief or advisory mission"),
                        ],
                        db_index=True,
                        help_text="What sort of activity it is.",
                        max_length=12,
                    ),
                ),
                (
                    "edition",
                    models.PositiveSmallIntegerField(
                        blank=True, help_text="The number of the edition in its series.", null=True
                    ),
                ),
                (
                    "dates",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("dates_earliest", "dates_latest"),
                        default="",
                        help_text="When it took place: a date, or an interval such as 2026-01-08/2026-01-16.",
                        max_length=32,
                    ),
                ),
                ("dates_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("dates_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "dates_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="How the dates were found, where no source prints them.", max_length=300
                    ),
                ),
                (
                    "venue",
                    sources.lib.fields.NameField(blank=True, help_text="The place, base or facility.", max_length=300),
                ),
                (
                    "domain",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("land", "land"),
                            ("air", "air"),
                            ("maritime", "maritime and riverine"),
                            ("cyber", "cyber"),
                            ("special_operations", "special operations"),
                            ("counter_terrorism", "counter-terrorism"),
                            ("counter_narcotics", "counter-narcotics"),
                            ("medical", "medical and dental"),
                            ("humanitarian", "humanitarian and disaster relief"),
                            ("mixed", "several"),
                        ],
                        db_index=True,
                        help_text="The main domain of the activity.",
                        max_length=20,
                    ),
                ),
                ("focus", sources.lib.fields.ProseField(blank=True, help_text="What was trained or done.")),
                (
                    "purpose",
                    sources.lib.fields.ProseField(blank=True, help_text="What it was for, as those who held it say."),
                ),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What a reader should know, in a few plain sentences, each sourced."
                    ),
                ),
                (
                    "legal_basis_note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="Why the legal basis is uncertain, or that none is known.", max_length=300
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
                    "country",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state on whose territory it took place.",
                        limit_choices_to={"kind": "state"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercises_in",
                        to="people.organisation",
                    ),
                ),
                (
                    "host",
                    models.ForeignKey(
                        blank=True,
                        help_text="The force or body that hosted it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercises_hosted",
                        to="people.organisation",
                    ),
                ),
                (
                    "legal_basis",
                    models.ForeignKey(
                        blank=True,
                        help_text="The instrument that a source names as its legal basis.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exercises",
                        to="agreements.agreement",
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
                        to="agreements.exercise",
                    ),
                ),
                (
                    "series",
                    models.ForeignKey(
                        blank=True,
                        help_text="The series that this is an edition of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="editions",
                        to="agreements.exerciseseries",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("dates_earliest"), descending=True, nulls_last=True), "slug"],
                "abstract": False,
                "indexes": [models.Index(fields=["status", "-dates_earliest", "slug"], name="exercise_public_order")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="exercise_published_has_date",
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
                        name="exercise_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="exercise_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("edition__isnull", True), ("series__isnull", False), _connector="OR"),
                        name="exercise_edition_needs_series",
                        violation_error_message="An edition number needs the series it counts in.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Milestone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("talks", "talks reported"),
                            ("negotiated", "text negotiated"),
                            ("initialled", "initialled"),
                            ("signed", "signed"),
                            ("provisional", "applied provisionally"),
                            ("submitted", "sent to the legislature"),
                            ("hearing", "hearing held"),
                            ("committee", "committee reported"),
                            ("chamber", "voted on by a chamber"),
                            ("court", "ruled on by a court"),
                            ("challenged", "challenged in court"),
                            ("ratified", "ratified"),
                            ("promulgated", "promulgated"),
                            ("notes", "notes exchanged"),
                            ("published", "text published"),
                            ("in_force", "entered into force"),
                            ("registered", "registered"),
                            ("amended", "amended"),
                            ("renewed", "renewed"),
                            ("suspended", "suspended"),
                            ("notice", "notice of termination given"),
                            ("terminated", "terminated"),
                            ("expired", "expired"),
                            ("superseded", "superseded by a later instrument"),
                            ("launched", "launched"),
                        ],
                        db_index=True,
                        help_text="Which step it is.",
                        max_length=12,
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="The day of the step, as precise as the sources are.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "date_note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="How the date was found, where a source does not print it.",
                        max_length=300,
                    ),
                ),
                ("place", sources.lib.fields.NameField(blank=True, help_text="Where it happened.", max_length=300)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("approved", "approved"),
                            ("rejected", "rejected"),
                            ("favourable", "favourable"),
                            ("unfavourable", "unfavourable"),
                            ("cleared", "cleared"),
                            ("struck_down", "struck down or suspended"),
                            ("pending", "pending"),
                        ],
                        help_text="What the body decided, where it decided something.",
                        max_length=12,
                    ),
                ),
                ("votes_for", models.PositiveIntegerField(blank=True, help_text="Votes in favour.", null=True)),
                ("votes_against", models.PositiveIntegerField(blank=True, help_text="Votes against.", null=True)),
                ("votes_abstaining", models.PositiveIntegerField(blank=True, help_text="Abstentions.", null=True)),
                ("votes_absent", models.PositiveIntegerField(blank=True, help_text="Members absent.", null=True)),
                (
                    "evidence",
                    models.CharField(
                        choices=[
                            ("evidenced", "evidenced"),
                            ("claimed", "claimed"),
                            ("planned", "announced or expected"),
                        ],
                        default="evidenced",
                        help_text="Whether a document or several reports show the step, or somebody only claims or expects it.",
                        max_length=12,
                    ),
                ),
                ("description", sources.lib.fields.ProseField(blank=True, help_text="What happened, in a sentence.")),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        help_text="The chamber, committee, court or office that acted.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="milestones",
                        to="people.organisation",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state whose procedure this step belongs to; empty for a step of all parties.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("date_earliest"), nulls_last=True), "order", "key"],
                "abstract": False,
                "indexes": [models.Index(fields=["kind", "date_earliest"], name="milestone_kind_date")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="milestone_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["chamber", "committee"]),
                            models.Q(
                                ("votes_absent__isnull", True),
                                ("votes_abstaining__isnull", True),
                                ("votes_against__isnull", True),
                                ("votes_for__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="milestone_votes_need_chamber",
                        violation_error_message="Only a vote of a chamber or committee has numbers of votes.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("participant", "participant"),
                            ("host", "host"),
                            ("trainer", "trainer"),
                            ("trainee", "trainee"),
                            ("observer", "observer"),
                        ],
                        default="participant",
                        help_text="In which role it took part.",
                        max_length=12,
                    ),
                ),
                (
                    "strength",
                    models.PositiveIntegerField(blank=True, help_text="The number of people it sent.", null=True),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="What a reader should know, for example that the unit is not named.",
                        max_length=300,
                    ),
                ),
                (
                    "exercise",
                    models.ForeignKey(
                        help_text="The exercise.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="participations",
                        to="agreements.exercise",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="Who took part.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="participations",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "key"),
                        name="participation_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Party",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("party", "party"),
                            ("sending", "sending state"),
                            ("receiving", "receiving state"),
                            ("participant", "participant"),
                            ("depositary", "depositary"),
                            ("lead", "lead"),
                            ("subject", "subject of it"),
                        ],
                        default="party",
                        help_text="In which role it takes part.",
                        max_length=12,
                    ),
                ),
                (
                    "acting_through",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The ministry or commission that acts for it, where named.",
                        max_length=300,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this party.", max_length=300
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="The state or organisation.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="party_to",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "parties",
                "ordering": ["order", "key"],
                "abstract": False,
                "indexes": [models.Index(fields=["organisation", "agreement"], name="party_by_organisation")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="party_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Position",
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
                (
                    "holder_note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="How the source describes a speaker whom it does not name.",
                        max_length=300,
                    ),
                ),
                ("record_id", models.BigIntegerField(blank=True, help_text="The record spoken of.", null=True)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("supports", "supports"),
                            ("opposes", "opposes"),
                            ("denies", "denies"),
                            ("concern", "raises a concern"),
                            ("clarifies", "clarifies"),
                            ("assesses", "assesses"),
                        ],
                        db_index=True,
                        help_text="How the speaker stands to it.",
                        max_length=12,
                    ),
                ),
                ("statement", sources.lib.fields.ProseField(help_text="What was said, in the editors' own words.")),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="When it was said.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "occasion",
                    sources.lib.fields.NameField(
                        blank=True, help_text="Where it was said: an interview, a sitting, a ceremony.", max_length=300
                    ),
                ),
                (
                    "attribution",
                    models.CharField(
                        choices=[
                            ("quoted", "quoted"),
                            ("paraphrased", "paraphrased"),
                            ("reported", "reported at second hand"),
                            ("own", "the source's own view"),
                        ],
                        default="reported",
                        help_text="Whether the source quotes, paraphrases or only reports it.",
                        max_length=12,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What a reader should know about this statement."
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
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        help_text="The record that continues this one; its address redirects there.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_records",
                        to="agreements.position",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        help_text="The body that said it, or for which it was said.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who said it.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="positions",
                        to="people.person",
                    ),
                ),
                (
                    "record_type",
                    models.ForeignKey(
                        blank=True,
                        help_text="The kind of record spoken of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="contenttypes.contenttype",
                    ),
                ),
            ],
            options={
                "ordering": [models.OrderBy(models.F("date_earliest"), descending=True, nulls_last=True), "slug"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["status", "-date_earliest", "slug"], name="position_public_order"),
                    models.Index(fields=["record_type", "record_id", "status"], name="position_about"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="position_published_has_date",
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
                        name="position_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="position_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("person__isnull", False),
                            ("organisation__isnull", False),
                            models.Q(("holder_note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="position_has_holder",
                        violation_error_message="Name the person or body, or say how the source describes the speaker.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="RegistryNumber",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "series",
                    sources.lib.fields.NameField(
                        help_text="The series, for example TIAS, UNTS, Trb. or BGBl. II.", max_length=80
                    ),
                ),
                ("number", sources.lib.fields.NameField(help_text="The number in that series.", max_length=80)),
                (
                    "url",
                    sources.lib.fields.WebAddressField(
                        blank=True, help_text="Where the entry is on the web.", max_length=1000
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="What a reader should know, for example that it was not verified.",
                        max_length=300,
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="registry_numbers",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="registry_number_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("supplements", "supplements"),
                            ("implements", "implements"),
                            ("supersedes", "supersedes"),
                            ("amends", "amends"),
                            ("compares_with", "is compared with"),
                            ("conducted_under", "is conducted under"),
                            ("follows", "follows up"),
                        ],
                        db_index=True,
                        help_text="How they are related.",
                        max_length=16,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this relation.", max_length=300
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument that relates to another.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        help_text="The other instrument.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="related_from",
                        to="agreements.agreement",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="relation_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("agreement", models.F("target")), _negated=True),
                        name="relation_to_another",
                        violation_error_message="An instrument is not related to itself.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "capacity",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The office in which the person signed.", max_length=300
                    ),
                ),
                (
                    "name_as_printed",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The name as the main source prints it.", max_length=300
                    ),
                ),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="The day, where it differs from the day of signature.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this signature.", max_length=300
                    ),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state or organisation for which the person signed.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Who signed.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "indexes": [models.Index(fields=["person", "agreement"], name="signature_by_person")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="signature_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Topic",
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
                    "code",
                    models.CharField(
                        help_text="The code, for example D2: group and number.", max_length=4, unique=True
                    ),
                ),
                ("name", sources.lib.fields.NameField(help_text="The topic's name in English.", max_length=120)),
                (
                    "name_es",
                    sources.lib.fields.NameField(blank=True, help_text="The topic's name in Spanish.", max_length=120),
                ),
                ("definition", sources.lib.fields.ProseField(help_text="What the topic covers.")),
                ("definition_es", sources.lib.fields.ProseField(blank=True, help_text="The definition in Spanish.")),
                ("group", models.CharField(db_index=True, help_text="The letter of its group.", max_length=2)),
                ("group_name", sources.lib.fields.NameField(help_text="The group's name in English.", max_length=80)),
                (
                    "group_name_es",
                    sources.lib.fields.NameField(blank=True, help_text="The group's name in Spanish.", max_length=80),
                ),
                ("group_order", models.PositiveSmallIntegerField(help_text="The group's place in the codebook.")),
                ("order", models.PositiveSmallIntegerField(help_text="The topic's place in its group.")),
                (
                    "since",
                    models.ForeignKey(
                        help_text="The version that brought the topic in.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="new_topics",
                        to="agreements.codebook",
                    ),
                ),
            ],
            options={
                "ordering": ["group_order", "order"],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Coding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                (
                    "person_class",
                    models.CharField(
                        choices=[
                            ("all", "all covered persons"),
                            ("military", "members of the force"),
                            ("civilian", "civilian component"),
                            ("contractor", "contractors (firms)"),
                            ("contractor_employee", "employees of contractors"),
                            ("dependant", "dependants"),
                        ],
                        db_index=True,
                        default="all",
                        help_text="The class of persons that the coding is about.",
                        max_length=20,
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("present", "dealt with"),
                            ("expressly_excluded", "expressly excluded"),
                            ("silent", "silent"),
                            ("text_unavailable", "text unavailable"),
                            ("inconclusive", "inconclusive"),
                            ("not_applicable", "not applicable"),
                            ("not_coded", "not coded"),
                        ],
                        db_index=True,
                        help_text="How the instrument stands to the topic.",
                        max_length=20,
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("text", "read in the agreement itself"),
                            ("official_summary", "read in a summary by a party"),
                            ("press", "reported by the press or an analyst"),
                        ],
                        db_index=True,
                        help_text="What the coding rests on.",
                        max_length=16,
                    ),
                ),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What it says on the topic, in the editors' own words."
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.ProseField(blank=True, help_text="What a reader should know about this coding."),
                ),
                (
                    "agreement",
                    models.ForeignKey(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="codings",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "approach",
                    models.ForeignKey(
                        blank=True,
                        help_text="Which of the topic's approaches it takes; empty when it deals with the topic in another way.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codings",
                        to="agreements.approach",
                    ),
                ),
                (
                    "clauses",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The clauses that the coding rests on.",
                        related_name="codings",
                        to="agreements.clause",
                    ),
                ),
                (
                    "codebook",
                    models.ForeignKey(
                        help_text="The version of the codebook it follows.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codings",
                        to="agreements.codebook",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        help_text="The topic of the codebook.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="codings",
                        to="agreements.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["topic__group_order", "topic__order", "person_class"],
                "abstract": False,
                "indexes": [models.Index(fields=["topic", "stance", "agreement"], name="coding_by_topic")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("agreement", "key"),
                        name="coding_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    ),
                    models.UniqueConstraint(
                        fields=("agreement", "topic", "person_class"),
                        name="coding_once",
                        violation_error_message="This topic is already coded for this class of person.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approach__isnull", True),
                            ("stance__in", ["present", "expressly_excluded", "inconclusive"]),
                            _connector="OR",
                        ),
                        name="coding_approach_needs_text",
                        violation_error_message="An approach needs a stance that says what the text does.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", ""), _negated=True),
                            ("stance__in", ["text_unavailable", "not_applicable", "not_coded"]),
                            _connector="OR",
                        ),
                        name="coding_has_basis",
                        violation_error_message="Say what the coding rests on: text, official summary or press.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.AddField(
            model_name="approach",
            name="topic",
            field=models.ForeignKey(
                help_text="The topic.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="approaches",
                to="agreements.topic",
            ),
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    models.CharField(
                        blank=True,
                        help_text="Names this entry within its record; filled in by itself and never changed afterwards.",
                        max_length=120,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(?:-[a-z0-9]+)*\\Z", "Use lower-case letters, digits and single hyphens."
                            )
                        ],
                    ),
                ),
                (
                    "order",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Place in the list; equal numbers sort by name."
                    ),
                ),
                ("title", sources.lib.fields.NameField(help_text="What the visit was called.", max_length=300)),
                (
                    "date",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("date_earliest", "date_latest"),
                        default="",
                        help_text="The day of the visit.",
                        max_length=32,
                    ),
                ),
                ("date_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("date_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "unnamed",
                    sources.lib.fields.NameField(
                        blank=True, help_text="Visitors whom the sources describe without a name.", max_length=300
                    ),
                ),
                ("description", sources.lib.fields.ProseField(blank=True, help_text="What the visitors saw or did.")),
                (
                    "exercise",
                    models.ForeignKey(
                        help_text="The exercise visited.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
                        to="agreements.exercise",
                    ),
                ),
                (
                    "visitors",
                    models.ManyToManyField(
                        blank=True, help_text="The visitors who are named.", related_name="visits", to="people.person"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exercise", "key"),
                        name="visit_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.AddConstraint(
            model_name="approach",
            constraint=models.UniqueConstraint(
                fields=("topic", "key"),
                name="approach_key_once",
                violation_error_message="Another entry of this record has the same key.",
            ),
        ),
        migrations.AddConstraint(
            model_name="approach",
            constraint=models.UniqueConstraint(
                fields=("topic", "code"),
                name="approach_code_once",
                violation_error_message="The topic already has an approach with this code.",
            ),
        ),
        migrations.CreateModel(
            name="SecondCoding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "coder_name",
                    models.CharField(
                        help_text="The account's name at that time, kept when it changes.", max_length=150
                    ),
                ),
                (
                    "answers",
                    models.JSONField(
                        blank=True,
                        default=list,
                        help_text="What the second coder answered so far: topic, class, stance, approach.",
                    ),
                ),
                ("begun_on", models.DateField(auto_now_add=True, help_text="The day on which it was begun.")),
                (
                    "finished_on",
                    models.DateField(
                        help_text="The day from which it cannot be changed and is compared with the first coding.",
                        null=True,
                    ),
                ),
                (
                    "agreement",
                    models.OneToOneField(
                        help_text="The instrument.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="second_coding",
                        to="agreements.agreement",
                    ),
                ),
                (
                    "codebook",
                    models.ForeignKey(
                        help_text="The version of the codebook it follows.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="agreements.codebook",
                    ),
                ),
                (
                    "coder",
                    models.ForeignKey(
                        help_text="Whose account did it.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-begun_on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="CodingPair",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "person_class",
                    models.CharField(
                        choices=[
                            ("all", "all covered persons"),
                            ("military", "members of the force"),
                            ("civilian", "civilian component"),
                            ("contractor", "contractors (firms)"),
                            ("contractor_employee", "employees of contractors"),
                            ("dependant", "dependants"),
                        ],
                        help_text="The class of persons that it is about.",
                        max_length=20,
                    ),
                ),
                (
                    "first_stance",
                    models.CharField(
                        choices=[
                            ("present", "dealt with"),
                            ("expressly_excluded", "expressly excluded"),
                            ("silent", "silent"),
                            ("text_unavailable", "text unavailable"),
                            ("inconclusive", "inconclusive"),
                            ("not_applicable", "not applicable"),
                            ("not_coded", "not coded"),
                        ],
                        help_text="The stance that the first coding gave.",
                        max_length=20,
                    ),
                ),
                (
                    "first_approach",
                    models.CharField(
                        blank=True, help_text="The key of the approach that the first coding gave.", max_length=120
                    ),
                ),
                (
                    "second_stance",
                    models.CharField(
                        choices=[
                            ("present", "dealt with"),
                            ("expressly_excluded", "expressly excluded"),
                            ("silent", "silent"),
                            ("text_unavailable", "text unavailable"),
                            ("inconclusive", "inconclusive"),
                            ("not_applicable", "not applicable"),
                            ("not_coded", "not coded"),
                        ],
                        help_text="The stance that the second coding gave.",
                        max_length=20,
                    ),
                ),
                (
                    "second_approach",
                    models.CharField(
                        blank=True, help_text="The key of the approach that the second coding gave.", max_length=120
                    ),
                ),
                (
                    "second_coding",
                    models.ForeignKey(
                        help_text="The second coding it belongs to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pairs",
                        to="agreements.secondcoding",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        help_text="The topic.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="coding_pairs",
                        to="agreements.topic",
                    ),
                ),
            ],
            options={
                "ordering": ["topic__group_order", "topic__order", "person_class"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("second_coding", "topic", "person_class"),
                        name="coding_pair_once",
                        violation_error_message="This unit was compared already.",
                    )
                ],
            },
        ),
    ]
