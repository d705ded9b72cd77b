"""Each item has its place in the queue, and the reasons for it.

Country, and how much of it is known, come with `tracing` and with the next look.
"""

from django.db import migrations, models
from django.db.models import Count, Exists, OuterRef

from vigie.items.ranking import FIRST_IN_DANGER, place

AT_ONCE = 2_000


def give_places(apps, schema_editor):
    item, mention = apps.get_model("items", "Item"), apps.get_model("items", "Mention")
    report = apps.get_model("intake", "Report")
    said = mention.objects.filter(item=OuterRef("pk"))
    for fact in ("danger", "own"):
        told = said.filter(**{f"report__{fact}": True})
        item.objects.filter(Exists(told)).update(**{fact: True})
    for dangerous in report.objects.filter(danger=True).iterator():
        first = mention.objects.filter(report=dangerous).order_by("item")[:FIRST_IN_DANGER]
        named = list(first.values_list("item", flat=True))
        item.objects.filter(pk__in=named).update(urgent=True)
    last = 0
    while page := list(
        item.objects.filter(pk__gt=last)
        .order_by("pk")
        .annotate(n=Count("mentions"))
        .only("pk")[:AT_ONCE]
    ):
        last = page[-1].pk
        for one in page:
            one.report_count = one.n
        item.objects.bulk_update(page, ["report_count"], batch_size=500)
        place(item.objects.filter(pk__in=[one.pk for one in page]))


class Migration(migrations.Migration):

    dependencies = [
        ('items', '0004_floods'),
        ('intake', '0004_floods'),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='country',
            field=models.CharField(blank=True, max_length=2),
        ),
        migrations.AddField(
            model_name='item',
            name='danger',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='item',
            name='material',
            field=models.CharField(blank=True, choices=[('new', 'new'), ('part', 'partly known'), ('known', 'all known')], max_length=6),
        ),
        migrations.AddField(
            model_name='item',
            name='own',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='item',
            name='rank',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='item',
            name='report_count',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='item',
            name='urgent',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='item',
            name='young',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='item',
            name='domain_hash',
            field=models.BinaryField(max_length=32, null=True),
        ),
        migrations.AlterField(
            model_name='item',
            name='flood',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', 'rank', 'id'], name='item_queue'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', 'country', 'rank', 'id'], name='item_queue_country'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', 'kind', 'rank', 'id'], name='item_queue_kind'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['domain_hash', 'rank', 'id'], name='item_queue_site'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('danger', True)), fields=['state', 'rank', 'id'], name='item_queue_danger'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('flood__isnull', False)), fields=['flood', 'state', 'rank', 'id'], name='item_queue_flood'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('classification', ''), _negated=True), fields=['domain_hash'], name='item_known_site'),
        ),
        migrations.RunPython(give_places, migrations.RunPython.noop),
    ]
