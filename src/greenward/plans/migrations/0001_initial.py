import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("programmes", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待区内审定"),
                            ("returned", "退回修改"),
                            ("approved", "区内已审定"),
                            ("filed", "已报送市级"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("edit", models.PositiveIntegerField(default=1)),
                ("introduction", models.TextField(blank=True, verbose_name="总体要求")),
                ("figures_on", models.DateField(verbose_name="数据截至")),
                ("figures", models.JSONField(default=list)),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("filed_on", models.DateField(null=True, verbose_name="报送日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="文号")),
                (
                    "approved_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "delivery",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="programmes.delivery",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="plans",
                        to="programmes.programme",
                    ),
                ),
                (
                    "saved_by",
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
                "verbose_name": "区创建行动方案",
                "ordering": ["number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "place", "number"), name="plan_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "filed"), _negated=True),
                        fields=("programme", "place"),
                        name="plan_one_on_its_way",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by", None),
                            models.Q(("approved_by", models.F("submitted_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="plan_approved_by_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("filed_on__isnull", False),
                                ("state", "filed"),
                                models.Q(("document", ""), _negated=True),
                            ),
                            models.Q(models.Q(("state", "filed"), _negated=True), ("filed_on", None)),
                            _connector="OR",
                        ),
                        name="plan_filed_with_document",
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="filed_is_final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.\"state\" = 'filed')",
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="742f6a92763efc7e1701b9be2b3d05ea0f822fc4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_filed_is_final_48fe8",
                            table="plans_planversion",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "plans_planversionevent" ("approved_by_id", "begun_at", "begun_by_id", "delivery_id", "document", "edit", "figures_on", "filed_on", "id", "introduction", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "saved_at", "saved_by_id", "state", "submitted_by_id") VALUES (NEW."approved_by_id", NEW."begun_at", NEW."begun_by_id", NEW."delivery_id", NEW."document", NEW."edit", NEW."figures_on", NEW."filed_on", NEW."id", NEW."introduction", NEW."number", NOW(), \'insert\', NEW."id", NEW."place_id", NEW."programme_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_by_id"); RETURN NULL;',
                            hash="52443842ae129eec7ccddb6afc69bd0abd1d988d",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_5b865",
                            table="plans_planversion",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition='WHEN (OLD."approved_by_id" IS DISTINCT FROM (NEW."approved_by_id") OR OLD."begun_at" IS DISTINCT FROM (NEW."begun_at") OR OLD."begun_by_id" IS DISTINCT FROM (NEW."begun_by_id") OR OLD."delivery_id" IS DISTINCT FROM (NEW."delivery_id") OR OLD."document" IS DISTINCT FROM (NEW."document") OR OLD."edit" IS DISTINCT FROM (NEW."edit") OR OLD."figures_on" IS DISTINCT FROM (NEW."figures_on") OR OLD."filed_on" IS DISTINCT FROM (NEW."filed_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."introduction" IS DISTINCT FROM (NEW."introduction") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."place_id" IS DISTINCT FROM (NEW."place_id") OR OLD."programme_id" IS DISTINCT FROM (NEW."programme_id") OR OLD."saved_at" IS DISTINCT FROM (NEW."saved_at") OR OLD."saved_by_id" IS DISTINCT FROM (NEW."saved_by_id") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."submitted_by_id" IS DISTINCT FROM (NEW."submitted_by_id"))',
                            func='INSERT INTO "plans_planversionevent" ("approved_by_id", "begun_at", "begun_by_id", "delivery_id", "document", "edit", "figures_on", "filed_on", "id", "introduction", "number", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id", "programme_id", "saved_at", "saved_by_id", "state", "submitted_by_id") VALUES (NEW."approved_by_id", NEW."begun_at", NEW."begun_by_id", NEW."delivery_id", NEW."document", NEW."edit", NEW."figures_on", NEW."filed_on", NEW."id", NEW."introduction", NEW."number", NOW(), \'update\', NEW."id", NEW."place_id", NEW."programme_id", NEW."saved_at", NEW."saved_by_id", NEW."state", NEW."submitted_by_id"); RETURN NULL;',
                            hash="10cc32977cb6e9ff6eafecb5c21a25d91223b81d",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_af5e4",
                            table="plans_planversion",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due", models.DateField()),
                (
                    "measure",
                    models.CharField(
                        choices=[("meeting", "参与创建并达到要求的社区"), ("pilots", "试点社区")],
                        max_length=10,
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="计划数")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="说明")),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="territories.place"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="plans.planversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("version", "place", "due", "measure"), name="plan_target_once"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="while_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (\n        SELECT 1 FROM plans_planversion held\n        WHERE held.id = COALESCE(NEW.version_id, OLD.version_id) AND held.state NOT IN ('draft', 'returned')\n    ) THEN\n        RAISE EXCEPTION 'the plan is decided: its content does not change';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="95f72ee9f7d7101ba02ae16b6240282e8bb0d6f4",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_while_open_50d99",
                            table="plans_plantarget",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanStep",
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
                            ("draft", "起草中"),
                            ("submitted", "待区内审定"),
                            ("returned", "退回修改"),
                            ("approved", "区内已审定"),
                            ("filed", "已报送市级"),
                        ],
                        max_length=10,
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=500)),
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="steps",
                        to="plans.planversion",
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
                            hash="5a22851be5774abba0828add402b56e25af4f2f4",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_b8878",
                            table="plans_planstep",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanMilestone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200, verbose_name="事项")),
                ("due", models.DateField(verbose_name="完成时限")),
                ("clause", models.CharField(blank=True, max_length=20, verbose_name="条款")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="milestones",
                        to="plans.planversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "order"), name="plan_milestone_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="while_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (\n        SELECT 1 FROM plans_planversion held\n        WHERE held.id = COALESCE(NEW.version_id, OLD.version_id) AND held.state NOT IN ('draft', 'returned')\n    ) THEN\n        RAISE EXCEPTION 'the plan is decided: its content does not change';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="0c665b1550f5afa63ae35ca893a24fec83926437",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_while_open_a2c3c",
                            table="plans_planmilestone",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanMeasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("order", models.PositiveSmallIntegerField()),
                ("item", models.CharField(blank=True, max_length=20, verbose_name="条目")),
                ("text", models.CharField(max_length=500, verbose_name="措施")),
                ("departments", models.JSONField(default=list, verbose_name="责任单位")),
                ("due", models.DateField(null=True, verbose_name="完成时限")),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="measures",
                        to="plans.planversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "order"), name="plan_measure_once")
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="while_open",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\n    IF EXISTS (\n        SELECT 1 FROM plans_planversion held\n        WHERE held.id = COALESCE(NEW.version_id, OLD.version_id) AND held.state NOT IN ('draft', 'returned')\n    ) THEN\n        RAISE EXCEPTION 'the plan is decided: its content does not change';\n    END IF;\n    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n    RETURN NEW;\n",
                            hash="c609c0d411d7f803300019403a4ac5cfdcc9b187",
                            operation="INSERT OR UPDATE OR DELETE",
                            pgid="pgtrigger_while_open_eea7a",
                            table="plans_planmeasure",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanComment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=1000, verbose_name="意见")),
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
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="plans.planversion",
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
                            hash="cd05a9de400d7e29e6ac57c477b9ce5a2beb64cf",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_1d818",
                            table="plans_plancomment",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanVersionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("number", models.PositiveSmallIntegerField(verbose_name="版次")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "起草中"),
                            ("submitted", "待区内审定"),
                            ("returned", "退回修改"),
                            ("approved", "区内已审定"),
                            ("filed", "已报送市级"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("edit", models.PositiveIntegerField(default=1)),
                ("introduction", models.TextField(blank=True, verbose_name="总体要求")),
                ("figures_on", models.DateField(verbose_name="数据截至")),
                ("begun_at", models.DateTimeField()),
                ("saved_at", models.DateTimeField()),
                ("filed_on", models.DateField(null=True, verbose_name="报送日")),
                ("document", models.CharField(blank=True, max_length=200, verbose_name="文号")),
                (
                    "approved_by",
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
                    "begun_by",
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
                    "delivery",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="programmes.delivery",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="plans.planversion",
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
                (
                    "saved_by",
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
                    "submitted_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
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
    ]
