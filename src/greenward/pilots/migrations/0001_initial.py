import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("evidence", "0001_initial"),
        ("programmes", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Support",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "到点指导"),
                            ("training", "培训"),
                            ("works", "项目和资金"),
                            ("other", "其他支持"),
                        ],
                        max_length=10,
                        verbose_name="方式",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="日期")),
                ("text", models.CharField(max_length=1000, verbose_name="内容")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme", "place"], name="pilot_support_place")],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="809b8dfe93752576992fc2c83ce10d4fd9363e59",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_3c979",
                            table="pilots_support",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Wish",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("meeting", "居民会议纪要"), ("signatures", "居民签名")],
                        max_length=10,
                        verbose_name="形式",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="日期")),
                ("agreed", models.PositiveIntegerField(null=True, verbose_name="同意数")),
                ("asked", models.PositiveIntegerField(null=True, verbose_name="征求数")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                (
                    "use",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="evidence.use",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme", "place"], name="pilot_wish_place")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed", None),
                            ("asked", None),
                            ("agreed__lte", models.F("asked")),
                            _connector="OR",
                        ),
                        name="wish_no_more_than_asked",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                            hash="5ba6bc6120fd2aae0d7ca8cf3c98fcb5f85c0e3f",
                            operation="UPDATE OR DELETE",
                            pgid="pgtrigger_append_only_5da77",
                            table="pilots_wish",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("item", models.CharField(blank=True, max_length=20, verbose_name="条目")),
                ("title", models.CharField(max_length=100, verbose_name="标题")),
                ("problem", models.CharField(max_length=1000, verbose_name="问题")),
                ("practice", models.CharField(max_length=2000, verbose_name="做法")),
                ("effect", models.CharField(max_length=1000, verbose_name="成效")),
                (
                    "before",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="之前"),
                ),
                (
                    "after",
                    models.DecimalField(decimal_places=2, max_digits=12, null=True, verbose_name="之后"),
                ),
                ("unit", models.CharField(blank=True, max_length=20, verbose_name="单位")),
                ("applies", models.CharField(max_length=500, verbose_name="适用条件")),
                (
                    "age",
                    models.CharField(
                        choices=[("any", "新老均适用"), ("old", "老旧小区为主"), ("new", "新建小区为主")],
                        default="any",
                        max_length=4,
                        verbose_name="适用小区",
                    ),
                ),
                ("shared_at", models.DateTimeField(null=True)),
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
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="programmes.programme",
                    ),
                ),
                (
                    "shared_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["programme", "item"], name="pilot_lesson_item")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("after", None), ("before", None), ("unit", "")),
                            models.Q(
                                ("after__isnull", False),
                                ("before__isnull", False),
                                models.Q(("unit", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="lesson_measured_whole",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="kept",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                            hash="6cce8bbe880eb8dc3effb5c2a07c0d23bb3b7f9b",
                            operation="DELETE",
                            pgid="pgtrigger_kept_b6f00",
                            table="pilots_lesson",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
