from django.db import migrations, models
from django.db.models import F


def count_each_report(apps, schema_editor):
    """What came before was not counted: each report of it counts as one with words."""
    apps.get_model("items", "Item").objects.update(words_came=F("report_count"))


class Migration(migrations.Migration):
    dependencies = [("items", "0009_errands_and_new_words")]

    operations = [
        migrations.AddField(
            "item", "words_came", models.PositiveIntegerField(default=0, db_default=0)
        ),
        migrations.AddField(
            "item", "words_opened", models.PositiveIntegerField(default=0, db_default=0)
        ),
        migrations.RunPython(count_each_report, migrations.RunPython.noop, elidable=True),
    ]
