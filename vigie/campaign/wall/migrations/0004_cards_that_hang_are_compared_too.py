from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('wall', '0003_what_was_sent_and_what_was_taken_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='card',
            name='compared',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='escalation',
            name='card',
            field=models.CharField(blank=True, max_length=16),
        ),
        migrations.AddField(
            model_name='escalation',
            name='how',
            field=models.CharField(blank=True, max_length=4),
        ),
        migrations.AddField(
            model_name='escalation',
            name='hung_on',
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name='escalation',
            name='arrived_hour',
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name='escalation',
            name='md5',
            field=models.CharField(blank=True, max_length=32),
        ),
        migrations.AlterField(
            model_name='escalation',
            name='sha1',
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AlterField(
            model_name='escalation',
            name='sha256',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='escalation',
            name='submission',
            field=models.UUIDField(null=True, unique=True),
        ),
        migrations.AddIndex(
            model_name='card',
            index=models.Index(fields=['compared'], name='card_compared'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.UniqueConstraint(condition=models.Q(('card', ''), _negated=True), fields=('card',), name='escalation_card_once'),
        ),
        migrations.AddConstraint(
            model_name='escalation',
            constraint=models.CheckConstraint(condition=models.Q(('how__in', ['', 'same', 'like'])), name='escalation_how'),
        ),
    ]
