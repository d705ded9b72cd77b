"""Whom a notice goes to: the abuse desk of the IP network, the first time only if a lead says so.

Whoever registered the name or runs the site may be the offender: a notice would warn them.
"""

import json

import pytest

from tests.factories import a_confirmed_item, an_item, decided, looked
from vigie.dispatch.contacts import approve_notice, name_contact
from vigie.dispatch.models import Contact, Notice
from vigie.dispatch.tests.support import HOST, POLICE, lines_of, one_round, reading_english
from vigie.items.flow import Stale, State
from vigie.sandbox import registry
from vigie.tracing.rdap import read_network

DATABASES = pytest.mark.django_db(databases="__all__")
URL = "http://galerie.nord.test/a/contact"


def notified(number: int, contact: str = HOST) -> Notice:
    """An item of a country where we write ourselves, and its notice after one round."""
    item = a_confirmed_item(f"{URL}{number}", "NL", abuse_contact=contact)
    one_round()
    return Notice.objects.get(item=item)


@DATABASES
def test_the_first_notice_to_a_contact_waits_for_a_lead(policy, post):
    notice = notified(1)
    one_round()
    assert (notice.step, notice.due_at, post.sent_to) == (Notice.Step.WAITING, None, [POLICE])
    approve_notice(notice, "staff:7")
    one_round()
    assert post.sent_to == [POLICE, HOST]
    notice.item.refresh_from_db()
    assert notice.item.state == State.NOTIFIED
    (line,) = lines_of(notice.item, "notice.approved")
    assert (line.actor, Contact.objects.get().approved_by) == ("staff:7", "staff:7")


@DATABASES
def test_the_second_to_the_same_contact_goes_at_once(policy, post):
    approve_notice(notified(1), "staff:7")
    one_round()
    notified(2)
    assert post.sent_to == [POLICE, HOST, POLICE, HOST]


@DATABASES
def test_approving_one_contact_says_nothing_of_another(policy, post):
    approve_notice(notified(1), "staff:7")
    one_round()
    assert notified(2, "abuse@elsewhere.test").step == Notice.Step.WAITING
    assert post.sent_to == [POLICE, HOST, POLICE]


@DATABASES
def test_two_that_wait_for_the_same_contact_are_let_go_one_by_one(policy, post):
    first, second = notified(1), notified(2)
    approve_notice(first, "staff:7")
    one_round()
    assert post.sent_to == [POLICE, POLICE, HOST]
    approve_notice(second, "staff:7")
    one_round()
    assert post.sent_to == [POLICE, POLICE, HOST, HOST]
    assert Contact.objects.count() == 1


@DATABASES
def test_a_notice_is_let_go_once(policy, post):
    notice = notified(1)
    approve_notice(notice, "staff:7")
    with pytest.raises(Stale):
        approve_notice(notice, "staff:8")
    assert Contact.objects.get().approved_by == "staff:7"


@DATABASES
def test_without_a_contact_nothing_leaves_and_the_desk_sees_it(policy, post, lead, desk_client):
    notice = notified(1, "")
    one_round()
    assert (notice.step, notice.due_at) == (Notice.Step.NO_CONTACT, None)
    assert post.sent_to == [POLICE]
    with pytest.raises(Stale):
        approve_notice(notice, "staff:7")
    page = reading_english(desk_client, lead).get("/letters/").content.decode()
    assert "The registry names no abuse contact: nothing can be sent." in page
    assert notice.item.reference in page
    assert f"/letters/notices/{notice.pk}/approve/" not in page


ENTERED = {"address": "Abuse@Network.test", "found_in": "the operator’s site, read today"}


@pytest.fixture
def enter(lead, desk_client):
    client = reading_english(desk_client, lead)

    def entered(notice, **data):
        return client.post(f"/letters/notices/{notice.pk}/contact/", {**ENTERED, **data})

    entered.client = client
    return entered


@DATABASES
def test_where_the_registry_names_nobody_a_lead_enters_a_contact_and_then_approves_it(
    policy, post, enter, lead
):
    notice = notified(1, "")
    assert (
        f"/letters/notices/{notice.pk}/contact/" in enter.client.get("/letters/").content.decode()
    )
    assert enter(notice).status_code == 302
    one_round()
    notice.refresh_from_db()
    assert (notice.step, notice.recipient) == (Notice.Step.WAITING, "abuse@network.test")
    assert post.sent_to == [POLICE], "a contact that was entered by hand waits like any other"
    (line,) = lines_of(notice.item, "contact.named")
    assert line.actor == lead.actor
    assert "network.test" not in line.detail
    page = enter.client.get("/letters/").content.decode()
    assert "found here: the operator’s site, read today" in page
    approve_notice(notice, "staff:8")
    one_round()
    assert post.sent_to == [POLICE, "abuse@network.test"]
    notice.item.refresh_from_db()
    assert notice.item.state == State.NOTIFIED


@DATABASES
def test_a_contact_entered_by_hand_that_was_approved_before_needs_no_second_approval(policy, post):
    approve_notice(notified(1), "staff:7")
    name_contact(notified(2, ""), HOST, "the operator's site", "staff:7")
    one_round()
    assert post.sent_to.count(HOST) == 2


@DATABASES
def test_a_contact_is_entered_once_and_only_where_there_is_none(policy, post, enter):
    nobody, waiting = notified(1, ""), notified(2)
    assert enter(waiting).status_code == 409
    assert enter(nobody).status_code == 302
    assert enter(nobody, address="other@network.test").status_code == 409
    nobody.refresh_from_db()
    waiting.refresh_from_db()
    assert (nobody.recipient, waiting.recipient) == ("abuse@network.test", HOST)


@DATABASES
@pytest.mark.parametrize(
    "wrong",
    [
        {"address": ""},
        {"address": "nobody"},
        {"address": "a@b.test\r\nBcc: z@z.test"},
        {"address": "abuse@ÿ.test"},
        {"found_in": " "},
        {"found_in": "x" * 301},
    ],
)
def test_a_contact_needs_a_usable_address_and_its_source(wrong, policy, post, enter):
    notice = notified(1, "")
    answer = enter(notice, **wrong)
    assert (answer.status_code, b'class="error"' in answer.content) == (422, True)
    notice.refresh_from_db()
    assert (notice.step, notice.recipient, notice.found_in) == (Notice.Step.NO_CONTACT, "", "")


@DATABASES
def test_no_contact_is_entered_for_what_went_away_meanwhile(policy, post, enter):
    notice = notified(1, "")
    type(notice.item).objects.filter(pk=notice.item.pk).update(state=State.REMOVED)
    assert f"/notices/{notice.pk}/" not in enter.client.get("/letters/").content.decode()
    assert enter(notice).status_code == 409


@DATABASES
def test_the_liaison_sees_that_nobody_is_named_and_is_offered_no_form(
    policy, post, liaison, desk_client
):
    notice = notified(1, "")
    client = reading_english(desk_client, liaison)
    page = client.get("/letters/").content.decode()
    assert "The registry names no abuse contact" in page
    assert "/contact/" not in page
    assert client.post(f"/letters/notices/{notice.pk}/contact/", ENTERED).status_code == 403


@DATABASES
def test_of_all_contacts_the_registry_holds_only_the_networks_desk_is_written_to(policy, outside):
    """The sandbox's registry has traps: the registrar's desk, the name's owner, the site's desk."""
    item = an_item("http://beeld.polder.test/nothing-here")
    decided(item, looked(item))
    one_round()
    approve_notice(Notice.objects.get(item=item), "staff:7")
    one_round()
    written_to = {address for letter in outside.mail() for address in letter.recipients}
    assert written_to - {"hotline@aurore.test"} == {POLICE, "abuse@polder.test"}


@pytest.mark.pure
@pytest.mark.parametrize("name", ["polder.test", "nord.test"])
def test_a_names_registration_is_no_source_of_a_contact(name):
    answer = registry.domain(name, "http://rdap.registre.test/")
    assert "registrant" in json.dumps(answer)
    found = read_network(json.dumps(answer).encode(), "http://rdap.registre.test/")
    assert (found.abuse_contact, found.problem) == ("", "registry_not_a_network")
