"""Corrections and reasons are few among many entries: find them without reading all."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("survey", "0006_feeds")]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("way", "correction")), fields=["round"], name="entry_correction"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("reasons", {}), _negated=True), fields=["round"], name="entry_reasoned"
            ),
        ),
    ]
