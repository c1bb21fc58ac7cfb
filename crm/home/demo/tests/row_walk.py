"""Following a row of a work list to the act it names, as a person does: open the page, fill in its form, send it."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urldefrag, urlencode, urljoin

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from lxml import html

from crm.kernel.declarations.day import Line
from crm.kernel.workdays import clock
from crm.tests.assurance.cells import RolledBack

TEXT = "经与企业核实，已取得书面材料并归档，风险可控，后续按约定时点跟踪落实，特此说明。"
# Of several answers the one that carries the matter on.
PREFERRED = ("no", "approve", "met", "confirm", "publish", "pass", "yes", "for_with_condition")
# A button that stands greyed out, with its reason, asks for something else first: that is on the page.
INSTEAD = "//a[contains(@href, '/edit/')]"
# What only an assessor can say of a client on the scorecard.
SCORED = {
    **dict.fromkeys(("interest_due", "interest_paid", "principal_due", "principal_paid"), "0"),
    **dict.fromkeys(("q1", "q2", "q3", "q5", "q6"), "4"),
    "esg_score": "70",
    "grade": "",
}


def walk(browser: Browser, line: Line) -> str:
    """What keeps the person from the act of this row; "" when it succeeds. Everything it wrote is undone."""
    address = urldefrag(line.act_address).url
    page, address = _open(browser, address)
    if isinstance(page, str):
        return page
    if line.is_reading or line.done:
        return ""
    for form in _forms(browser, page, address):
        if not form.xpath(".//button[not(@disabled)] | .//input[@type='submit']"):
            continue
        return _send(browser, form, address)
    for link in page.xpath(INSTEAD):
        there = link.get("href")
        other, there = _open(browser, there)
        if not isinstance(other, str):
            return next((_send(browser, form, there) for form in _forms(browser, other, there)), "no form behind it")
    return f"{address}: no form of an act"


def _open(browser: Browser, address: str) -> tuple[Any, str]:
    """The main part of a page, what the answer was when it is none, and where one was led."""
    answer = browser.get(address, follow=True)
    address = [address, *(there for there, _status in answer.redirect_chain)][-1]
    if answer.status_code != 200:
        return f"{address}: {answer.status_code}", address
    found = html.fromstring(answer.content.decode()).xpath("//main | //div[@id='content']")
    return (found[0] if found else f"{address}: no main part"), address


def _forms(browser: Browser, page: Any, address: str) -> Iterator[Any]:
    """The forms of the page that write, then those of the panels that it loads."""
    yield from page.xpath(".//form[translate(@method, 'POST', 'post')='post']")
    for panel in page.xpath(".//*[@hx-get and contains(@hx-trigger, 'load')]/@hx-get"):
        answer = browser.get(urljoin(address, panel), headers={"HX-Request": "true"})
        if answer.status_code == 200:
            yield from html.fromstring(f"<div>{answer.content.decode()}</div>").xpath(".//form[@method='post']")


def _send(browser: Browser, form: Any, address: str) -> str:
    target = urljoin(address, form.get("action") or "")
    with RolledBack():
        given: dict[str, list[Any]] = {}
        for name, value in _filled(browser, form):
            given.setdefault(name, []).append(value)
        if target.endswith("/ratings/score/"):
            given |= {name: [value] for name, value in SCORED.items()}
        answer = browser.post(target, given)
        if answer.status_code in (301, 302, 303):
            return ""
        words = html.fromstring(answer.content.decode()).xpath("//*[contains(@class, 'error')]//text()")
        return f"POST {target}: {answer.status_code} {' '.join(' '.join(words).split())[:300]}"


def _filled(browser: Browser, form: Any) -> Iterator[tuple[str, Any]]:
    """A sound value for every field of the form; what stands in it already is kept."""
    radios: dict[str, list[Any]] = {}
    for field in form.xpath(".//input[@name and not(@disabled)] | .//select[@name] | .//textarea[@name]"):
        name, kind = field.get("name"), field.get("type", field.tag)
        if kind == "radio":
            radios.setdefault(name, []).append(field)
        elif kind == "file":
            yield name, SimpleUploadedFile("附件.txt", TEXT.encode(), "text/plain")
        elif kind == "checkbox":
            if field.get("checked") is not None or name in ("seen", "has_read"):
                yield name, field.get("value", "on")
        elif kind == "select":
            yield name, _chosen(browser, field)
        elif kind == "textarea":
            yield name, (field.text or "").strip() or TEXT
        elif kind not in ("submit", "button"):
            sound = str(clock.today()) if kind == "date" else TEXT[:10]
            yield name, field.get("value") or (sound if field.get("required") is not None else "")
    for name, ways in radios.items():
        values = [way.get("value") for way in ways]
        checked = [way.get("value") for way in ways if way.get("checked") is not None]
        yield name, (checked or [value for value in PREFERRED if value in values] or values)[0]


def _autocomplete(field: Any) -> str:
    """Where the admin's searching select asks; "" for a plain one."""
    names = ("app_label", "model_name", "field_name")
    asked = {name: field.get(f"data-{name.replace('_', '-')}", "") for name in names}
    return f"{field.get('data-ajax--url')}?{urlencode(asked)}" if field.get("data-ajax--url") else ""


def _chosen(browser: Browser, field: Any) -> str:
    options = [option.get("value", "") for option in field.xpath(".//option")]
    chosen = field.xpath(".//option[@selected]/@value")
    if not any(chosen) and (address := field.get("data-picker-url") or _autocomplete(field)):
        options = [str(found["id"]) for found in browser.get(address).json()["results"]]
    return next((value for value in (*chosen, *options) if value), "")
