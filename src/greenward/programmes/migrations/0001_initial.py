import django.db.models.deletion
import pgtrigger.compiler
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "__first__"),
        ("packs", "0001_initial"),
        ("territories", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Programme",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("in_force_from", models.DateField(verbose_name="施行日")),
                ("started_at", models.DateTimeField()),
                (
                    "pack",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="packs.installedpack",
                    ),
                ),
                (
                    "territory",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="programmes",
                        to="territories.place",
                    ),
                ),
            ],
            options={
                "verbose_name": "创建行动",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("territory", "in_force_from"), name="programme_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DenominatorFreeze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("target_due", models.DateField(verbose_name="目标日")),
                ("boundaries_on", models.DateField(verbose_name="边界日")),
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
                ("communities", models.ManyToManyField(related_name="+", to="territories.place")),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="freezes",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "分母固定",
                "constraints": [
                    models.UniqueConstraint(fields=("programme", "target_due"), name="freeze_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("duty", models.CharField(max_length=60)),
                ("due_on", models.DateField()),
                ("delivered_on", models.DateField(verbose_name="报送日")),
                ("document", models.CharField(max_length=200, verbose_name="文号或标题")),
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
                        related_name="deliveries",
                        to="territories.place",
                    ),
                ),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="programmes.programme",
                    ),
                ),
            ],
            options={
                "verbose_name": "报送",
                "indexes": [models.Index(fields=["programme", "due_on"], name="delivery_due")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("document", ""), _negated=True), name="delivery_names_document"
                    )
                ],
                "triggers": [
                    pgtrigger.compiler.Trigger(
                        name="append_only",
                        sql=pgtrigger.compiler.UpsertTriggerSql(
                            func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                            hash="20369046b60ab797f5da1aacb752d8a2c043d127",
                            operation="UPDATE",
                            pgid="pgtrigger_append_only_3eaa6",
                            table="programmes_delivery",
                            when="BEFORE",
                        ),
                    )
                ],
            },
        ),
    ]
