import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("survey", "0002_the_way_up"),
        ("survey", "0003_what_a_preview_shows"),
        ("survey", "0004_remarks_once"),
        ("survey", "0005_moves_by_transaction"),
        ("survey", "0006_feeds"),
        ("survey", "0007_find_corrections"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("programmes", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Case",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filling", "填报中"),
                            ("submitted", "待街道核对"),
                            ("returned", "退回补正"),
                            ("checked", "待区核验"),
                            ("accepted", "已核验"),
                        ],
                        default="filling",
                        max_length=10,
                    ),
                ),
                ("moved_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="survey_cases",
                        to="territories.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ReturnedField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_fields",
                        to="survey.case",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("settled_at__isnull", True)),
                        fields=("case", "place", "field"),
                        name="returned_field_open_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "survey_returnedfieldevent" ("answer", "at", "by_id", "case_id", "field", "form", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "settled_at") VALUES (NEW."answer", NEW."at", NEW."by_id", NEW."case_id", NEW."field", NEW."form", NEW."id", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."reason", NEW."settled_at"); RETURN NULL;',
                            hash="9b1b451e30981ddf39a57c3c6aed62dffe33fee4",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f79ff",
                            table="survey_returnedfield",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "survey_returnedfieldevent" ("answer", "at", "by_id", "case_id", "field", "form", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "reason", "settled_at") VALUES (NEW."answer", NEW."at", NEW."by_id", NEW."case_id", NEW."field", NEW."form", NEW."id", NOW(), \'update\', NEW."id", NEW."place_id", NEW."reason", NEW."settled_at"); RETURN NULL;',
                            hash="229c56cdd802041481521d169ad22fd671ce7a80",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b3136",
                            table="survey_returnedfield",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnedFieldEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("form", models.CharField(max_length=60)),
                ("field", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="survey.case",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="survey.returnedfield",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="代号")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("reference_on", models.DateField(verbose_name="基准日")),
                ("opens_on", models.DateField(verbose_name="开始")),
                ("closes_on", models.DateField(verbose_name="截止")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                ("forms", models.JSONField(blank=True, default=list, verbose_name="调查表")),
                (
                    "asks",
                    models.CharField(
                        choices=[("expired", "只问过期和缺少的"), ("everything", "全部重新确认")],
                        default="expired",
                        max_length=12,
                        verbose_name="问什么",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rounds",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "ordering": ["-reference_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="round_closes_after_it_opens",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "survey_roundevent" ("asks", "closed_at", "closes_on", "code", "forms", "id", "opens_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "reference_on", "title") VALUES (NEW."asks", NEW."closed_at", NEW."closes_on", NEW."code", NEW."forms", NEW."id", NEW."opens_on", NOW(), \'insert\', NEW."id", NEW."programme_id", NEW."reference_on", NEW."title"); RETURN NULL;',
                            hash="60ce4165e2245dc63b63e4d72c1fc00fd17f00d5",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_eff8b",
                            table="survey_round",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "survey_roundevent" ("asks", "closed_at", "closes_on", "code", "forms", "id", "opens_on", "pgh_created_at", "pgh_label", "pgh_obj_id", "programme_id", "reference_on", "title") VALUES (NEW."asks", NEW."closed_at", NEW."closes_on", NEW."code", NEW."forms", NEW."id", NEW."opens_on", NOW(), \'update\', NEW."id", NEW."programme_id", NEW."reference_on", NEW."title"); RETURN NULL;',
                            hash="30786ca2884ed05c6ba86ee26a164bcb0ac97494",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_578bc",
                            table="survey_round",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                ("note", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="survey.round",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("round", "place", "day"), name="reminder_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(blank=True, max_length=60)),
                ("text", models.CharField(max_length=1000)),
                ("is_question", models.BooleanField(default=False)),
                ("settled_at", models.DateTimeField(null=True)),
                ("request", models.UUIDField(null=True)),
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
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="answers",
                        to="survey.remark",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="remarks", to="survey.round"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["place", "round"], name="remark_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("request__isnull", False)),
                        fields=("by", "request"),
                        name="remark_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(blank=True, max_length=60)),
                ("file_name", models.CharField(max_length=200, verbose_name="文件名")),
                ("digest", models.CharField(db_index=True, max_length=64)),
                ("content", models.BinaryField(default=bytes)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "待确认"),
                            ("confirmed", "已导入"),
                            ("discarded", "已放弃"),
                            ("undone", "已撤回"),
                        ],
                        default="previewed",
                        max_length=10,
                    ),
                ),
                ("report", models.JSONField(default=dict)),
                ("plan", models.BinaryField(default=bytes)),
                ("cells", models.BinaryField(default=bytes)),
                ("faults", models.BinaryField(default=bytes)),
                ("headings", models.JSONField(default=dict)),
                ("places", models.JSONField(default=dict)),
                ("reasons", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="survey.round"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("dataset", models.CharField(max_length=80)),
                ("observed_on", models.DateField()),
                ("request", models.UUIDField(unique=True)),
                ("digest", models.CharField(max_length=64)),
                ("report", models.JSONField()),
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
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.office"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="feeds", to="survey.round"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="1f3b77812ea55e179182c2b247659b811ad4b991",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b492f",
                            table="survey_feed",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("city", "市"),
                            ("district", "区"),
                            ("subdistrict", "街道（乡镇）"),
                            ("community", "社区"),
                            ("compound", "小区"),
                            ("building", "楼栋"),
                            ("facility", "设施"),
                        ],
                        max_length=12,
                    ),
                ),
                ("values", models.JSONField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("form", "填报"),
                            ("workbook", "表格导入"),
                            ("feed", "部门数据"),
                            ("record", "日常工作记录"),
                            ("field_app", "外业填报（XLSForm）"),
                            ("correction", "更正"),
                            ("undo", "撤回导入"),
                        ],
                        db_default="form",
                        default="form",
                        max_length=12,
                    ),
                ),
                ("origin", models.CharField(blank=True, db_default="", max_length=160)),
                ("observed_on", models.DateField(null=True)),
                ("reasons", models.JSONField(db_default={}, default=dict)),
                ("request", models.UUIDField(null=True)),
                ("at", models.DateTimeField()),
                ("sheet", models.CharField(blank=True, db_default="", max_length=80)),
                ("row", models.PositiveIntegerField(null=True)),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL(
                            "pg_current_xact_id()::text::bigint", []
                        ),
                        editable=False,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="territories.place",
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="survey.importfile",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="survey.round",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["place", "id"], name="entry_place_id"),
                    models.Index(
                        condition=models.Q(("file__isnull", False)), fields=["file"], name="entry_file"
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True,
                        fields=["transaction"],
                        name="entry_transaction",
                        pages_per_range=16,
                    ),
                    models.Index(
                        condition=models.Q(("way", "correction")), fields=["round"], name="entry_correction"
                    ),
                    models.Index(
                        condition=models.Q(("reasons", {}), _negated=True),
                        fields=["round"],
                        name="entry_reasoned",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("request__isnull", False)),
                        fields=("request",),
                        name="entry_request_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="fa27a1027ce46a4145d91aac1192725d426ce531",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_13b8e",
                            table="survey_entry",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Completeness",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField()),
                ("figures", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="certificates",
                        to="survey.round",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6bf86e50c29a5473984ed7cbc35c42aa6bade20d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_c2ad5",
                            table="survey_completeness",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filling", "填报中"),
                            ("submitted", "待街道核对"),
                            ("returned", "退回补正"),
                            ("checked", "待区核验"),
                            ("accepted", "已核验"),
                        ],
                        default="filling",
                        max_length=10,
                    ),
                ),
                ("moved_at", models.DateTimeField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="survey.case",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="territories.place",
                    ),
                ),
                (
                    "round",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="survey.round",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="case",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="survey.round"
            ),
        ),
        migrations.CreateModel(
            name="RoundEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="代号")),
                ("title", models.CharField(max_length=120, verbose_name="名称")),
                ("reference_on", models.DateField(verbose_name="基准日")),
                ("opens_on", models.DateField(verbose_name="开始")),
                ("closes_on", models.DateField(verbose_name="截止")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
                ("forms", models.JSONField(blank=True, default=list, verbose_name="调查表")),
                (
                    "asks",
                    models.CharField(
                        choices=[("expired", "只问过期和缺少的"), ("everything", "全部重新确认")],
                        default="expired",
                        max_length=12,
                        verbose_name="问什么",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="survey.round",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Step",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=12)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("filling", "填报中"),
                            ("submitted", "待街道核对"),
                            ("returned", "退回补正"),
                            ("checked", "待区核验"),
                            ("accepted", "已核验"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL(
                            "pg_current_xact_id()::text::bigint", []
                        ),
                        editable=False,
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="steps", to="survey.case"
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["transaction"], name="survey_step_transaction")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="f43b2d623672f584ef2cf7dd3d5aafd2e6eae2f9",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_33235",
                            table="survey_step",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HeadingMeaning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("form", models.CharField(max_length=60)),
                ("heading", models.CharField(max_length=200)),
                ("meaning", models.CharField(blank=True, max_length=60)),
                ("at", models.DateTimeField()),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.office"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("office", "form", "heading"), name="heading_meaning_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seen_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="territories.place"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("place", "user"), name="presence_once")],
            },
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(fields=["round", "state"], name="survey_case_state"),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.UniqueConstraint(fields=("round", "place"), name="survey_case_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "survey_caseevent" ("id", "moved_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "state") VALUES (NEW."id", NEW."moved_at", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."round_id", NEW."state"); RETURN NULL;',
                    hash="525486ffeb44569e56693ddb1fa81e1967f2d7cb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_70816",
                    table="survey_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "survey_caseevent" ("id", "moved_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "round_id", "state") VALUES (NEW."id", NEW."moved_at", NOW(), \'update\', NEW."id", NEW."place_id", NEW."round_id", NEW."state"); RETURN NULL;',
                    hash="589fa0f2412f1c1e92b57d9d0466a8b057e86186",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ceb2a",
                    table="survey_case",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(
            sql="CREATE AGGREGATE jsonb_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb)",
            reverse_sql="DROP AGGREGATE jsonb_merge(jsonb)",
        ),
        migrations.RunSQL(
            sql="ALTER TABLE survey_importfile ALTER content SET STORAGE EXTERNAL, ALTER plan SET STORAGE EXTERNAL",
            reverse_sql="",
        ),
    ]
