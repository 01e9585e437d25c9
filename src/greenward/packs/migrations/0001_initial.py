import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("packs", "0002_drafts")]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pack_id", models.SlugField(max_length=60, verbose_name="方案包")),
                ("title", models.CharField(max_length=200, verbose_name="草稿名称")),
                ("territory", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "编写中"),
                            ("submitted", "待复核"),
                            ("published", "已发布"),
                            ("withdrawn", "已作废"),
                        ],
                        default="open",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("cells", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField()),
                ("submitted_at", models.DateTimeField(null=True)),
                ("submitted_digest", models.CharField(default="", max_length=64)),
                ("decided_at", models.DateTimeField(null=True)),
                ("reason", models.TextField(default="", verbose_name="理由")),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "方案草稿",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="DraftFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("path", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("version", models.PositiveIntegerField()),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="packs.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
                "constraints": [models.UniqueConstraint(fields=("draft", "path"), name="draft_file_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="only_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF (SELECT state FROM packs_draft WHERE id = NEW.draft_id) <> 'open' THEN\n    RAISE EXCEPTION 'packs: draft % is not open', NEW.draft_id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                            hash="de52258fd76f88aa0674850d52c38aba43dac757",
                            operation="UPDATE OR INSERT",
                            pgid="pgtrigger_only_open_a2239",
                            table="packs_draftfile",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="InstalledPack",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pack_id", models.SlugField(max_length=60, verbose_name="方案包")),
                ("edition", models.CharField(max_length=20, verbose_name="版次")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("content", models.JSONField()),
                ("installed_at", models.DateTimeField()),
                (
                    "installed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pack_id", "edition"), name="pack_edition_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="efcceb0661e1564492567196c12b685278ecf422",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_0494b",
                            table="packs_installedpack",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="base",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="drafts",
                to="packs.installedpack",
            ),
        ),
        migrations.AddField(
            model_name="draft",
            name="published",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="draft",
                to="packs.installedpack",
            ),
        ),
        migrations.CreateModel(
            name="DraftChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("path", models.CharField(default="", max_length=120)),
                ("text", models.TextField(null=True)),
                ("note", models.TextField(default="", verbose_name="说明")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="changes", to="packs.draft"
                    ),
                ),
            ],
            options={
                "verbose_name": "草稿改动",
                "ordering": ["-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "version", "path"), name="draft_change_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="74abbb1d986ae79ca7ebfa88a3f35a06e7957d91",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_e9523",
                            table="packs_draftchange",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="only_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF (SELECT state FROM packs_draft WHERE id = NEW.draft_id) <> 'open' THEN\n    RAISE EXCEPTION 'packs: draft % is not open', NEW.draft_id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                            hash="bd7ae3499858a48f6ca1703a2970f8a91fa7b61b",
                            operation="INSERT",
                            pgid="pgtrigger_only_open_20981",
                            table="packs_draftchange",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "submitted", "published", "withdrawn"])),
                name="draft_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "submitted"), _negated=True),
                    models.Q(
                        ("submitted_at__isnull", False),
                        ("submitted_by__isnull", False),
                        models.Q(("submitted_digest", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="draft_submitted_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="draft",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True),
                    models.Q(
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                        ("published__isnull", False),
                        models.Q(("decided_by", models.F("submitted_by")), _negated=True),
                        models.Q(("decided_by", models.F("created_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="draft_published_by_a_second",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draft",
            trigger=pgtrigger.compiler.Trigger(
                name="second_person",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"state\" = 'published')",
                    func="\nIF EXISTS (SELECT 1 FROM packs_draftchange WHERE draft_id = NEW.id AND by_id = NEW.decided_by_id) THEN\n    RAISE EXCEPTION 'packs: who wrote draft % cannot publish it', NEW.id USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="81d702fd5e9ade60b75477d5cd572fc4b468699a",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_second_person_2390b",
                    table="packs_draft",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draft",
            trigger=pgtrigger.compiler.Trigger(
                name="published_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'published')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5738f68b89d8e52d41a678f585becf52eea875c5",
                    operation="UPDATE",
                    pgid="pgtrigger_published_stays_41451",
                    table="packs_draft",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="draft",
            trigger=pgtrigger.compiler.Trigger(
                name="kept",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c9af856343cdb31b6861d1f2310f33668e8a5e2b",
                    operation="DELETE",
                    pgid="pgtrigger_kept_e9022",
                    table="packs_draft",
                    when="BEFORE",
                ),
            ),
        ),
    ]
