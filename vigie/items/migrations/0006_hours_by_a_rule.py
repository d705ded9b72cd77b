"""A head start that a routing rule gives."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0005_the_queue_has_an_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='head_start',
            field=models.SmallIntegerField(db_default=0, default=0),
        ),
    ]
