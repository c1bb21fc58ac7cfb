"""The models of the kernel's modules, listed where Django looks for them."""

from crm.kernel.attachments.models import StoredFile
from crm.kernel.audit.models import AuditAnchor, AuditEvent, AuditSeal, RefusalCount
from crm.kernel.exports.models import ExportPart, ExportRun
from crm.kernel.holidays.models import HolidayNotice
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.notify.models import Notice, NoticePreference
from crm.kernel.outbox.models import DueItem, JobRun
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.people.models import Account, ApiKey, Cover, Department, Move, Person, Post, RoleGrant
from crm.kernel.people.sign_ins import KnownPlace, LoginAttempt
from crm.kernel.web.models import KeptAnswer
from crm.kernel.workdays.models import CalendarDay
from crm.kernel.worklist.models import Todo

__all__ = [
    "Account",
    "ApiKey",
    "AuditAnchor",
    "AuditEvent",
    "AuditSeal",
    "CalendarDay",
    "Cover",
    "Department",
    "DueItem",
    "ExportPart",
    "ExportRun",
    "HolidayNotice",
    "ImportRow",
    "ImportRun",
    "JobRun",
    "KeptAnswer",
    "KnownPlace",
    "LoginAttempt",
    "Move",
    "Notice",
    "NoticePreference",
    "Parameter",
    "ParameterVersion",
    "Person",
    "Post",
    "RefusalCount",
    "RoleGrant",
    "StoredFile",
    "Todo",
]
