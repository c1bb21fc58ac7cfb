"""The base views keep their promises; tried on a small directory of people with routes of its own."""

from typing import Any

import django_filters
import pytest
from django import forms
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.test import Client as Browser
from django.test import override_settings
from django.urls import include, path

from crm.kernel.access.checks import check_version
from crm.kernel.access.errors import Conflict, NotPermitted, RuleRefused
from crm.kernel.declarations.menu import MenuItem
from crm.kernel.people.models import Person
from crm.kernel.web.filters import KernelFilterSet
from crm.kernel.web.pickers import PickerField
from crm.kernel.web.tables import CodeColumn, GradeColumn, KernelTable, MoneyColumn, NameColumn, PersonColumn
from crm.kernel.web.testing import assert_budget
from crm.kernel.web.views import KernelDetailView, KernelListView, KernelUpdateView, KernelView
from crm.tests.support.people import browser_for, make_person


class PeopleFilter(KernelFilterSet):
    q = django_filters.CharFilter(field_name="name", lookup_expr="contains", label="name")
    is_active = django_filters.BooleanFilter(label="active")
    ordering = django_filters.OrderingFilter(fields=[("name", "name"), ("employee_no", "no")])

    class Meta:
        model = Person
        fields: list[str] = []


class PeopleTable(KernelTable):
    name = NameColumn(url=lambda person: f"/try/{person.pk}/", needs=())
    employee_no = CodeColumn(order="no")
    department = PersonColumn()
    version = MoneyColumn(scale="wan")
    grade = GradeColumn(accessor="post")


class People(KernelListView):
    model = Person
    table_class = PeopleTable
    filterset_class = PeopleFilter
    title = "People"

    def selector(viewer: Person) -> Any:
        return Person.objects.visible_to(viewer).select_related("department", "post")


class PersonForm(forms.Form):
    name = forms.CharField(max_length=60)
    department = PickerField(Person.objects.all(), url_name="person_picker", required=False)


class EditPerson(KernelUpdateView):
    model = Person
    action = "view"
    form_class = PersonForm
    success_url = "/try/"
    success_message = "Saved"
    cancel_url = "/try/"

    def get_initial(self) -> dict[str, Any]:
        return {"name": self.object.name}

    def perform(self, form: PersonForm) -> Person:
        check_version(self.object, self.expected_version)
        words = {
            "rule": RuleRefused("The rule says no", field="name"),
            "taken": Conflict("Somebody was first"),
            "forbidden": NotPermitted("Not yours to change"),
        }
        if form.cleaned_data["name"] in words:
            raise words[form.cleaned_data["name"]]
        Person.objects.filter(pk=self.object.pk).update(name=form.cleaned_data["name"], version=models.F("version") + 1)
        return self.object


class OnePerson(KernelDetailView):
    model = Person
    template_name = "web/detail.html"


urlpatterns = [
    path("", include("crm.kernel.people.urls")),
    path("web/", include("crm.kernel.web.urls")),
    path("exports/", include("crm.kernel.exports.urls")),
    path("try/", People.as_view()),
    path("try/<int:pk>/", OnePerson.as_view()),
    path("try/<int:pk>/edit/", EditPerson.as_view()),
]
handler404 = "crm.kernel.web.errors.page_not_found"
here = override_settings(ROOT_URLCONF=__name__)


@pytest.fixture(autouse=True)
def _routes() -> Any:
    with here:
        yield


@pytest.mark.django_db
class TestLists:
    @pytest.fixture
    def viewer(self, owner: Person) -> Any:
        return browser_for(owner)

    def make_rows(self, count: int) -> None:
        for number in range(count):
            make_person(f"同事{number}", account=False)

    def test_a_list_costs_the_same_with_three_and_with_thirty_rows(self, viewer: Any) -> None:
        assert_budget(viewer, "/try/", 6, make_rows=self.make_rows)

    def test_the_arrow_stands_on_the_sorted_column_only(self, viewer: Any) -> None:
        text = viewer.get("/try/?ordering=-no").content.decode()
        assert text.count("aria-sort=") == 1
        assert 'aria-sort="descending"' in text

    def test_a_condition_is_a_chip_and_an_empty_result_says_what_each_one_costs(self, viewer: Any) -> None:
        text = viewer.get("/try/?q=zzz&is_active=true").content.decode()
        assert "chip-on" in text
        assert 'href="?is_active=true"' in text

    def test_a_page_shows_fifty_rows_and_the_next_one_the_rest(self, viewer: Any) -> None:
        self.make_rows(60)
        every = Person.objects.count()
        first, second = (viewer.get(f"/try/?ordering=no&page={page}").content.decode() for page in (1, 2))
        assert first.count('class="c-key c-key"') == 1 + 50
        assert second.count('class="c-key c-key"') == 1 + every - 50

    def test_the_folded_conditions_come_when_they_are_unfolded(self, viewer: Any) -> None:
        page = viewer.get("/try/?is_active=true").content.decode()
        assert (
            'id="list-filters"' in page
            and 'name="is_active"' not in page.split('id="list-filters"')[1].split("</form>")[0]
        )
        asked = {"HX-Request": "true", "HX-Target": "list-filters"}
        fields = viewer.get("/try/?is_active=true", headers=asked).content.decode()
        assert 'name="is_active"' in fields and "selected" in fields and "<table" not in fields

    def test_names_are_escaped(self, viewer: Any) -> None:
        make_person("<script>x</script>", account=False)
        assert "<script>x" not in viewer.get("/try/").content.decode()


@pytest.mark.django_db
class TestForms:
    @pytest.fixture
    def viewer(self, owner: Person) -> Any:
        return browser_for(owner)

    @pytest.fixture
    def address(self, colleague: Person) -> str:
        return f"/try/{colleague.pk}/edit/"

    def valid_data(self) -> dict[str, Any]:
        return {"name": "新名字", "version": "1"}

    def test_a_stale_version_shows_both_values_and_keeps_the_typed_one(
        self, viewer: Any, address: str, colleague: Person
    ) -> None:
        Person.objects.filter(pk=colleague.pk).update(version=2, name="别人改的")
        answer = viewer.post(address, self.valid_data())
        text = answer.content.decode()
        assert answer.status_code == 412
        assert "别人改的" in text
        assert 'value="新名字"' in text
        assert 'name="version" value="2"' in text

    def test_a_write_without_a_version_is_428(self, viewer: Any, address: str) -> None:
        assert viewer.post(address, {"name": "新名字"}).status_code == 428

    @pytest.mark.parametrize(("name", "status"), [("rule", 422), ("taken", 409), ("forbidden", 403)])
    def test_a_services_refusal_is_shown_with_its_status(
        self, viewer: Any, address: str, name: str, status: int
    ) -> None:
        answer = viewer.post(address, {"name": name, "version": "1"})
        words = {"rule": "The rule says no", "taken": "Somebody was first", "forbidden": "Not yours to change"}
        assert answer.status_code == status
        assert words[name] in answer.content.decode()

    def test_success_redirects_and_says_so_once(self, viewer: Any, address: str) -> None:
        answer = viewer.post(address, self.valid_data(), follow=True)
        assert answer.redirect_chain == [("/try/", 302)]
        assert "Saved" in answer.content.decode()
        assert "Saved" not in viewer.get("/try/").content.decode()

    def test_htmx_is_sent_by_header_not_by_redirect(self, viewer: Any, address: str) -> None:
        answer = viewer.post(address, self.valid_data(), HTTP_HX_REQUEST="true")
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"] == "/try/"

    def test_a_picker_draws_the_chosen_row_only(self, viewer: Any, address: str, stranger: Person) -> None:
        assert stranger.name not in viewer.get(address).content.decode()
        answer = viewer.post(address, {"name": "", "department": stranger.pk, "version": "1"})
        assert stranger.name in answer.content.decode()


@pytest.mark.django_db
class TestErrorPages:
    def test_an_absent_row_is_404_in_our_frame_with_the_request_number(self, owner: Person) -> None:
        answer = browser_for(owner).get("/try/999999/")
        assert answer.status_code == 404
        assert answer.headers["X-Request-ID"] in answer.content.decode()

    def test_an_absent_route_looks_like_an_absent_row(self, owner: Person) -> None:
        browser = browser_for(owner)
        row, route = browser.get("/try/999999/"), browser.get("/no/such/route/")
        assert row.status_code == route.status_code == 404
        for answer in (row, route):
            answer.bare = answer.content.decode().replace(answer.headers["X-Request-ID"], "")
        assert "alone" in row.bare
        assert row.bare.count("<dt>") == route.bare.count("<dt>")

    def test_an_expired_session_sends_the_whole_page_to_the_login(self, db: None) -> None:
        from_page = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/try/?q=x"}
        answer = Browser().get("/try/", **from_page)
        assert answer.status_code == 204
        assert answer.headers["HX-Redirect"].endswith("next=%2Ftry%2F%3Fq%3Dx")


class TestStarting:
    def test_a_view_without_a_policy_does_not_start(self) -> None:
        class Nowhere(models.Model):
            class Meta:
                app_label = "kernel"
                managed = False

        with pytest.raises(ImproperlyConfigured):
            KernelListView.as_view(model=Nowhere)

    def test_a_view_that_names_no_model_does_not_start(self) -> None:
        with pytest.raises(ImproperlyConfigured):
            KernelView.as_view()

    def test_an_entry_without_a_route_is_not_drawn(self) -> None:
        assert not MenuItem("Nowhere", "no:such_route", icon="x").is_for(object())


@pytest.mark.django_db
class TestPreferences:
    @pytest.mark.parametrize(("name", "value"), [("theme", "dark"), ("density", "relaxed"), ("language", "en")])
    def test_a_preference_stays_with_the_account(self, owner: Person, name: str, value: str) -> None:
        browser = browser_for(owner)
        answer = browser.post(f"/web/preferences/{name}/", {name: value, "next": "/try/"})
        assert answer.headers["Location"] == "/try/"
        assert getattr(owner.accounts.get(), name) == value

    def test_a_foreign_address_is_not_followed(self, owner: Person) -> None:
        data = {"theme": "dark", "next": "https://elsewhere.example/"}
        assert browser_for(owner).post("/web/preferences/theme/", data).headers["Location"] == "/"

    def test_a_value_that_is_none_is_refused(self, owner: Person) -> None:
        assert browser_for(owner).post("/web/preferences/theme/", {"theme": "pink"}).status_code == 400
