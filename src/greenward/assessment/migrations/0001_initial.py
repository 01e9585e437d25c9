import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [
        ("assessment", "0002_points_and_levels"),
        ("assessment", "0003_seen_changes"),
        ("assessment", "0004_frozen_runs"),
        ("assessment", "0005_judging"),
    ]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("evidence", "0001_initial"),
        ("packs", "0001_initial"),
        ("programmes", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="截至日")),
                ("reason", models.CharField(max_length=200, verbose_name="用途")),
                ("edition", models.CharField(max_length=120, verbose_name="标准版本")),
                ("pack_digest", models.CharField(max_length=64)),
                ("marks", models.JSONField()),
                ("items", models.JSONField()),
                ("content", models.TextField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField(verbose_name="固定时间")),
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
                        related_name="frozen_runs",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "固定的对标结果",
                "ordering": ["-at", "-id"],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="final",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="b6e650ba8eb3a5924f32679213609d0a5da97d9b",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_final_92a2c",
                            table="assessment_frozenrun",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Judging",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="指标")),
                ("key", models.CharField(blank=True, max_length=60)),
                ("least", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("most", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("needed", models.PositiveSmallIntegerField(verbose_name="需要几份意见")),
                ("due_on", models.DateField(verbose_name="截止日")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "评议中"), ("decided", "已裁定"), ("withdrawn", "已撤销")],
                        default="open",
                        max_length=9,
                        verbose_name="状态",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=0)),
                ("asked_at", models.DateTimeField()),
                ("withdrawn_because", models.CharField(blank=True, max_length=500)),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgings",
                        to="packs.installedpack",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="judgings",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "人工评议",
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("place", "pack", "number"),
                        name="judging_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "decided", "withdrawn"])),
                        name="judging_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("least__isnull", True), ("most__isnull", True)),
                            ("least__lt", models.F("most")),
                            _connector="OR",
                        ),
                        name="judging_ends_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("needed__range", (1, 9))), name="judging_needs_opinions"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True),
                            models.Q(("withdrawn_because", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="judging_withdrawn_because",
                    ),
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
                ("version", models.PositiveSmallIntegerField()),
                ("met", models.BooleanField(null=True)),
                ("points", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("evidence", models.ManyToManyField(related_name="+", to="evidence.use")),
                (
                    "judging",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="opinions",
                        to="assessment.judging",
                    ),
                ),
            ],
            options={
                "ordering": ["by_id", "version"],
                "constraints": [
                    models.UniqueConstraint(fields=("judging", "by", "version"), name="opinion_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("met__isnull", True), ("points__isnull", False)),
                            models.Q(("met__isnull", False), ("points__isnull", True)),
                            _connector="OR",
                        ),
                        name="opinion_one_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="opinion_has_reason"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5415a1fb3013112653ecb2b686afb2560efdd210",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_34f87",
                            table="assessment_opinion",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("met", models.BooleanField(null=True)),
                ("points", models.DecimalField(decimal_places=3, max_digits=9, null=True)),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
                ("observed_on", models.DateField()),
                ("office", models.CharField(max_length=200)),
                ("at", models.DateTimeField(db_index=True)),
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
                    "judging",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="assessment.judging",
                    ),
                ),
                ("opinions", models.ManyToManyField(related_name="decisions", to="assessment.opinion")),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("met__isnull", True), ("points__isnull", False)),
                            models.Q(("met__isnull", False), ("points__isnull", True)),
                            _connector="OR",
                        ),
                        name="decision_one_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="decision_has_reason"
                    ),
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="444e5c6451aeb288fd54e28aed91d22d992e995d",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_73f46",
                            table="assessment_decision",
                            when="BEFORE",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="no_reviewer",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="\nIF EXISTS (SELECT 1 FROM assessment_opinion WHERE judging_id = NEW.judging_id AND by_id = NEW.by_id) THEN\n    RAISE EXCEPTION 'assessment: who gave an opinion on judging % cannot decide it', NEW.judging_id\n        USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                            hash="9c3b5565c867ac3f80f33fece6a55fd68bad22ce",
                            operation="INSERT",
                            pgid="pgtrigger_no_reviewer_32dc2",
                            table="assessment_decision",
                            when="BEFORE",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reopening",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.CharField(max_length=1000, verbose_name="理由")),
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
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reopening",
                        to="assessment.decision",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="reopening_has_reason"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="955e583400deda7d5c86f88a2ee671e427c3da75",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_9f543",
                            table="assessment_reopening",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Run",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="截至日")),
                ("pack_digest", models.CharField(max_length=64)),
                ("marks", models.JSONField(default=dict)),
                ("computed_at", models.DateTimeField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "对标结果",
                "ordering": ["-as_of"],
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "as_of"), name="run_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "run_id", "place_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verdict",
                    models.CharField(
                        choices=[("met", "达标"), ("unmet", "未达标"), ("unknown", "资料不全")], max_length=7
                    ),
                ),
                ("statuses", models.CharField(max_length=120)),
                ("points_least", models.IntegerField(null=True, verbose_name="至少得分（千分之一分）")),
                ("points_most", models.IntegerField(null=True, verbose_name="至多得分（千分之一分）")),
                ("level", models.CharField(max_length=60, null=True, verbose_name="等级")),
                ("participates", models.BooleanField(null=True, verbose_name="参与创建")),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="results",
                        to="territories.place",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="assessment.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "社区对标结果",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("verdict__in", ["met", "unmet", "unknown"])),
                        name="result_verdict_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("points_least__isnull", True), ("points_most__isnull", True)),
                            ("points_least__lte", models.F("points_most")),
                            _connector="OR",
                        ),
                        name="result_points_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VerdictChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "old",
                    models.CharField(
                        choices=[("met", "达标"), ("unmet", "未达标"), ("unknown", "资料不全")], max_length=7
                    ),
                ),
                (
                    "new",
                    models.CharField(
                        choices=[("met", "达标"), ("unmet", "未达标"), ("unknown", "资料不全")], max_length=7
                    ),
                ),
                ("items", models.JSONField()),
                ("at", models.DateTimeField(db_index=True)),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdict_changes",
                        to="territories.place",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="assessment.run",
                    ),
                ),
            ],
            options={
                "verbose_name": "对标结果变化",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="SeenChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "change",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="assessment.verdictchange",
                    ),
                ),
            ],
            options={
                "verbose_name": "看过的变化",
                "constraints": [
                    models.UniqueConstraint(fields=("person", "change"), name="change_seen_once")
                ],
            },
        ),
    ]
