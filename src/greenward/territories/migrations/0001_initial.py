import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.operations
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    replaces = [("territories", "0002_units"), ("territories", "0003_events_by_transaction")]

    initial = True

    dependencies = [
        ("accounts", "__first__"),
    ]

    operations = [
        django.contrib.postgres.operations.BtreeGistExtension(),
        migrations.CreateModel(
            name="Office",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="单位")),
                ("department", models.CharField(blank=True, max_length=40, verbose_name="部门")),
            ],
        ),
        migrations.CreateModel(
            name="Place",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=32, unique=True, verbose_name="代码")),
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
                        verbose_name="层级",
                    ),
                ),
            ],
            options={
                "verbose_name": "地方",
            },
        ),
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=30, verbose_name="角色")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="appointments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appointments",
                        to="territories.office",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("user", "="), ("office", "="), ("role", "="), ("during", "&&")],
                        name="appointments_do_not_overlap",
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="insert_insert",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func='INSERT INTO "territories_appointmentevent" ("during", "id", "office_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."during", NEW."id", NEW."office_id", NOW(), \'insert\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;',
                            hash="c8896f4ba2160563d367aca0efc6d46d943ec603",
                            operation="INSERT",
                            pgid="pgtrigger_insert_insert_f38b7",
                            table="territories_appointment",
                            when="AFTER",
                        ),
                    ),
                    pgtrigger.compiler.Trigger(
                        name="update_update",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                            func='INSERT INTO "territories_appointmentevent" ("during", "id", "office_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "user_id") VALUES (NEW."during", NEW."id", NEW."office_id", NOW(), \'update\', NEW."id", NEW."role", NEW."user_id"); RETURN NULL;',
                            hash="a95fcc53c46bb656d19701c83c4c4fa0b7d5fad9",
                            operation="UPDATE",
                            pgid="pgtrigger_update_update_9303c",
                            table="territories_appointment",
                            when="AFTER",
                        ),
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AppointmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("role", models.CharField(max_length=30, verbose_name="角色")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="territories.appointment",
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
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="territories.office",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OfficeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="单位")),
                ("department", models.CharField(blank=True, max_length=40, verbose_name="部门")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="territories.office",
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
        migrations.AddField(
            model_name="office",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="offices", to="territories.place"
            ),
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(db_index=True, max_length=120, verbose_name="别名")),
                ("source", models.CharField(max_length=200, verbose_name="来源")),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="aliases",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("place", "text", "source"), name="alias_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaceEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("import", "导入名单"),
                            ("create", "设立"),
                            ("close", "撤销建制"),
                            ("rename", "更名"),
                            ("merge", "合并"),
                            ("split", "拆分"),
                            ("move", "划转"),
                            ("status", "认定是否计入城市社区"),
                        ],
                        max_length=8,
                    ),
                ),
                ("on", models.DateField(null=True)),
                ("reason", models.CharField(max_length=300)),
                ("source", models.CharField(blank=True, max_length=300)),
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
                ("places", models.ManyToManyField(related_name="events", to="territories.place")),
            ],
            options={
                "indexes": [models.Index(fields=["transaction"], name="place_event_transaction")],
            },
        ),
        migrations.CreateModel(
            name="PlaceVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("name", models.CharField(max_length=120, verbose_name="名称")),
                ("short_name", models.CharField(max_length=120, verbose_name="简称")),
                ("pinyin", models.CharField(max_length=400)),
                ("initials", models.CharField(max_length=120)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("city", "市"),
                            ("district", "区"),
                            ("development_zone", "经济技术开发区"),
                            ("street", "街道"),
                            ("area", "地区"),
                            ("town", "镇"),
                            ("township", "乡"),
                            ("special_unit", "类似乡级单位"),
                            ("residents_committee", "居委会"),
                            ("villagers_committee", "村委会"),
                            ("compound", "小区"),
                            ("building", "楼栋"),
                            ("facility", "设施"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("sort", models.CharField(blank=True, db_default="", max_length=60, verbose_name="设施种类")),
                ("path", models.CharField(max_length=120)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="territories.placeevent",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_versions",
                        to="territories.place",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "地方的一段时期",
                "indexes": [
                    models.Index(fields=["path"], name="place_path", opclasses=["text_pattern_ops"]),
                    models.Index(fields=["parent"], name="place_parent"),
                ],
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("place", "="), ("during", "&&")], name="place_versions_do_not_overlap"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Succession",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successions",
                        to="territories.placeevent",
                    ),
                ),
                (
                    "new",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="came_from",
                        to="territories.place",
                    ),
                ),
                (
                    "old",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="went_into",
                        to="territories.place",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UrbanStatus",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("during", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("counts_as_urban_community", models.BooleanField(verbose_name="计入城市社区")),
                ("reason", models.CharField(max_length=300)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="territories.placeevent",
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="urban_statuses",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("place", "="), ("during", "&&")], name="urban_statuses_do_not_overlap"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="office",
            constraint=models.UniqueConstraint(fields=("place", "name"), name="office_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="office",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "territories_officeevent" ("department", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id") VALUES (NEW."department", NEW."id", NEW."name", NOW(), \'insert\', NEW."id", NEW."place_id"); RETURN NULL;',
                    hash="0ad13f9d50b992e9372fd1a1a7a7f65659223afb",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b5c2d",
                    table="territories_office",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="office",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "territories_officeevent" ("department", "id", "name", "pgh_created_at", "pgh_label", "pgh_obj_id", "place_id") VALUES (NEW."department", NEW."id", NEW."name", NOW(), \'update\', NEW."id", NEW."place_id"); RETURN NULL;',
                    hash="00bbca6074a7051f43deb8cf1a0edd4985c402c7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2eeba",
                    table="territories_office",
                    when="AFTER",
                ),
            ),
        ),
    ]
