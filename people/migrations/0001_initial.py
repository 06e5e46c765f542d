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
    ]

    operations = [
        migrations.CreateModel(
            name="Organisation",
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
                        help_text="The name in English, as the organisation or its usual English sources give it.",
                        max_length=300,
                    ),
                ),
                ("name_es", sources.lib.fields.NameField(blank=True, help_text="The name in Spanish.", max_length=300)),
                (
                    "short_name",
                    sources.lib.fields.NameField(
                        blank=True, help_text="The short form or abbreviation in use, for example NCTC.", max_length=80
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("state", "state or territory"),
                            ("government", "government"),
                            ("ministry", "ministry or department"),
                            ("agency", "public agency"),
                            ("force", "armed or security force"),
                            ("legislature", "legislature or chamber"),
                            ("court", "court"),
                            ("mission", "diplomatic mission"),
                            ("international", "international organisation or group of states"),
                            ("party", "political party or movement"),
                            ("company", "company"),
                            ("media", "media outlet"),
                            ("civil_society", "civil society organisation"),
                            ("armed_group", "armed group"),
                            ("criminal", "criminal organisation"),
                            ("facility", "training centre or facility"),
                        ],
                        db_index=True,
                        help_text="What sort of body it is.",
                        max_length=16,
                    ),
                ),
                (
                    "iso_alpha2",
                    models.CharField(
                        blank=True,
                        help_text="For a state: the two-letter code of ISO 3166-1.",
                        max_length=2,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{2}\\Z")],
                    ),
                ),
                (
                    "iso_alpha3",
                    models.CharField(
                        blank=True,
                        db_index=True,
                        help_text="For a state: the three-letter code of ISO 3166-1, used in filters and addresses.",
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^[A-Z]{3}\\Z")],
                    ),
                ),
                (
                    "iso_numeric",
                    models.CharField(
                        blank=True,
                        help_text="For a state: the numeric code of ISO 3166-1, with leading zeros.",
                        max_length=3,
                        validators=[django.core.validators.RegexValidator("^\\d{3}\\Z")],
                    ),
                ),
                (
                    "region",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("northern-africa", "Northern Africa"),
                            ("sub-saharan-africa", "Sub-Saharan Africa"),
                            ("latin-america-caribbean", "Latin America and the Caribbean"),
                            ("northern-america", "Northern America"),
                            ("central-asia", "Central Asia"),
                            ("eastern-asia", "Eastern Asia"),
                            ("south-eastern-asia", "South-eastern Asia"),
                            ("southern-asia", "Southern Asia"),
                            ("western-asia", "Western Asia"),
                            ("eastern-europe", "Eastern Europe"),
                            ("northern-europe", "Northern Europe"),
                            ("southern-europe", "Southern Europe"),
                            ("western-europe", "Western Europe"),
                            ("australia-new-zealand", "Australia and New Zealand"),
                            ("pacific", "Melanesia, Micronesia and Polynesia"),
                            ("antarctica", "Antarctica"),
                        ],
                        db_index=True,
                        help_text="For a state: its sub-region in the United Nations' M49 standard.",
                        max_length=24,
                    ),
                ),
                (
                    "founded",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("founded_earliest", "founded_latest"),
                        default="",
                        help_text="When it was founded, as far as a source says.",
                        max_length=32,
                    ),
                ),
                ("founded_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("founded_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "dissolved",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("dissolved_earliest", "dissolved_latest"),
                        default="",
                        help_text="When it ended, as far as a source says.",
                        max_length=32,
                    ),
                ),
                ("dissolved_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("dissolved_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="What a reader should know, in a few plain sentences, each sourced."
                    ),
                ),
                (
                    "website",
                    sources.lib.fields.WebAddressField(blank=True, help_text="The body's own site.", max_length=1000),
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
                        help_text="The state that the body belongs to or works in.",
                        limit_choices_to={"kind": "state"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bodies",
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
                        to="people.organisation",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        help_text="The body that this one is part of.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "slug"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["status", "name", "slug"], name="organisation_public_order"),
                    models.Index(fields=["status", "kind", "name", "slug"], name="organisation_public_kind"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="organisation_published_has_date",
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
                        name="organisation_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="organisation_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("iso_alpha3", ""), _negated=True),
                        fields=("iso_alpha3",),
                        name="organisation_iso3_once",
                        violation_error_message="Another state already has this three-letter code.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("iso_alpha2", ""), _negated=True),
                        fields=("iso_alpha2",),
                        name="organisation_iso2_once",
                        violation_error_message="Another state already has this two-letter code.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "state"),
                            models.Q(("iso_alpha2", ""), ("iso_alpha3", ""), ("iso_numeric", ""), ("region", "")),
                            _connector="OR",
                        ),
                        name="organisation_codes_for_states",
                        violation_error_message="Only a state or territory has ISO codes and a region.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("parent__isnull", True),
                            models.Q(("parent", models.F("pk")), _negated=True),
                            _connector="OR",
                        ),
                        name="organisation_not_its_own_parent",
                        violation_error_message="An organisation is not part of itself.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="OrganisationName",
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
                ("name", sources.lib.fields.NameField(help_text="The name, letter by letter.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("as_printed", "as printed by a source"),
                            ("former", "former name"),
                            ("alias", "also known as"),
                            ("translation", "in another language"),
                            ("abbreviation", "abbreviation"),
                        ],
                        default="as_printed",
                        help_text="Why the name is kept.",
                        max_length=12,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="The ISO 639 code of the name's language, where that matters.",
                        max_length=8,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this form.", max_length=300
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="Whose name it is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "key"),
                        name="organisation_name_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Person",
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
                        help_text="The full name in its usual form, with accents.", max_length=300
                    ),
                ),
                (
                    "family_name",
                    sources.lib.fields.NameField(
                        blank=True,
                        db_index=True,
                        help_text="The family name or names that the person is sorted by.",
                        max_length=300,
                    ),
                ),
                (
                    "given_name",
                    sources.lib.fields.NameField(blank=True, help_text="The given name or names.", max_length=300),
                ),
                (
                    "summary",
                    sources.lib.fields.ProseField(
                        blank=True, help_text="Who the person is, in a sentence or two, each sourced."
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
                        to="people.person",
                    ),
                ),
                (
                    "nationality",
                    models.ForeignKey(
                        blank=True,
                        help_text="The state whose national or official the person is.",
                        limit_choices_to={"kind": "state"},
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="nationals",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "people",
                "ordering": ["family_name", "given_name", "slug"],
                "abstract": False,
                "indexes": [
                    models.Index(fields=["status", "family_name", "given_name", "slug"], name="person_public_order")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="person_published_has_date",
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
                        name="person_withdrawn_has_reason",
                        violation_error_message="A withdrawn record needs the day and the reason of its withdrawal.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "merged"), _negated=True),
                            ("merged_into__isnull", False),
                            _connector="OR",
                        ),
                        name="person_merged_has_target",
                        violation_error_message="A merged record names the record that continues it.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="PersonName",
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
                ("name", sources.lib.fields.NameField(help_text="The name, letter by letter.", max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("as_printed", "as printed by a source"),
                            ("former", "former name"),
                            ("alias", "also known as"),
                            ("translation", "in another language"),
                            ("abbreviation", "abbreviation"),
                        ],
                        default="as_printed",
                        help_text="Why the name is kept.",
                        max_length=12,
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        help_text="The ISO 639 code of the name's language, where that matters.",
                        max_length=8,
                    ),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this form.", max_length=300
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Whose name it is.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="other_names",
                        to="people.person",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "key"),
                        name="person_name_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Post",
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
                    "label",
                    sources.lib.fields.NameField(
                        help_text="The title of the office in English, for example Minister of Foreign Affairs.",
                        max_length=300,
                    ),
                ),
                (
                    "label_es",
                    sources.lib.fields.NameField(blank=True, help_text="The title in Spanish.", max_length=300),
                ),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about the post.", max_length=300
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="The body that the post belongs to.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="posts",
                        to="people.organisation",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "key"),
                        name="post_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    )
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
        migrations.CreateModel(
            name="Membership",
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
                    sources.lib.fields.NameField(
                        blank=True,
                        help_text="The role as described, where there is no post: member, founder, commander.",
                        max_length=300,
                    ),
                ),
                (
                    "dates",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("dates_earliest", "dates_latest"),
                        default="",
                        help_text="The time in office as an interval, for example 2023-08-15/.. ; empty when no source says.",
                        max_length=32,
                    ),
                ),
                ("dates_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("dates_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "stated_on",
                    sources.lib.fields.PartialDateField(
                        blank=True,
                        bounds=("stated_earliest", "stated_latest"),
                        default="",
                        help_text="A date on which a source shows the person in the post, where the term itself is not known.",
                        max_length=32,
                    ),
                ),
                ("stated_earliest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                ("stated_latest", models.DateField(blank=True, db_index=True, editable=False, null=True)),
                (
                    "note",
                    sources.lib.fields.NameField(
                        blank=True, help_text="What a reader should know about this term.", max_length=300
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        help_text="The body that the person belonged to.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        help_text="Who held it.",
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="people.person",
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(
                        blank=True,
                        help_text="The office held, if any.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="people.post",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "key"],
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        fields=("person", "key"),
                        name="membership_key_once",
                        violation_error_message="Another entry of this record has the same key.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("post__isnull", False), models.Q(("role", ""), _negated=True), _connector="OR"
                        ),
                        name="membership_post_or_role",
                        violation_error_message="Name the post, or describe the role.",
                    ),
                ],
            },
            bases=(sources.records.base.CitedMixin, models.Model),
        ),
    ]
