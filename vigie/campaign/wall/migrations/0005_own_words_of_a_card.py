from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wall', '0004_cards_that_hang_are_compared_too'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='own',
            field=models.BooleanField(default=False),
        ),
    ]
