"""Plain links to share with: no script, no counter, nothing happens until one is followed."""

from urllib.parse import quote

from vigie.campaign.content import Words


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
