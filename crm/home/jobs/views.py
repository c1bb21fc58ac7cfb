"""The page of what runs by itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.home.jobs import selectors
from crm.home.jobs.policies import LOOKERS
from crm.kernel.access.errors import NotVisible
from crm.kernel.outbox.models import JobRun
from crm.kernel.web.views import KernelTemplateView


class Jobs(KernelTemplateView):
    """Each line of the periodic table with its last run, and the runs of the larger jobs with their progress."""

    model = JobRun
    template_name = "home/jobs.html"
    title = _("Jobs")
    menu = "jobs"

    def get_context_data(self, **extra: Any) -> dict[str, Any]:
        if not self.person.roles & LOOKERS:
            raise NotVisible
        return super().get_context_data(
            jobs=selectors.jobs(viewer=self.person),
            runs=selectors.recent_runs(viewer=self.person),
            deliveries=selectors.deliveries(viewer=self.person),
            **extra,
        )
