import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_lists_by_name")]
    operations = [
        migrations.RemoveConstraint(model_name="listedhash", name="listed_once"),
        migrations.AlterField(
            model_name="listedhash",
            name="list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="entries",
                to="matching.hashlist",
            ),
        ),
        migrations.AlterField("listedhash", "first_seen", models.DateTimeField()),
        migrations.AlterField("listedhash", "last_seen", models.DateTimeField()),
        migrations.RemoveField(model_name="listedhash", name="list_name"),
        migrations.AddConstraint(
            model_name="listedhash",
            constraint=models.UniqueConstraint(
                fields=("kind", "value", "list", "member", "external_id"), name="listed_once"
            ),
        ),
    ]
