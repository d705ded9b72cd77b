"""Plain links to share with: no script, no counter, nothing happens until one is followed."""

from urllib.parse import quote

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from vigie.campaign.content import Words
from vigie.campaign.models import Campaign


def graph(request: HttpRequest, campaign: Campaign) -> dict[str, object]:
    """What networks show of a page that is shared: `campaign/_graph.html` says it."""
    language = (get_language() or "fr")[:2]
    wide = reverse("sample", args=(campaign.slug, campaign.version, language, "1200x630"))
    return {
        "here": request.build_absolute_uri(request.path),
        "shared": campaign.says.of(language),
        "og_image": request.build_absolute_uri(wide),
    }


def sharing_links(url: str, words: Words) -> list[tuple[str, str]]:
    """(name, address) of each network's own page to write a post."""
    text = f"{words.caption} {words.hashtag}"
    both = quote(f"{text} {url}")
    return [
        ("WhatsApp", f"https://wa.me/?text={both}"),
        ("Facebook", f"https://www.facebook.com/sharer/sharer.php?u={quote(url, safe='')}"),
        ("Bluesky", f"https://bsky.app/intent/compose?text={both}"),
        ("Mastodon", f"https://share.joinmastodon.org/#text={both}"),
        ("X", f"https://x.com/intent/post?text={quote(text)}&url={quote(url, safe='')}"),
        ("Telegram", f"https://t.me/share/url?url={quote(url, safe='')}&text={quote(text)}"),
        ("E-mail", f"mailto:?subject={quote(words.hashtag)}&body={both}"),
    ]
