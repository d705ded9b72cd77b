"""How many pictures of a sheet are not among its parts. Of earlier looks, nobody counted."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('tracing', '0004_facts_of_the_queue'),
    ]

    operations = [
        migrations.AddField(
            model_name='media',
            name='parts_missing',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
