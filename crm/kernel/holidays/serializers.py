"""What the API reads of the working calendar."""

from crm.kernel.web.api import StrictModelSerializer
from crm.kernel.workdays.models import CalendarDay


class CalendarDaySerializer(StrictModelSerializer):
    """A day off, or a worked one at a weekend. A day without a row follows its weekday and is provisional."""

    class Meta:
        model = CalendarDay
        fields = ["date", "is_workday", "name", "source", "status"]
        read_only_fields = fields
