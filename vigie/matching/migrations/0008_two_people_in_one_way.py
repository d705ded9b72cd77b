"""What takes two people waits in `people.PendingAct`, for lists as for all else.

What waited, or lay ready for its hour, is asked anew; who asked and approved what is in the journal.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matching', '0007_md5_and_sha1_of_judged_hashes'),
        ('people', '0001_people'),
    ]

    operations = [
        migrations.DeleteModel(name='Export'),
        migrations.DeleteModel(name='ListRequest'),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.BinaryField(null=True)),
                ('entries', models.PositiveIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('until', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('act', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='export', to='people.pendingact')),
            ],
        ),
    ]
