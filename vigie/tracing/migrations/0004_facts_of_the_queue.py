"""Where an item was found last stands with the item; the values of pictures are searched for."""

from django.db import migrations, models

from vigie.items.ranking import place

AT_ONCE = 2_000


def countries(apps, schema_editor):
    item, hosting = apps.get_model("items", "Item"), apps.get_model("tracing", "Hosting")
    newest = {}
    for one in hosting.objects.order_by("look__at", "pk").select_related("look").iterator():
        newest[one.look.item_id] = one.country_local or one.country
    for country in sorted(set(newest.values()) - {""}):
        there = [pk for pk, found in newest.items() if found == country]
        for at in range(0, len(there), AT_ONCE):
            some = item.objects.filter(pk__in=there[at : at + AT_ONCE])
            some.update(country=country)
            place(some)


class Migration(migrations.Migration):

    dependencies = [
        ('tracing', '0003_parts_of_sheets'),
        ('items', '0005_the_queue_has_an_order'),
    ]

    operations = [
        migrations.AlterField(
            model_name='media',
            name='md5',
            field=models.CharField(blank=True, db_index=True, max_length=32),
        ),
        migrations.AlterField(
            model_name='media',
            name='pdq',
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='media',
            name='sha1',
            field=models.CharField(blank=True, db_index=True, max_length=40),
        ),
        migrations.RunPython(countries, migrations.RunPython.noop),
    ]
