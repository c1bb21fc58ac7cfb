"""The pages of the credit committee: its meetings, their agenda, a hearing with its ballot, the minutes on paper."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.kernel.access.checks import may
from crm.kernel.access.errors import Conflict
from crm.kernel.web.views import KernelActionView, KernelCreateView, KernelDetailView, KernelListView
from risk.committee import forms, selectors, services
from risk.committee.filters import MeetingFilter
from risk.committee.models import AgendaItem, Meeting, Vote
from risk.committee.paper import minutes_response
from risk.committee.policies import KEEP
from risk.committee.tables import MeetingTable
from risk.committee.workflow import HEARING
from risk.reviews.models import ReviewCase

MENU = "committee"
TITLE = _("Credit committee")


class MeetingList(KernelListView):
    """The meetings, latest first."""

    model = Meeting
    menu = MENU
    title = TITLE
    selector = selectors.list_meetings
    filterset_class = MeetingFilter
    table_class = MeetingTable
    noun = _("meetings")
    create_url_name = "risk:meeting_new"
    create_label = _("Convene a meeting")
    empty_title = _("No meetings yet")
    empty_text = _("The secretary convenes a meeting and puts on its agenda the cases that wait for the committee.")


class MeetingNew(KernelCreateView):
    """Convene a meeting."""

    model = Meeting
    menu = MENU
    form_class = forms.ConveneForm
    title = _("Convene a meeting")
    submit_label = _("Convene")
    success_message = _("The meeting is convened.")

    def get_crumbs(self) -> Any:
        return ((TITLE, reverse("risk:meeting_list")),)

    def get_cancel_url(self) -> str:
        return reverse("risk:meeting_list")

    def perform(self, form: forms.ConveneForm) -> Meeting:
        return services.meeting_convene(by=self.person, **form.cleaned_data)


class _OfMeeting:
    """What the pages about one meeting share."""

    model = Meeting
    menu = MENU

    def get_crumbs(self) -> Any:
        return ((TITLE, reverse("risk:meeting_list")),)


class MeetingDetail(_OfMeeting, KernelDetailView):
    """One meeting: its agenda, and what its secretary can do next."""

    template_name = "risk/committee/meeting.html"
    also_asked = (KEEP,)

    def shown_evidence(self) -> Any:
        return [self.object] if self.object.status == Meeting.Status.CLOSED else []

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        is_kept = self.object.status == Meeting.Status.CONVENED and self.may(KEEP, self.object)
        agenda = list(selectors.list_agenda(self.object))
        return super().get_context_data(meeting=self.object, agenda=agenda, is_kept=is_kept, **extra)


class _OneMeetingAct(_OfMeeting, KernelActionView):
    action = KEEP

    def get_crumbs(self) -> Any:
        return (*super().get_crumbs(), (self.object.number, self.object.get_absolute_url()))


class MeetingAgenda(_OneMeetingAct):
    """Put a waiting case on the agenda."""

    form_class = forms.AgendaForm
    title = _("Put a case on the agenda")
    submit_label = _("Put on the agenda")
    success_message = _("The case is on the agenda.")
    consequence = _("Its account manager presents it, without a vote. You keep the record and have no vote in it.")

    def get_form_kwargs(self) -> dict[str, Any]:
        # A case that somebody else has just put on an agenda is the service's to refuse, not the form's to forget.
        waiting = selectors.list_cases_to_hear(viewer=self.person)
        shown = ReviewCase.objects.visible_to(self.person).select_related("project")
        return {**super().get_form_kwargs(), "cases": shown if self.request.method == "POST" else waiting}

    def perform(self, form: forms.AgendaForm) -> Meeting:
        case = form.cleaned_data["case"]
        item = services.hearing_list(
            meeting=self.object, case=case, expected_version=self.expected_version, by=self.person
        )
        return item.meeting


class MeetingClose(_OneMeetingAct):
    """Close the meeting; the minutes are written."""

    form_class = forms.forms.Form
    title = _("Close the meeting")
    submit_label = _("Close the meeting and write the minutes")
    success_message = _("The meeting is closed and its minutes are written.")
    consequence = _("The minutes cannot be changed afterwards.")

    def perform(self, form: Any) -> Meeting:
        return services.meeting_close(meeting=self.object, expected_version=self.expected_version, by=self.person)


class MeetingMinutes(_OfMeeting, KernelDetailView):
    """The minutes as PDF, with their hash."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.object.status != Meeting.Status.CLOSED:
            return HttpResponseRedirect(self.object.get_absolute_url())
        return minutes_response(self.object, by=self.person)


class _OfHearing:
    """What the pages about one hearing share."""

    model = AgendaItem
    menu = MENU

    def get_object(self, queryset: Any = None) -> AgendaItem:
        found: AgendaItem = self.ask_object(selectors.shown_hearings())  # type: ignore[attr-defined]
        return found

    def get_crumbs(self) -> Any:
        meeting = self.object.meeting  # type: ignore[attr-defined]
        found: Any = [(TITLE, reverse("risk:meeting_list"))]
        if may(self.person, "view", Meeting) and Meeting.objects.visible_to(self.person).filter(pk=meeting.pk).exists():  # type: ignore[attr-defined]
            found.append((meeting.number, meeting.get_absolute_url()))
        return found


class HearingDetail(_OfHearing, KernelDetailView):
    """One hearing: who attends, the votes one may read, the result; the acts of secretary and members."""

    template_name = "risk/committee/hearing.html"
    also_asked = (KEEP, "vote")

    def get_title(self) -> Any:
        return self.object.case.kept.project.name

    def shown_evidence(self) -> Any:
        return [self.object, *self.votes] if self.object.status == AgendaItem.Status.DECIDED else self.votes

    @property
    def votes(self) -> list[Vote]:
        found = vars(self).get("_votes")
        if found is None:
            found = self._votes = selectors.list_votes(self.object, viewer=self.person)
        return found

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        item = self.object
        mine = next((vote for vote in self.votes if vote.person_id == self.person.pk), None)
        is_kept = self.may(KEEP, item)
        return super().get_context_data(
            item=item,
            case=item.case,
            attendance=selectors.list_attendance(item, viewer=self.person),
            votes=self.votes,
            cast=selectors.count_cast(item) if item.status == AgendaItem.Status.VOTING else 0,
            mine=mine,
            may_open=is_kept and HEARING.is_possible("open", item),
            may_close=is_kept and HEARING.is_possible("close", item),
            may_remove=is_kept and HEARING.is_possible("remove", item),
            may_vote=mine is None and HEARING.is_possible("vote", item) and self.may("vote", item),
            case_url=item.case.get_absolute_url() if may(self.person, "view", item.case) and self._sees_case() else "",
            **extra,
        )

    def _sees_case(self) -> bool:
        return ReviewCase.objects.visible_to(self.person).filter(pk=self.object.case_id).exists()


class _OneHearingAct(_OfHearing, KernelActionView):
    action = KEEP
    move = ""

    def get_crumbs(self) -> Any:
        return (*super().get_crumbs(), (self.object.case.number, self.object.get_absolute_url()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not HEARING.is_possible(self.move, self.object):
            raise HEARING.refuse_state(self.object, HEARING.by_code[self.move])
        return super().get(request, *args, **kwargs)


class HearingOpen(_OneHearingAct):
    """Record who is present and open the ballot."""

    move = "open"
    form_class = forms.OpenForm
    title = _("Open the ballot")
    submit_label = _("Open the ballot")
    success_message = _("The ballot is open.")
    consequence = _(
        "Attendance is recorded and cannot be changed. Members vote by name; votes are sealed until you close."
    )

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "voters": selectors.list_possible_voters(self.object)}

    def perform(self, form: forms.OpenForm) -> AgendaItem:
        given = form.cleaned_data
        return services.ballot_open(
            item=self.object,
            present=list(given["present"]),
            chair=given["chair"],
            expected_version=self.expected_version,
            by=self.person,
        )


class HearingVote(_OneHearingAct):
    """One's own vote."""

    action = "vote"
    move = "vote"
    form_class = forms.VoteForm
    title = _("Vote")
    submit_label = _("Cast my vote")
    success_message = _("Your vote is cast.")
    consequence = _(
        "Your vote is recorded with your name and cannot be changed. It is shown when the ballot is closed."
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if any(vote.person_id == self.person.pk for vote in selectors.list_votes(self.object, viewer=self.person)):
            raise Conflict(_("You have already voted on this case."), code="vote_once")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        # A vote changes nothing that somebody else may have changed meanwhile.
        return super().get_context_data(**{**extra, "version": None})

    def perform(self, form: forms.VoteForm) -> AgendaItem:
        return services.vote_cast(item=self.object, by=self.person, **form.cleaned_data).item


class HearingClose(_OneHearingAct):
    """Count the votes."""

    move = "close"
    form_class = forms.forms.Form
    title = _("Close the ballot")
    submit_label = _("Close the ballot and count")
    success_message = _("The ballot is closed and the result stands.")
    consequence = _(
        "The result acts on the case at once: passed goes to the general manager, to be heard again goes back, not "
        "agreed ends it."
    )

    def perform(self, form: Any) -> AgendaItem:
        return services.ballot_close(item=self.object, expected_version=self.expected_version, by=self.person)


class HearingRemove(_OneHearingAct):
    """Take the case off the agenda."""

    move = "remove"
    form_class = forms.RemoveForm
    title = _("Take the case off the agenda")
    submit_label = _("Take off the agenda")
    success_message = _("The case is off the agenda.")
    consequence = _("The case keeps waiting for the committee and can be put on another agenda.")

    def perform(self, form: forms.RemoveForm) -> AgendaItem:
        return services.hearing_remove(
            item=self.object, reason=form.cleaned_data["reason"], expected_version=self.expected_version, by=self.person
        )


class CaseHearing(KernelDetailView):
    """From a case to its latest hearing that this person may see, or back to the case."""

    model = ReviewCase

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        found = selectors.find_hearing(self.object, viewer=self.person)
        return HttpResponseRedirect((found or self.object).get_absolute_url())
