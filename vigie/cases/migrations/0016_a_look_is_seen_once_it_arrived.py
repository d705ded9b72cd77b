from django.db import migrations, models
from django.db.models import F


def as_told(apps, schema_editor):
    """What was kept as told counted towards the limits."""
    View = apps.get_model("cases", "View")
    View.objects.using(schema_editor.connection.alias).update(counted=F("seconds"))


class Migration(migrations.Migration):

    dependencies = [("cases", "0015_stills_of_outlines")]

    operations = [
        migrations.AddField("view", "counted", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField("view", "outlines", models.BooleanField(default=False)),
        migrations.AddField("assessedpicture", "outlines", models.BooleanField(default=False)),
        migrations.RunPython(as_told, migrations.RunPython.noop),
    ]
