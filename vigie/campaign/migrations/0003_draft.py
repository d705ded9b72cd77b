from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('campaign', '0002_photo_of_the_campaign'),
    ]

    operations = [
        migrations.AddField(
            model_name='campaign',
            name='draft',
            field=models.BooleanField(default=False),
        ),
    ]
