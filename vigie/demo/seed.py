"""The demonstration's own databases, with accounts, policy and a hash list. Safe to run again."""

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402

from vigie.demo.environment import PROVIDER_KEY  # noqa: E402
from vigie.dispatch.models import Rule  # noqa: E402
from vigie.dispatch.policy import POLICIES, load_policy  # noqa: E402
from vigie.keeping.policy import POLICIES as RETENTION  # noqa: E402
from vigie.keeping.policy import load_retention  # noqa: E402
from vigie.lib.keyring import write  # noqa: E402
from vigie.matching.lists.loading import list_named, load_file  # noqa: E402
from vigie.matching.lists.models import HashList  # noqa: E402
from vigie.matching.picture import picture_hashes  # noqa: E402
from vigie.matching.providers.models import Provider  # noqa: E402
from vigie.matching.providers.services import add_provider  # noqa: E402
from vigie.sandbox.partners import made_up  # noqa: E402
from vigie.sandbox.pictures import LISTED, picture  # noqa: E402
from vigie.staff.demo import make_accounts  # noqa: E402


def main() -> None:
    for database in ("default", "front"):
        call_command("migrate", verbosity=0, database=database)
    make_accounts()
    if not Rule.objects.filter(active=True).exists():
        load_policy(POLICIES / "demo.toml", "demonstration")
        load_retention(RETENTION / "demo.toml", "demonstration")
    load_list()
    if not Provider.objects.exists():
        lists = list(HashList.objects.all())
        _provider, key = add_provider("Photos de Loire", lists, "demonstration")
        write(settings.KEYS.parent / PROVIDER_KEY.name, key.encode())


def load_list() -> None:
    """A list as the police might hand one over: two of its lines are no hashes.

    It holds one picture that there is: the first of each of the sandbox's pages `listed-…`.
    """
    rows = [f"{made_up(n)['md5']},{made_up(n)['pdq']},P-{n},baseline" for n in range(5000, 5040)]
    held = picture_hashes(picture(LISTED, "jpg"))
    rows.append(f"{held['md5']},{held['pdq']},P-5040,baseline")
    path = settings.KEYS.parent / "police-list.csv"
    path.write_text("\n".join(["md5,pdq,id,classification", "not,a,row", *rows, "n/a,,P-1,"]))
    load_file(list_named("Police list", "Federal Police"), path, "csv", "demonstration")


if __name__ == "__main__":
    main()
