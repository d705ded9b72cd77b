"""Each name of a list becomes a list, and its values belong to it."""

from django.db import migrations
from django.utils import timezone


def names_become_lists(apps, schema_editor):
    hash_list = apps.get_model("matching", "HashList")
    entries = apps.get_model("matching", "ListedHash").objects
    now = timezone.now()
    for name in entries.order_by("list_name").values_list("list_name", flat=True).distinct():
        made = hash_list.objects.create(name=name, read_at=now)
        entries.filter(list_name=name).update(
            list=made, first_seen=now, last_seen=now, change=1
        )
    if entries.exists():
        apps.get_model("matching", "ChangeClock").objects.create(pk=1, last=1)


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_hash_lists")]
    operations = [migrations.RunPython(names_become_lists, migrations.RunPython.noop)]
