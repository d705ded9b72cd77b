from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("wall", "0002_pictures_on_a_sheet")]

    operations = [
        migrations.AddField(
            model_name="submission",
            name="page",
            field=models.UUIDField(null=True, unique=True),
        ),
        migrations.AddField(
            model_name="withdrawal",
            name="took",
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name="WallQueue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("cards", models.PositiveIntegerField(default=0)),
                ("counted_at", models.DateTimeField()),
            ],
        ),
    ]
