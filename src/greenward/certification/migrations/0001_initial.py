import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("certification", "0002_applications"),
        ("certification", "0003_titles"),
        ("certification", "0004_review"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("evidence", "0001_initial"),
        ("programmes", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Application",
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
                            ("draft", "起草中"),
                            ("submitted", "待推荐"),
                            ("returned", "退回补正"),
                            ("recommended", "已推荐"),
                            ("declined", "未予推荐"),
                            ("in_review", "审核中"),
                            ("approved", "审核通过"),
                            ("refused", "审核未通过"),
                            ("in_notice", "公示中"),
                            ("objected", "异议复核中"),
                            ("recognised", "已命名"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("step", models.CharField(max_length=60, verbose_name="环节")),
                ("version", models.PositiveIntegerField(default=1)),
                ("narrative", models.TextField(blank=True, verbose_name="申报说明")),
                ("opened_at", models.DateTimeField(verbose_name="开始时间")),
                ("moved_at", models.DateTimeField(verbose_name="办理时间")),
                ("due_on", models.DateField(null=True, verbose_name="办理期限")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "申报",
                "indexes": [
                    models.Index(fields=["programme", "state", "due_on"], name="application_queue"),
                    models.Index(fields=["place"], name="application_place"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "approved",
                                    "draft",
                                    "in_notice",
                                    "in_review",
                                    "objected",
                                    "recommended",
                                    "returned",
                                    "submitted",
                                ],
                            )
                        ),
                        fields=("programme", "place"),
                        name="application_open_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="moves_by_the_table",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func="IF (OLD.state, NEW.state) NOT IN (('approved', 'in_notice'), ('draft', 'submitted'), ('draft', 'withdrawn'), ('in_notice', 'objected'), ('in_notice', 'recognised'), ('in_review', 'approved'), ('in_review', 'refused'), ('in_review', 'returned'), ('in_review', 'withdrawn'), ('objected', 'in_notice'), ('objected', 'refused'), ('recommended', 'declined'), ('recommended', 'in_review'), ('recommended', 'recommended'), ('recommended', 'returned'), ('recommended', 'withdrawn'), ('returned', 'submitted'), ('returned', 'withdrawn'), ('submitted', 'declined'), ('submitted', 'in_review'), ('submitted', 'recommended'), ('submitted', 'returned'), ('submitted', 'withdrawn')) THEN RAISE EXCEPTION 'an application cannot go from % to %', OLD.state, NEW.state; END IF; RETURN NEW;",
                            hash="112e37ffa555aeeef27b4fb882f328bdcfbd6268",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_moves_by_the_table_5aa9c",
                            table="certification_application",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="recognised_with_a_title",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (NEW.\"state\" = 'recognised')",
                            func="IF NOT EXISTS (SELECT 1 FROM certification_title WHERE application_id = NEW.id) THEN RAISE EXCEPTION 'recognised without a title'; END IF; RETURN NEW;",
                            hash="9ad327ec7c6e4619d260322750282ba767e814dc",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_recognised_with_a_title_aaec2",
                            table="certification_application",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_applicationevent" ("due_on", "id", "moved_at", "opened_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "state", "step", "version") VALUES (NEW."due_on", NEW."id", NEW."moved_at", NEW."opened_at", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."programme_id", NEW."state", NEW."step", NEW."version"); RETURN NULL;',
                            hash="f6872b6f8a8d079904f62bb73782bbee7e3acd5f",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_1d37a",
                            table="certification_application",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."moved_at" IS DISTINCT FROM (NEW."moved_at") OR OLD."opened_at" IS DISTINCT FROM (NEW."opened_at") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."step" IS DISTINCT FROM (NEW."step") OR OLD."version" IS DISTINCT FROM (NEW."version"))',
                            func='INSERT INTO "certification_applicationevent" ("due_on", "id", "moved_at", "opened_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "state", "step", "version") VALUES (NEW."due_on", NEW."id", NEW."moved_at", NEW."opened_at", NOW(), \'update\', NEW."id", NEW."place_id", NEW."programme_id", NEW."state", NEW."step", NEW."version"); RETURN NULL;',
                            hash="b52c8025df14b516415fdcde6b169c25577d2e8f",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_73a54",
                            table="certification_application",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待推荐"),
                            ("returned", "退回补正"),
                            ("recommended", "已推荐"),
                            ("declined", "未予推荐"),
                            ("in_review", "审核中"),
                            ("approved", "审核通过"),
                            ("refused", "审核未通过"),
                            ("in_notice", "公示中"),
                            ("objected", "异议复核中"),
                            ("recognised", "已命名"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("step", models.CharField(max_length=60, verbose_name="环节")),
                ("version", models.PositiveIntegerField(default=1)),
                ("opened_at", models.DateTimeField(verbose_name="开始时间")),
                ("moved_at", models.DateTimeField(verbose_name="办理时间")),
                ("due_on", models.DateField(null=True, verbose_name="办理期限")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.application",
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
            name="ApplicationMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待推荐"),
                            ("returned", "退回补正"),
                            ("recommended", "已推荐"),
                            ("declined", "未予推荐"),
                            ("in_review", "审核中"),
                            ("approved", "审核通过"),
                            ("refused", "审核未通过"),
                            ("in_notice", "公示中"),
                            ("objected", "异议复核中"),
                            ("recognised", "已命名"),
                            ("withdrawn", "已撤回"),
                        ],
                        max_length=12,
                    ),
                ),
                ("step", models.CharField(max_length=60)),
                ("note", models.CharField(blank=True, max_length=2000)),
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="certification.application",
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
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["transaction"], name="application_move_transaction")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="36a36e7390021f7bb634bb6f2b7a00dd7b5f2f44",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_57f2b",
                            table="certification_applicationmove",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="decided_by_another",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF NEW.verb IN ('approve', 'refuse') AND EXISTS (SELECT 1 FROM certification_applicationmove WHERE application_id = NEW.application_id AND by_id = NEW.by_id AND verb IN ('decline', 'recommend', 'resubmit', 'submit')) THEN RAISE EXCEPTION 'who applied or recommended cannot decide'; END IF; RETURN NEW;",
                            hash="aac4febe319ce6a6d682f2e7ae512da9d4188555",
                            operation="INSERT",
                            pgid="pgtrigger_decided_by_another_2b6ac",
                            table="certification_applicationmove",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slot", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachments",
                        to="certification.application",
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
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="evidence.file"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("removed_at__isnull", True)),
                        fields=("application", "slot", "file"),
                        name="attachment_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Countersign",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("department", models.CharField(max_length=40)),
                ("item", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "said",
                    models.CharField(
                        blank=True, choices=[("agreed", "同意"), ("objected", "不同意")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("purpose", models.CharField(max_length=12)),
                ("seed", models.CharField(max_length=64)),
                ("pot", models.JSONField()),
                ("left_out", models.JSONField(default=dict)),
                ("drawn", models.JSONField()),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draws",
                        to="certification.application",
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
            ],
            options={
                "ordering": ["id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c286157a599ebc70dce085e9b2d7634945d8ae05",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3d3fb",
                            table="certification_draw",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("contact", models.CharField(max_length=200, verbose_name="受理单位和联系方式")),
                ("published_on", models.DateField(verbose_name="公示日期")),
                ("length", models.PositiveSmallIntegerField()),
                ("unit", models.CharField(max_length=8)),
                ("ends_on", models.DateField(verbose_name="截止日期")),
                ("own_rule", models.BooleanField()),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="programmes.programme",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "公示",
                "ordering": ["-published_on", "-id"],
                "indexes": [models.Index(fields=["ends_on"], name="notice_ends")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends_on__gte", models.F("published_on"))),
                        name="notice_days_in_order",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="notice_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c79089e0b7a09e105c13bdf1a00ce13b501f0687",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_notice_stands_770e7",
                            table="certification_notice",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FinalList",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("document", models.CharField(max_length=100, verbose_name="文号")),
                ("on", models.DateField(verbose_name="命名日期")),
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
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="final_lists",
                        to="certification.notice",
                    ),
                ),
            ],
            options={
                "verbose_name": "命名文件",
                "ordering": ["on", "id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="list_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="c53b12ec3053e0ad6045dc957c0afc1eca32dff4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_list_stands_f00da",
                            table="certification_finallist",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120)),
                ("street", models.CharField(max_length=120)),
                ("path", models.CharField(max_length=120)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="noticed",
                        to="certification.application",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="certification.notice",
                    ),
                ),
            ],
            options={
                "ordering": ["path"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="entry_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="4c2de3f81d6c5e96d68b2357c5e2deec50951768",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_entry_stands_5c778",
                            table="certification_noticeentry",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
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
                            ("received", "待受理"),
                            ("accepted", "复核中"),
                            ("upheld", "异议成立"),
                            ("rejected", "异议不成立"),
                            ("dismissed", "不予受理"),
                            ("moot", "申报已了结，不再复核"),
                            ("filed", "逾期，作为线索留存"),
                        ],
                        default="received",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("receipt", models.CharField(max_length=64, unique=True)),
                ("sealed", models.BinaryField(null=True)),
                ("proof", models.BinaryField(null=True)),
                ("proof_type", models.CharField(blank=True, max_length=100)),
                ("proof_name", models.CharField(blank=True, max_length=200)),
                ("is_late", models.BooleanField()),
                ("received_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
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
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="certification.noticeentry",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "ordering": ["received_at", "id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="objection_moves",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func="IF (OLD.state, NEW.state) NOT IN (('accepted', 'moot'), ('accepted', 'rejected'), ('accepted', 'upheld'), ('received', 'accepted'), ('received', 'dismissed'), ('received', 'moot')) THEN RAISE EXCEPTION 'an objection cannot go from % to %', OLD.state, NEW.state; END IF; RETURN NEW;",
                            hash="fe2551ad85b993aee433031178b4efa6c0ab4d50",
                            operation='UPDATE OF "state"',
                            pgid="pgtrigger_objection_moves_722d0",
                            table="certification_objection",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_objectionevent" ("answer", "decided_at", "decided_by_id", "due_on", "entry_id", "erased_at", "id", "is_late", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof_type", "receipt", "received_at", "state") VALUES (NEW."answer", NEW."decided_at", NEW."decided_by_id", NEW."due_on", NEW."entry_id", NEW."erased_at", NEW."id", NEW."is_late", NOW(), \'insert\', NEW."id", NEW."proof_type", NEW."receipt", NEW."received_at", NEW."state"); RETURN NULL;',
                            hash="b157baa92f85e3f157fbd1a7160dd97ef156258a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_7f470",
                            table="certification_objection",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."erased_at" IS DISTINCT FROM (NEW."erased_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_late" IS DISTINCT FROM (NEW."is_late") OR OLD."proof_type" IS DISTINCT FROM (NEW."proof_type") OR OLD."receipt" IS DISTINCT FROM (NEW."receipt") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."state" IS DISTINCT FROM (NEW."state"))',
                            func='INSERT INTO "certification_objectionevent" ("answer", "decided_at", "decided_by_id", "due_on", "entry_id", "erased_at", "id", "is_late", "pgh_created_at", "pgh_label", "pgh_obj_id", "proof_type", "receipt", "received_at", "state") VALUES (NEW."answer", NEW."decided_at", NEW."decided_by_id", NEW."due_on", NEW."entry_id", NEW."erased_at", NEW."id", NEW."is_late", NOW(), \'update\', NEW."id", NEW."proof_type", NEW."receipt", NEW."received_at", NEW."state"); RETURN NULL;',
                            hash="784f3c5cffacff409f8ec80c354c2d43d0ecae26",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_a3bba",
                            table="certification_objection",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ObjectionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "待受理"),
                            ("accepted", "复核中"),
                            ("upheld", "异议成立"),
                            ("rejected", "异议不成立"),
                            ("dismissed", "不予受理"),
                            ("moot", "申报已了结，不再复核"),
                            ("filed", "逾期，作为线索留存"),
                        ],
                        default="received",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("receipt", models.CharField(max_length=64)),
                ("proof_type", models.CharField(blank=True, max_length=100)),
                ("is_late", models.BooleanField()),
                ("received_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                ("answer", models.CharField(blank=True, max_length=1000)),
                ("decided_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
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
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.noticeentry",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.objection",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Participation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "ended_because",
                    models.CharField(blank=True, db_default="", max_length=300, verbose_name="结束原因"),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "参与创建",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("programme", "="), ("place", "="), ("during", "&&")],
                        name="participations_do_not_overlap",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_participationevent" ("at", "by_id", "during", "ended_because", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."during", NEW."ended_because", NEW."id", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."programme_id", NEW."reason"); RETURN NULL;',
                            hash="442cb20ad533a54177fcd81232ac6130d021679a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f44e5",
                            table="certification_participation",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "certification_participationevent" ("at", "by_id", "during", "ended_because", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."during", NEW."ended_because", NEW."id", NOW(), \'update\', NEW."id", NEW."place_id", NEW."programme_id", NEW."reason"); RETURN NULL;',
                            hash="ec973eb571b22ffe8c4250c4bc3a529eeda0353e",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_dfe1e",
                            table="certification_participation",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParticipationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "ended_because",
                    models.CharField(blank=True, db_default="", max_length=300, verbose_name="结束原因"),
                ),
                ("at", models.DateTimeField()),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.participation",
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
            name="Pilot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "ended_because",
                    models.CharField(blank=True, db_default="", max_length=300, verbose_name="结束原因"),
                ),
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "试点",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("programme", "="), ("place", "="), ("during", "&&")],
                        name="pilots_do_not_overlap",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_pilotevent" ("at", "by_id", "during", "ended_because", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."during", NEW."ended_because", NEW."id", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."programme_id", NEW."reason"); RETURN NULL;',
                            hash="91df0bfdb343ae08d317e3bc5c35539d89dd6ca7",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_2ca10",
                            table="certification_pilot",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "certification_pilotevent" ("at", "by_id", "during", "ended_because", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."during", NEW."ended_because", NEW."id", NOW(), \'update\', NEW."id", NEW."place_id", NEW."programme_id", NEW."reason"); RETURN NULL;',
                            hash="cf2b88e4c6f2ac108396b8f3472847608dc8d56d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_b6601",
                            table="certification_pilot",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PilotEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reason", models.CharField(max_length=300, verbose_name="依据")),
                (
                    "ended_because",
                    models.CharField(blank=True, db_default="", max_length=300, verbose_name="结束原因"),
                ),
                ("at", models.DateTimeField()),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.pilot",
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
            name="Recheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        choices=[("risk", "数据变化"), ("random", "随机抽取"), ("heir", "社区调整")],
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待复查"),
                            ("passed", "复查通过"),
                            ("rectifying", "限期整改"),
                            ("reported", "已报整改，待验收"),
                            ("hearing", "陈述申辩"),
                            ("revoked", "已撤销称号"),
                            ("lapsed", "称号已终止，不再复查"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("version", models.PositiveIntegerField(default=1)),
                ("moved_at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rechecks",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "复查",
            },
        ),
        migrations.CreateModel(
            name="RecheckMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("verb", models.CharField(max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待复查"),
                            ("passed", "复查通过"),
                            ("rectifying", "限期整改"),
                            ("reported", "已报整改，待验收"),
                            ("hearing", "陈述申辩"),
                            ("revoked", "已撤销称号"),
                            ("lapsed", "称号已终止，不再复查"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("document", models.CharField(blank=True, max_length=100, verbose_name="文号")),
                ("findings", models.JSONField(default=dict)),
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
                    "recheck",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moves",
                        to="certification.recheck",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="move_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="919fd5b06ce7160f5226d857f593effe2356ef84",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_move_stands_6add8",
                            table="certification_recheckmove",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckPlan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="标题")),
                ("seed", models.CharField(max_length=60, verbose_name="种子")),
                ("as_of", models.DateField(verbose_name="截至")),
                ("due_on", models.DateField(verbose_name="完成期限")),
                ("held", models.PositiveIntegerField()),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recheck_plans",
                        to="programmes.programme",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recheck_plans",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "复查计划",
                "ordering": ["-at"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="plan_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="021d5eb4adae4488c6f187a5438c13d12ec09eae",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_plan_stands_2d0a8",
                            table="certification_recheckplan",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="recheck",
            name="plan",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="rechecks",
                to="certification.recheckplan",
            ),
        ),
        migrations.CreateModel(
            name="ReturnedItem",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="returned_items",
                        to="certification.application",
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
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at__isnull", True)),
                        fields=("application", "item"),
                        name="returned_item_open_once",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_returneditemevent" ("answer", "answered_at", "application_id", "at", "by_id", "id", "item", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."answer", NEW."answered_at", NEW."application_id", NEW."at", NEW."by_id", NEW."id", NEW."item", NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="fb9e77259455c86047a35fb9304b3ab3a0de3d9a",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_836de",
                            table="certification_returneditem",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "certification_returneditemevent" ("answer", "answered_at", "application_id", "at", "by_id", "id", "item", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."answer", NEW."answered_at", NEW."application_id", NEW."at", NEW."by_id", NEW."id", NEW."item", NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                            hash="0daa58c385cd04aa82c89ed4ce4099bbca603db0",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_3ca03",
                            table="certification_returneditem",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnedItemEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("item", models.CharField(max_length=20)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.application",
                    ),
                ),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.returneditem",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Seat",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_on", models.DateField()),
                ("seated_at", models.DateTimeField()),
                ("conflict", models.CharField(blank=True, max_length=300, verbose_name="回避理由")),
                ("vacated_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seats",
                        to="certification.application",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["user"], name="seat_user")],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "user"), name="seat_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("vacated_at__isnull", True), ("done_at__isnull", True), _connector="OR"
                        ),
                        name="seat_vacated_or_done",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="no_conflict",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="IF EXISTS (SELECT 1 FROM certification_applicationmove WHERE application_id = NEW.application_id AND by_id = NEW.user_id) OR EXISTS (SELECT 1 FROM territories_appointment held JOIN territories_office office ON office.id = held.office_id JOIN certification_application asked ON asked.place_id = office.place_id WHERE asked.id = NEW.application_id AND held.user_id = NEW.user_id) THEN RAISE EXCEPTION 'who belongs to the community or acted on the application cannot review it'; END IF; RETURN NEW;",
                            hash="f6fe1b5ecc4003ed002345bc1d12ec54195ba1b0",
                            operation="INSERT",
                            pgid="pgtrigger_no_conflict_13c97",
                            table="certification_seat",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "certification_seatevent" ("application_id", "conflict", "done_at", "due_on", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seated_at", "user_id", "vacated_at") VALUES (NEW."application_id", NEW."conflict", NEW."done_at", NEW."due_on", NEW."id", NOW(), \'insert\', NEW."id", NEW."seated_at", NEW."user_id", NEW."vacated_at"); RETURN NULL;',
                            hash="6a3858d047bad024e1cfd5462529010f02712706",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_cd44b",
                            table="certification_seat",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "certification_seatevent" ("application_id", "conflict", "done_at", "due_on", "id", "pgh_created_at", "pgh_label", "pgh_obj_id", "seated_at", "user_id", "vacated_at") VALUES (NEW."application_id", NEW."conflict", NEW."done_at", NEW."due_on", NEW."id", NOW(), \'update\', NEW."id", NEW."seated_at", NEW."user_id", NEW."vacated_at"); RETURN NULL;',
                            hash="870d5a1a97f41309690246e25238f902062c94a1",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_2ca66",
                            table="certification_seat",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SeatEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("due_on", models.DateField()),
                ("seated_at", models.DateTimeField()),
                ("conflict", models.CharField(blank=True, max_length=300, verbose_name="回避理由")),
                ("vacated_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.application",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.seat",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Snapshot",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("as_of", models.DateField()),
                ("edition", models.CharField(max_length=120)),
                ("standard_digest", models.CharField(max_length=64)),
                ("content", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                ("signature", models.CharField(max_length=200)),
                ("signed_name", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snapshots",
                        to="certification.application",
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
            ],
            options={
                "ordering": ["application", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="snapshot_number_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="immutable",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="07d8fdbbb31edb839809770228bf550d71147149",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_immutable_667fa",
                            table="certification_snapshot",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Opinion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=20)),
                (
                    "stance",
                    models.CharField(
                        choices=[("for", "符合"), ("against", "不符合"), ("unsure", "不能判断")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField()),
                (
                    "seat",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="certification.seat",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="certification.snapshot",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("seat", "snapshot", "item"), name="opinion_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stance", "for"), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="opinion_against_says_why",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="3a791dfdb267a98eb1716c6d7155592674fc5748",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_fe064",
                            table="certification_opinion",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CountersignEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("department", models.CharField(max_length=40)),
                ("item", models.CharField(max_length=20)),
                ("asked_at", models.DateTimeField()),
                ("due_on", models.DateField()),
                (
                    "said",
                    models.CharField(
                        blank=True, choices=[("agreed", "同意"), ("objected", "不同意")], max_length=8
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(null=True)),
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
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.countersign",
                    ),
                ),
                (
                    "snapshot",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.snapshot",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="countersign",
            name="snapshot",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="countersigns",
                to="certification.snapshot",
            ),
        ),
        migrations.CreateModel(
            name="StandingChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, unique=True, verbose_name="编号")),
                ("year", models.PositiveSmallIntegerField()),
                ("district", models.CharField(max_length=12)),
                ("serial", models.PositiveIntegerField()),
                ("given_on", models.DateField(verbose_name="命名日期")),
                ("valid_until", models.DateField(null=True, verbose_name="有效期至")),
                ("code", models.CharField(max_length=16, unique=True, verbose_name="查验码")),
                ("record", models.JSONField()),
                ("signature", models.CharField(max_length=100)),
                ("key_name", models.CharField(max_length=16)),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognition",
                        to="certification.application",
                    ),
                ),
                (
                    "final_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="certification.finallist",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="titles",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "称号",
                "ordering": ["-given_on", "number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "district", "year", "serial"), name="title_serial_once"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="title_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="91481579c288706a21fbd9f6b7e595ace69584cd",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_title_stands_e6227",
                            table="certification_title",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="after_a_finished_notice",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF NOT EXISTS (\n        SELECT 1 FROM certification_noticeentry entry\n        JOIN certification_notice notice ON notice.id = entry.notice_id\n        WHERE entry.application_id = NEW.application_id AND notice.ends_on < NEW.given_on\n    ) THEN RAISE EXCEPTION 'no title without a finished notice'; END IF;\n    IF EXISTS (\n        SELECT 1 FROM certification_objection objection\n        JOIN certification_noticeentry entry ON entry.id = objection.entry_id\n        WHERE entry.application_id = NEW.application_id AND objection.state IN ('accepted', 'received')\n    ) THEN RAISE EXCEPTION 'no title over an open objection'; END IF;\n    RETURN NEW;\n",
                            hash="409a161e969186b894087604f5e847338b3d7234",
                            operation="INSERT",
                            pgid="pgtrigger_after_a_finished_notice_d66eb",
                            table="certification_title",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecheckEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "why",
                    models.CharField(
                        choices=[("risk", "数据变化"), ("random", "随机抽取"), ("heir", "社区调整")],
                        max_length=6,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "待复查"),
                            ("passed", "复查通过"),
                            ("rectifying", "限期整改"),
                            ("reported", "已报整改，待验收"),
                            ("hearing", "陈述申辩"),
                            ("revoked", "已撤销称号"),
                            ("lapsed", "称号已终止，不再复查"),
                        ],
                        default="planned",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="期限")),
                ("version", models.PositiveIntegerField(default=1)),
                ("moved_at", models.DateTimeField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="certification.recheck",
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.recheckplan",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="certification.title",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="recheck",
            name="title",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="rechecks", to="certification.title"
            ),
        ),
        migrations.CreateModel(
            name="TitleEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("given", "命名"),
                            ("rechecked", "复查"),
                            ("rectifying", "限期整改"),
                            ("kept", "保留"),
                            ("passed_on", "随社区调整转移"),
                            ("lapsed", "终止"),
                            ("revoked", "撤销"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                ("note", models.CharField(blank=True, max_length=1000)),
                ("document", models.CharField(blank=True, max_length=100, verbose_name="文号")),
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
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="history",
                        to="certification.title",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="event_stands",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="703b8aca4bcb085db6ce4141a80b1bafe76bfdb2",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_event_stands_ca111",
                            table="certification_titleevent",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TitleHolding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("given", "命名"),
                            ("rechecked", "复查"),
                            ("rectifying", "限期整改"),
                            ("kept", "保留"),
                            ("passed_on", "随社区调整转移"),
                            ("lapsed", "终止"),
                            ("revoked", "撤销"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="title_holdings",
                        to="territories.place",
                    ),
                ),
                (
                    "title",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="certification.title",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("title", "="), ("place", "="), ("during", "&&")],
                        name="title_holdings_do_not_overlap",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("step", models.CharField(max_length=60)),
                ("visited_on", models.DateField()),
                ("summary", models.CharField(blank=True, max_length=1000)),
                ("at", models.DateTimeField()),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="certification.application",
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
            ],
            options={
                "ordering": ["id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="db89049ccec15cfb537d153ff05ac72b00a1ad10",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_8068e",
                            table="certification_visit",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VisitFinding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("item", models.CharField(max_length=20)),
                (
                    "finding",
                    models.CharField(
                        choices=[("agrees", "与申报一致"), ("differs", "与申报不符"), ("unseen", "未能查看")],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
                (
                    "file",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.file",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="findings",
                        to="certification.visit",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [models.UniqueConstraint(fields=("visit", "item"), name="visit_finding_once")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="6fb8efbf030b09ba63f5380c833d50b5ef8a9ceb",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b90db",
                            table="certification_visitfinding",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="countersign",
            index=models.Index(
                condition=models.Q(("said", "")), fields=["department"], name="countersign_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.UniqueConstraint(
                fields=("snapshot", "department", "item"), name="countersign_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="countersign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("at__isnull", True), ("said", "")),
                    models.Q(models.Q(("said", ""), _negated=True), ("at__isnull", False)),
                    _connector="OR",
                ),
                name="countersign_said_when",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countersign",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_countersignevent" ("asked_at", "at", "by_id", "department", "due_on", "id", "item", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "said", "snapshot_id") VALUES (NEW."asked_at", NEW."at", NEW."by_id", NEW."department", NEW."due_on", NEW."id", NEW."item", NOW(), \'insert\', NEW."id", NEW."reason", NEW."said", NEW."snapshot_id"); RETURN NULL;',
                    hash="ca403493c7c283392022f05c895b4af0f44aa3a1",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_fd87c",
                    table="certification_countersign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="countersign",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "certification_countersignevent" ("asked_at", "at", "by_id", "department", "due_on", "id", "item", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "said", "snapshot_id") VALUES (NEW."asked_at", NEW."at", NEW."by_id", NEW."department", NEW."due_on", NEW."id", NEW."item", NOW(), \'update\', NEW."id", NEW."reason", NEW."said", NEW."snapshot_id"); RETURN NULL;',
                    hash="0f6b8969f7c72627fb7ac34c1477da4886c7d0df",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_01594",
                    table="certification_countersign",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="recheck",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["hearing", "planned", "rectifying", "reported"])),
                fields=("title", "place"),
                name="recheck_open_once",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recheck",
            trigger=pgtrigger.compiler.Trigger(
                name="recheck_moves",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."state" IS DISTINCT FROM (NEW."state"))',
                    func="IF (OLD.state, NEW.state) NOT IN (('hearing', 'lapsed'), ('hearing', 'passed'), ('hearing', 'revoked'), ('planned', 'lapsed'), ('planned', 'passed'), ('planned', 'rectifying'), ('rectifying', 'hearing'), ('rectifying', 'lapsed'), ('rectifying', 'reported'), ('rectifying', 'revoked'), ('reported', 'hearing'), ('reported', 'lapsed'), ('reported', 'passed'), ('reported', 'rectifying'), ('reported', 'revoked')) THEN RAISE EXCEPTION 'a recheck cannot go from % to %', OLD.state, NEW.state; END IF; RETURN NEW;",
                    hash="031c31f8d010c83ce583ff3fcde76e8e606929e4",
                    operation='UPDATE OF "state"',
                    pgid="pgtrigger_recheck_moves_b4bc3",
                    table="certification_recheck",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recheck",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "certification_recheckevent" ("due_on", "id", "moved_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "plan_id", "state", "title_id", "version", "why") VALUES (NEW."due_on", NEW."id", NEW."moved_at", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."plan_id", NEW."state", NEW."title_id", NEW."version", NEW."why"); RETURN NULL;',
                    hash="1d5f9fe697ab80a38fbc78fc702c7fbcdbcccf7c",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_cedf6",
                    table="certification_recheck",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recheck",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "certification_recheckevent" ("due_on", "id", "moved_at", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "plan_id", "state", "title_id", "version", "why") VALUES (NEW."due_on", NEW."id", NEW."moved_at", NOW(), \'update\', NEW."id", NEW."place_id", NEW."plan_id", NEW."state", NEW."title_id", NEW."version", NEW."why"); RETURN NULL;',
                    hash="4ec96c4682597ffceca1cbe5338ea110da9807e8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_3f528",
                    table="certification_recheck",
                    when="AFTER",
                ),
            ),
        ),
    ]
