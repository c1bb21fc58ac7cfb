"""The addresses of a case: one set for the pages, one for the admin site."""

from django.urls import reverse

from risk.reviews.models import ReviewCase


class Links:
    """Where a page of the case leads."""

    def __init__(self, case: ReviewCase) -> None:
        self.case = case

    def _url(self, name: str) -> str:
        return reverse(f"risk:{name}", args=[self.case.pk])

    @property
    def url(self) -> str:
        return self._url("review_detail")

    @property
    def sheet_url(self) -> str:
        return self._url("review_sheet")

    @property
    def why_not_url(self) -> str:
        return self._url("review_people")

    @property
    def conflict_url(self) -> str:
        return self._url("review_conflict")

    @property
    def decide_url(self) -> str:
        return self._url("review_decide")

    @property
    def nudge_url(self) -> str:
        return self._url("review_nudge")

    @property
    def rehear_url(self) -> str:
        return self._url("review_rehear")

    @property
    def prolong_url(self) -> str:
        return self._url("review_prolong")

    @property
    def withdraw_url(self) -> str:
        return self._url("review_withdraw")

    @property
    def project_url(self) -> str:
        return self.case.project.get_absolute_url()

    @property
    def client_url(self) -> str:
        return self.case.project.client.get_absolute_url()


class AdminLinks(Links):
    """The admin's own addresses; the rest leads to the pages."""

    def _admin(self, name: str) -> str:
        return reverse(f"admin:risk_reviewcase_{name}", args=[self.case.pk])

    @property
    def url(self) -> str:
        return self._admin("change")

    @property
    def conflict_url(self) -> str:
        return self._admin("conflict")

    @property
    def decide_url(self) -> str:
        return self._admin("decide")

    @property
    def history_url(self) -> str:
        return self._admin("history")

    @property
    def page_url(self) -> str:
        return self.case.get_absolute_url()
