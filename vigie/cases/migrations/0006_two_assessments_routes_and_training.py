"""Two assessments of one item, routing rules and routes, runs of the training."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0005_decisions_have_a_schema'),
        ('items', '0006_hours_by_a_rule'),
        ('tracing', '0004_facts_of_the_queue'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Opinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('place', models.PositiveSmallIntegerField()),
                ('why', models.CharField(choices=[('share', 'Share'), ('decision', 'Decision'), ('rule', 'Rule')], max_length=10)),
                ('classification', models.CharField(choices=[('baseline', 'Child sexual abuse material, international baseline'), ('national', 'Child sexual abuse material, national law'), ('other_illegal', 'Other illegal content'), ('not_illegal', 'Not illegal'), ('cannot_assess', 'Cannot be assessed'), ('out_of_remit', 'Out of our remit, to hand over')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('hand_over_to', models.CharField(blank=True, max_length=120)),
                ('schema', models.CharField(blank=True, max_length=10)),
                ('set_aside_at', models.DateTimeField(null=True)),
                ('assessment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='cases.assessment')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='items.item')),
                ('look', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='tracing.look')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OpinionAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(max_length=20)),
                ('code', models.CharField(max_length=20)),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cases.opinion')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='OpinionPicture',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('found', models.CharField(max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('opinion', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pictures', to='cases.opinion')),
            ],
        ),
        migrations.CreateModel(
            name='Ruleset',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('at', models.DateTimeField()),
                ('tried_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Route',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='items.item')),
                ('rule', models.CharField(blank=True, max_length=60)),
                ('lane', models.CharField(blank=True, db_index=True, max_length=30)),
                ('two', models.BooleanField(default=False)),
                ('hand_over_to', models.CharField(blank=True, max_length=120)),
                ('report_count', models.PositiveIntegerField()),
                ('round', models.PositiveIntegerField()),
                ('country', models.CharField(blank=True, max_length=2)),
                ('material', models.CharField(blank=True, max_length=6)),
                ('danger', models.BooleanField()),
                ('own', models.BooleanField()),
                ('ruleset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='cases.ruleset')),
            ],
        ),
        migrations.CreateModel(
            name='RulesetSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('ruleset', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='cases.ruleset')),
            ],
        ),
        migrations.CreateModel(
            name='TrainingRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('version', models.CharField(max_length=10)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='TrainingAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercise', models.CharField(max_length=20)),
                ('classification', models.CharField(max_length=20)),
                ('age', models.CharField(blank=True, max_length=20)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cases.trainingrun')),
            ],
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(condition=models.Q(('assessment', None), ('set_aside_at', None)), fields=('item', 'place'), name='opinion_once_by_place'),
        ),
        migrations.AddConstraint(
            model_name='opinion',
            constraint=models.UniqueConstraint(condition=models.Q(('assessment', None), ('set_aside_at', None)), fields=('item', 'by'), name='opinion_once_by_by'),
        ),
        migrations.AddConstraint(
            model_name='traininganswer',
            constraint=models.UniqueConstraint(fields=('run', 'exercise'), name='exercise_answered_once'),
        ),
    ]
