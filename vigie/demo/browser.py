"""A very small browser for the walk: pages, forms and cookies over plain HTTP. No JavaScript."""

import http.client
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin, urlsplit

REDIRECTS = (301, 302, 303)


@dataclass
class Form:
    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    after: str = ""  # the last link before it on the page: what it is about


@dataclass
class Page:
    url: str
    status: int
    headers: dict[str, str]
    body: bytes
    forms: list[Form] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    text: str = ""

    def form(self, action_ends: str = "") -> Form:
        """The form that is sent there. Raises `LookupError` when the page has none."""
        for form in self.forms:
            if form.action.endswith(action_ends):
                return form
        raise LookupError(f"{self.url} has no form {action_ends!r}")


class _Reader(HTMLParser):
    """Collects what a person could use on a page: text, links, forms, table rows."""

    def __init__(self, page: Page) -> None:
        super().__init__(convert_charrefs=True)
        self.page, self.inside = page, ""
        self.form: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.page.links.append(values.get("href", ""))
        elif tag == "form":
            self.form = Form(values.get("action", ""), values.get("method", "get").lower())
            self.form.after = self.page.links[-1] if self.page.links else ""
            self.page.forms.append(self.form)
        elif tag == "tr":
            self.page.rows.append([])
        elif tag in ("td", "th") and self.page.rows:
            self.page.rows[-1].append("")
        elif tag == "input" and self.form is not None:
            self._input(self.form, values)
        elif tag == "textarea" and self.form is not None:
            self.form.fields[values.get("name", "")] = ""
        self.inside = tag

    def _input(self, form: Form, values: dict[str, str]) -> None:
        kind = values.get("type", "text")
        if kind in ("radio", "checkbox") and "checked" not in values:
            return
        if "name" in values and kind != "submit":
            form.fields[values["name"]] = values.get("value", "on" if kind == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None

    def handle_data(self, data: str) -> None:
        if self.inside not in ("script", "style"):
            self.page.text += data
            if self.page.rows and self.page.rows[-1]:
                self.page.rows[-1][-1] += data


class Browser:
    """One person's browser: its own cookies, one host."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.origin, self.host, self.port = url.rstrip("/"), parts.netloc, parts.port or 80
        self.cookies: dict[str, str] = {}
        self.language = "en"

    def get(self, path: str) -> Page:
        return self._go("GET", urljoin(self.origin + "/", path), None)

    def send(self, page: Page, form: Form, **changes: str | list[str]) -> Page:
        """Send a form of a page, with some fields filled in."""
        fields = {**form.fields, **changes}
        body = urlencode(fields, doseq=True).encode()
        return self._go("POST", urljoin(page.url, form.action), body)

    def _go(self, method: str, url: str, body: bytes | None, hops: int = 0) -> Page:
        parts = urlsplit(url)
        headers = {"Host": self.host, "Accept-Language": self.language, "Origin": self.origin}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            data = answer.read()
        finally:
            connection.close()
        self._keep(answer.headers.get_all("Set-Cookie") or [])
        if answer.status in REDIRECTS and hops < 10:
            target = urljoin(url, answer.headers["Location"])
            return self._go("GET", target, None, hops + 1)
        page = Page(url, answer.status, dict(answer.headers.items()), data)
        if "html" in page.headers.get("Content-Type", page.headers.get("content-type", "")):
            _Reader(page).feed(data.decode("utf-8", "replace"))
        return page

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.split(";", 1)[0].partition("=")
            self.cookies[name.strip()] = value.strip()
