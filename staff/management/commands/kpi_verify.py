"""Every closed KPI quarter computed again: from the rows it kept, and from the facts as they read today."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from staff.kpi.models import KpiPeriod
from staff.kpi.selectors.recompute import verdict_of


class Command(BaseCommand):
    help = "Recompute every closed KPI quarter; fails when a byte, a hash or a fact differs without a correction."

    def handle(self, *args: Any, **options: Any) -> None:
        unsound = []
        for period in KpiPeriod.objects.filter(closed_at__isnull=False).order_by("starts_on"):
            found = verdict_of(period)
            hashes = "same hashes" if found.inputs_match and found.results_match else "OTHER HASHES"
            counts = f"{len(found.broken)} sheets differ, {len(found.shifts)} facts moved without a correction"
            self.stdout.write(f"{period.code}: {found.people} people, {hashes}, {counts}")
            if not found.is_sound:
                unsound.append(period.code)
        if unsound:
            raise CommandError(f"not as closed: {', '.join(unsound)}")
