from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("survey", "0002_remove_entry_is_demonstration")]

    operations = [
        migrations.AlterModelOptions(name="round", options={"ordering": ["-reference_on", "-id"]}),
        migrations.AddField("round", "closed_at", models.DateTimeField(null=True, verbose_name="关闭时间")),
        migrations.AddField("importfile", "plan", models.BinaryField(default=bytes)),
        migrations.AlterField("importfile", "content", models.BinaryField(default=bytes)),
        migrations.AlterField(
            "importfile",
            "state",
            models.CharField(
                choices=[("previewed", "待确认"), ("confirmed", "已导入"), ("discarded", "已放弃")],
                default="previewed",
                max_length=10,
            ),
        ),
        migrations.RunSQL(
            "CREATE AGGREGATE jsonb_merge(jsonb) (SFUNC = jsonb_concat, STYPE = jsonb, INITCOND = '{}')",
            "DROP AGGREGATE jsonb_merge(jsonb)",
        ),
        migrations.RunSQL(
            "ALTER TABLE survey_importfile ALTER content SET STORAGE EXTERNAL, ALTER plan SET STORAGE EXTERNAL",
            migrations.RunSQL.noop,
        ),
    ]
