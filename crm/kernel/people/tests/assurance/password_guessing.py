"""Trust row 41: brute force and lock-out. Guesses through the login page, each from the address it claims.

One account from many addresses, many accounts from one address, many accounts from many addresses, with the true user
known from an earlier login; then that user signs in. The times of known and unknown logins are compared by the rank-sum
test on the password hash that the product ships with.
"""

import math
import time
from typing import Any

from django.conf import settings
from django.test import Client as Browser
from django.test import override_settings
from django.urls import reverse

from crm.kernel.audit.models import AuditEvent
from crm.kernel.people.models import Person
from crm.tests.support.people import PASSWORD, cast_member, make_person

ROW = 41
TITLE = "brute force and lock-out: few guesses reach the password check, the true user signs in"
PER_HOUR = 20
# Two-sided, one in a thousand: the row is run often.
SIGNIFICANT = 3.29
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def run(full: bool) -> dict[str, Any]:
    """10,000 guesses (short: 300) in three parts, then the true users, then the times."""
    count = 10_000 if full else 300
    owner, others = cast_member("owner"), [make_person(f"员工{number}", place="0020") for number in range(20)]
    victims = [owner, *others]
    own = {person.pk: Browser() for person in victims}
    failures = [
        f"{person.name} did not sign in before the guessing"
        for person in victims
        if _sign_in(person, PASSWORD, "10.1.1.1", own[person.pk]) != 302
    ]
    parts = {
        "one account, many addresses": lambda n: (owner, _address(n)),
        "many accounts, one address": lambda n: (victims[n % len(victims)], "198.18.0.7"),
        "many accounts, many addresses": lambda n: (victims[n % len(victims)], _address(n)),
    }
    guesses: dict[str, int] = {}
    for name, aim in parts.items():
        for number in range(count // len(parts)):
            person, address = aim(number)
            _sign_in(person, f"guess {number}", address, Browser())
        guesses[name] = _passed()
    most = max(_passed(person) for person in victims)
    if most > PER_HOUR:
        failures.append(f"{most} guesses at one account reached its password check")
    for person in victims:
        if _sign_in(person, PASSWORD, "10.1.1.99", Browser()) != 302:
            failures.append(f"{person.name} is locked out of the network they come from")
        if _sign_in(person, PASSWORD, "172.20.0.9", own[person.pk]) != 302:
            failures.append(f"{person.name} is locked out of their own browser")
    z, medians = _compare_times(owner, 200 if full else 20)
    if full and abs(z) > SIGNIFICANT:
        failures.append(f"known and unknown logins differ in time: z = {z}, medians {medians} ms")
    return {
        "target": f"of {count:,} guesses at most {PER_HOUR} an hour reach one account's password check; every true "
        "user signs in; times of known and unknown logins do not differ",
        "guesses": count,
        "passed_after_each_part": guesses,
        "most_at_one_account": most,
        "true_users": len(victims),
        "time_z": z,
        "median_ms": medians,
        "failures": failures,
        "ok": not failures,
    }


def _address(number: int) -> str:
    return f"198.{18 + number // 65_000}.{number // 250 % 256}.{number % 250 + 1}"


def _sign_in(person: Person, password: str, address: str, browser: Browser) -> int:
    browser.cookies.pop(settings.SESSION_COOKIE_NAME, None)
    data = {"username": person.accounts.get().login, "password": password}
    return browser.post(reverse("login"), data, REMOTE_ADDR=address).status_code


def _passed(person: Person | None = None) -> int:
    """Guesses whose password was looked at."""
    rows = AuditEvent.objects.filter(action="account.login_refused", reason="invalid_login")
    return rows.filter(subject_name=person.accounts.get().login).count() if person else rows.count()


def _compare_times(person: Person, count: int) -> tuple[float, dict[str, float]]:
    """z of the rank-sum test over `count` wrong logins of each kind, taken in turn, and the medians in ms."""
    found: dict[str, list[float]] = {"known": [], "unknown": []}
    wide = {"": 10**6, "network": 10**6, "device": 10**6}
    open_budgets = {"LOGIN_TRIES_PER_ACCOUNT": wide, "LOGIN_TRIES": 10**6, "LOGIN_TRIES_PER_ADDRESS": 10**6}
    with override_settings(PASSWORD_HASHERS=ARGON2, **open_budgets):
        account = person.accounts.get()
        account.set_password(PASSWORD)
        account.save(update_fields=["password"])
        names = {"known": account.login, "unknown": "u" + "x" * (len(account.login) - 1)}
        for number in range(2 * count):
            kind = ("known", "unknown")[(number + number // 2) % 2]
            browser, data = Browser(), {"username": names[kind], "password": "guess"}
            began = time.perf_counter()
            browser.post(reverse("login"), data, REMOTE_ADDR=f"203.0.113.{number % 250 + 1}")
            found[kind].append(1000 * (time.perf_counter() - began))
    ranked = sorted((taken, kind) for kind, times in found.items() for taken in times)
    rank_sum = sum(rank for rank, (_taken, kind) in enumerate(ranked, 1) if kind == "known")
    mean, deviation = count * (2 * count + 1) / 2, math.sqrt(count * count * (2 * count + 1) / 12)
    medians = {kind: round(sorted(times)[count // 2], 2) for kind, times in found.items()}
    return round((rank_sum - mean) / deviation, 2), medians
