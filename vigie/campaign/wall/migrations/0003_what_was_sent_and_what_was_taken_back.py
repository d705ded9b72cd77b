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
    ]
