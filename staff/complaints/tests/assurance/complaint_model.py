"""The complaint clock told a second time, for trust row 31: days are counted one by one on a calendar typed from the
State Council's notices. Nothing of the product's calendar, rules or dates is used here.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE = timedelta(days=1)
LONGEST = 60
MOST_PAUSED = 10  # working days
# Days off as published, first and last day of each.
OFF = """
2024-01-01/2024-01-01 2024-02-10/2024-02-17 2024-04-04/2024-04-06 2024-05-01/2024-05-05 2024-06-08/2024-06-10
2024-09-15/2024-09-17 2024-10-01/2024-10-07
2025-01-01/2025-01-01 2025-01-28/2025-02-04 2025-04-04/2025-04-06 2025-05-01/2025-05-05 2025-05-31/2025-06-02
2025-10-01/2025-10-08
2026-01-01/2026-01-03 2026-02-15/2026-02-23 2026-04-04/2026-04-06 2026-05-01/2026-05-05 2026-06-19/2026-06-21
2026-09-25/2026-09-27 2026-10-01/2026-10-07
"""
# Weekends that were worked instead.
WORKED = """
2024-02-04 2024-02-18 2024-04-07 2024-04-28 2024-05-11 2024-09-14 2024-09-29 2024-10-12
2025-01-26 2025-02-08 2025-04-27 2025-09-28 2025-10-11
2026-01-04 2026-02-14 2026-02-28 2026-05-09 2026-09-20 2026-10-10
"""
LAST_NOTICE = 2026
# In every later year until its notice comes: these days of the solar calendar.
FIXED = {(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)}


def _stretches(text: str) -> set[date]:
    found = set()
    for pair in text.split():
        day, end = (date.fromisoformat(part) for part in pair.split("/"))
        while day <= end:
            found.add(day)
            day += ONE
    return found


DAYS_OFF = _stretches(OFF)
DAYS_WORKED = {date.fromisoformat(text) for text in WORKED.split()}


def works(day: date) -> bool:
    """Whether people work on that day."""
    if day.year > LAST_NOTICE:
        return day.isoweekday() <= 5 and (day.month, day.day) not in FIXED
    return day in DAYS_WORKED or (day.isoweekday() <= 5 and day not in DAYS_OFF)


BY_HANDLER = ("acknowledge", "extend", "tell", "draft", "reply")
BY_CHECKER = ("approve", "refuse", "pause", "pass", "send_back", "close", "withdraw")
# By somebody above who had no part in it; and by who made the claim not.
REVIEWING, DECIDING = ("uphold", "redo"), ("confirm", "deny")
ASK_WITHIN = 30
OPEN = ("investigating", "review", "to_reply")


@dataclass
class Model:
    """One complaint as it ought to be. `seen` is the day of its last record: a clock stepped back counts as that."""

    received: date
    steps: tuple[int, int, int]
    roll: str
    major: bool
    handler: str
    former: set[str] = field(default_factory=set)
    checkers: set[str] = field(default_factory=set)
    status: str = "investigating"
    seen: date = date.min
    acknowledged: bool = False
    extensions: int = 0
    asked: str = ""  # "", asked, approved
    asked_due: date = date.min
    stopped: set[date] = field(default_factory=set)
    pause: tuple[date, date] | None = None
    in_time: bool | None = None
    reopened: int = 0
    tried: date = date.min
    withdrawn_on: date | None = None
    replied_on: date | None = None
    # Days of replies whose handling was asked to be reviewed in time; whether the last request waits; late requests.
    reviewed: set[date] = field(default_factory=set)
    review_waits: bool = False
    late_requests: int = 0
    # Who claims that somebody apart is complained of, "" while nobody does; whether it was confirmed.
    claimant: str = ""
    is_named: bool = False

    def due(self) -> date:
        """The last day by the law's strictest reading: every day counts but the stopped ones, never beyond day 60."""
        day, counted = self.received, 0
        while counted < self.steps[self.extensions] and day < self.received + self.steps[2] * ONE:
            day += ONE
            counted += day not in self.stopped
        return day

    def forward(self) -> date:
        """The same, on to the next working day."""
        day = self.due()
        while not works(day):
            day += ONE
        return day

    def internal(self) -> date:
        """The last working day on or before it."""
        day = self.due()
        while not works(day):
            day -= ONE
        return day

    def limit(self) -> date:
        """The day that counts as breach."""
        return self.forward() if self.roll == "forward" else self.due()

    def paused_on(self, today: date) -> tuple[date, date] | None:
        """The pause that runs; one whose ten working days are spent ended by itself."""
        return self.pause if self.pause and today < self.pause[1] else None

    def used(self) -> int:
        """Working days that pauses took."""
        return sum(works(day) for day in self.stopped)

    def may(self, actor: str, act: str, *, sees: bool, told: bool) -> bool:
        """Whether it is this person's to do. `sees`: whether a vice-president is shown the complaint now; `told`:
        whether he is the one whom the last alarm went to.
        """
        if act in BY_HANDLER:
            return actor == self.handler
        checks = actor in ("officer", "head", "chief") and actor != self.handler and actor not in self.former
        checks = checks and (actor != "chief" or sees)
        if act in BY_CHECKER:
            return checks
        if act == "resume":
            return checks or actor == self.handler
        if act in REVIEWING:
            return checks and actor not in self.checkers
        if act in DECIDING:
            return checks and actor != self.claimant
        if act in ("ask_review", "name") and actor == self.handler:
            return True
        # Reopen, hand over: the officer, the head of the handlers' department, who was told that it is late.
        return actor in ("officer", "head") or (actor == "chief" and told)

    def act(self, day: date, actor: str, act: str, *, sees: bool, told: bool) -> bool:
        """Try it on a day; whether it ought to be done, and if so it is done here."""
        today, self.tried = max(day, self.seen), day
        if not self.may(actor, act, sees=sees, told=told) or not self._fits(today, actor, act):
            return False
        self.seen = today
        if self.pause and not self.paused_on(today):
            self.pause = None
        if act in BY_CHECKER:
            self.checkers.add(actor)
        if act == "name":
            self.claimant = actor
        getattr(self, f"_{act}")(today)
        return True

    def fits(self, day: date, act: str) -> bool:
        """Whether the complaint stands where the act starts, whoever tries it."""
        self.tried = day
        return self._fits(max(day, self.seen), "chief", act)

    def _fits(self, today: date, actor: str, act: str) -> bool:
        running, late = self.paused_on(today), today > self.limit()
        is_open = self.status in OPEN
        return {
            "acknowledge": is_open and not self.acknowledged,
            "extend": is_open and not late and not running and self.extensions < 2 and not self.asked,
            "approve": is_open and self.asked == "asked" and not late and (self.extensions == 0 or actor == "chief"),
            "refuse": is_open and self.asked == "asked" and (self.extensions == 0 or actor == "chief"),
            "tell": is_open and self.asked == "approved" and today <= self.asked_due,
            "pause": is_open and not running and today < self.limit() and self.used() < MOST_PAUSED and not self.asked,
            "resume": is_open and bool(running),
            "draft": self.status in ("investigating", "to_reply"),
            "pass": self.status == "review",
            "send_back": self.status == "review",
            "reply": self.status == "to_reply",
            "close": self.status == "replied" and not self.claimant,
            "withdraw": is_open and self.received <= self.tried,
            "ask_review": self._may_be_reviewed(),
            "uphold": not is_open and self.review_waits,
            "redo": not is_open and self.review_waits,
            "name": is_open and not self.claimant and not self.is_named,
            "confirm": bool(self.claimant),
            "deny": bool(self.claimant),
            "reopen": self.status in ("replied", "closed"),
            "hand_over": is_open,
        }[act]

    def _may_be_reviewed(self) -> bool:
        """A request of the day tried, about a decision that was told before and was not asked about yet."""
        answered = self.status in ("replied", "closed") and self.replied_on is not None
        if not answered or self.review_waits or self.replied_on is None:
            return False
        return self.replied_on <= self.tried and self.replied_on not in self.reviewed

    def _withdraw(self, today: date) -> None:
        if self.pause:
            self._resume(today)
        self.status, self.withdrawn_on = "closed", self.tried

    def _ask_review(self, _today: date) -> None:
        assert self.replied_on is not None
        last = self.replied_on + ASK_WITHIN * ONE
        while not works(last):
            last += ONE
        if self.tried > last:
            self.late_requests += 1
            return
        self.reviewed.add(self.replied_on)
        self.review_waits = True

    def _uphold(self, _today: date) -> None:
        self.review_waits = False

    def _redo(self, today: date) -> None:
        self.review_waits = False
        self._reopen(today)

    def _name(self, _today: date) -> None:
        """Who names is set by `act`."""

    def _confirm(self, _today: date) -> None:
        self.claimant, self.is_named = "", True

    def _deny(self, _today: date) -> None:
        self.claimant = ""

    def _acknowledge(self, _today: date) -> None:
        self.acknowledged = True

    def _extend(self, _today: date) -> None:
        self.asked, self.asked_due = "asked", self.limit()

    def _approve(self, _today: date) -> None:
        self.asked = "approved"

    def _refuse(self, _today: date) -> None:
        self.asked = ""

    def _tell(self, _today: date) -> None:
        self.asked, self.extensions = "", self.extensions + 1

    def _pause(self, today: date) -> None:
        day, left = today, MOST_PAUSED - self.used()
        while left:
            day += ONE
            self.stopped.add(day)
            left -= works(day)
        self.pause = (today, day)

    def _resume(self, today: date) -> None:
        assert self.pause is not None
        first = self.pause[0]
        self.stopped -= {day for day in self.stopped if first < day and day > today}
        self.pause = None

    def _draft(self, _today: date) -> None:
        self.status = "review" if self.major else "to_reply"

    def _pass(self, _today: date) -> None:
        self.status = "to_reply"

    def _send_back(self, _today: date) -> None:
        self.status = "investigating"

    def _reply(self, today: date) -> None:
        if self.pause:
            self._resume(today)
        if self.in_time is None:
            self.in_time = today <= self.limit()
        self.status, self.replied_on = "replied", today

    def _close(self, _today: date) -> None:
        self.status = "closed"

    def _reopen(self, _today: date) -> None:
        self.status, self.reopened = "investigating", self.reopened + 1
        self.withdrawn_on = self.replied_on = None

    def _hand_over(self, _today: date) -> None:
        self.former.add(self.handler)
        self.handler = "owner" if self.handler == "colleague" else "colleague"
