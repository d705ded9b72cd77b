"""Lines of the journal can no longer be changed or removed (see `journal.guard`)."""

from django.db import migrations

from vigie.journal.guard import lift, protect


def forwards(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        protect(schema_editor.connection)


def backwards(apps, schema_editor):
    if schema_editor.connection.alias == "default":
        lift(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ("journal", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forwards, backwards, elidable=False),
    ]
