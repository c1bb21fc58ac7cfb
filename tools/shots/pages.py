"""What is pictured: every page by its route, who looks and what is opened first; and what is not, with the reason."""

from dataclasses import dataclass

OWNER, HEAD, ASSESSOR, SECOND = "linxiaowen", "chenguodong", "tangyutong", "hejunfeng"
INITIAL, RECHECK, FINAL = "zhouqiming", "shenruolan", "hanzhiyuan"
FINANCE = "fangjingyi"
AUDITOR, SYSTEM, SECURITY, ASSISTANT = "liangyawen", "chengziang", "weichengan", "dengsiqi"
OFFICER = "yezhiqiu"


@dataclass(frozen=True)
class Page:
    """A picture by name: the route, the demo thing its arguments come from (see `things`), and who looks ("" visitor).

    `fills` are (selector, value) written and `clicks` (selectors) made before the picture; `route` may be a bare path
    (beginning with /) for the error pages.
    """

    name: str
    route: str
    login: str = OWNER
    of: str = ""
    query: str = ""
    clicks: tuple[str, ...] = ()
    fills: tuple[tuple[str, str], ...] = ()


def verb(value: str) -> tuple[str, ...]:
    """Choose a verb in the decision form."""
    return (f"input[name=verb][value={value}]",)


PAGES: tuple[Page, ...] = (
    Page("01-login", "login", ""),
    Page("02-my-day", "home:my_day"),
    Page("02-my-day-new-menu", "home:my_day", clicks=("header .pop > summary",)),
    Page("02-my-day-account", "home:my_day", clicks=(".me > summary, .bottom summary",)),
    Page("03-my-day-approver", "home:my_day", FINAL),
    Page("03-my-day-initial", "home:my_day", INITIAL),
    Page("03-my-day-recheck", "home:my_day", RECHECK),
    Page("03-my-day-assessor", "home:my_day", SECOND),
    Page("03-my-day-head", "home:my_day", HEAD),
    Page("03-my-day-auditor", "home:my_day", AUDITOR),
    Page("03-todos", "worklist:todo_list"),
    Page("03-todos-head", "worklist:todo_list", HEAD),
    Page("04-clients", "clients:client_list"),
    Page("04-clients-filters", "clients:client_list", clicks=(".list-bar .pop > summary",)),
    Page("04-clients-auditor", "clients:client_list", AUDITOR),
    Page("05-clients-no-match", "clients:client_list", query="grade=C&size=micro"),
    Page("05-clients-first-use", "clients:client_list", "fangjingyi"),
    Page("06-client", "clients:client_detail", of="client"),
    Page("06-client-ungraded", "clients:client_detail", of="fresh"),
    Page("06-client-read-only", "clients:client_detail", AUDITOR, of="client"),
    Page("07-client-new", "clients:client_create"),
    Page("07-client-new-errors", "clients:client_create", clicks=("form[method=post] .act-fill",)),
    Page("08-client-edit", "clients:client_update", of="client"),
    Page(
        "08-client-edit-stale",
        "clients:client_update",
        of="client",
        fills=(("input[name=version]", "0"), ("input[name=address]", "平湖市工业大道 18 号")),
        clicks=("form[method=post] .act-fill",),
    ),
    Page("08-client-hand-over", "clients:client_reassign", HEAD, of="client"),
    Page("08-client-co-managers", "clients:co_managers", HEAD, of="client"),
    Page("08-client-co-manager-remove", "clients:co_manager_remove", HEAD, of="co_manager"),
    Page("08-contact-new", "clients:contact_create", of="client"),
    Page("08-contact-edit", "clients:contact_update", of="contact"),
    Page("08-contact-remove", "clients:contact_delete", of="contact"),
    Page("08-contact-reveal", "clients:contact_reveal", of="contact_mobile"),
    Page("08-client-history", "home:subject_history", of="client_history"),
    Page("09-projects", "projects:project_list"),
    Page("10-board", "projects:project_board", HEAD),
    Page("08-client-confirm", "clients:client_confirm", of="client"),
    Page("10-board-owner", "projects:project_board"),
    Page("11-project-returned", "projects:project_detail", of="returned"),
    Page("11-project-draft", "projects:project_detail", of="draft"),
    Page("11-project-in-review", "projects:project_detail", of="reviewed"),
    Page("11-project-approved", "projects:project_detail", AUDITOR, of="approved_project"),
    Page("12-project-new", "projects:project_create"),
    Page("12-project-new-errors", "projects:project_create", clicks=("form[method=post] .act-fill",)),
    Page("12-project-edit", "projects:project_update", of="returned"),
    Page("12-project-withdraw", "projects:project_withdraw", of="draft"),
    Page("12-document-new", "projects:document_add", of="returned"),
    Page("12-document-remove", "projects:document_remove", of="document"),
    Page("13-reviews", "risk:review_list", FINAL),
    Page("13-reviews-waiting", "risk:review_inbox", FINAL),
    Page("13-reviews-waiting-owner", "risk:review_inbox"),
    Page("13-reviews-team", "risk:review_team", HEAD),
    Page("14-case-declare", "risk:review_detail", FINAL, of="final_undeclared"),
    Page("14-case-decide", "risk:review_detail", FINAL, of="final"),
    Page("14-case-conditions", "risk:review_detail", FINAL, of="final", clicks=verb("approve_with_conditions")),
    Page("14-case-return", "risk:review_detail", FINAL, of="final", clicks=verb("return")),
    Page(
        "14-case-reject-empty", "risk:review_detail", FINAL, of="final", clicks=(*verb("reject"), ".decide-act button")
    ),
    Page("14-case-not-my-move", "risk:review_detail", AUDITOR, of="recheck"),
    Page("14-case-late-owner", "risk:review_detail", of="recheck_late"),
    Page("14-case-approved", "risk:review_detail", AUDITOR, of="approved"),
    Page("14-case-rejected", "risk:review_detail", AUDITOR, of="rejected"),
    Page("14-case-returned", "risk:review_detail", of="returned_case"),
    Page("14-case-people", "risk:review_people", FINAL, of="final"),
    Page("14-case-conditions-owner", "risk:review_detail", of="approved_own"),
    Page("14-condition-report", "risk:condition_report", of="condition"),
    Page("14-condition-settle", "risk:condition_settle", HEAD, of="condition_reported"),
    Page("15-rating-new", "risk:rating_create", ASSESSOR, of="client"),
    Page("15-rating-confirm", "risk:rating_confirm", SECOND, of="rating"),
    Page("15-ratings", "risk:rating_list", SECOND),
    Page("19-kpi-table", "staff:kpi_table", HEAD),
    Page("19-kpi-table-finance", "staff:kpi_table", FINANCE),
    Page("19-kpi-scorecard", "staff:kpi_scorecard", of="kpi_result"),
    Page(
        "19-kpi-scorecard-preview", "staff:kpi_scorecard", FINANCE, of="kpi_preview", query="measure=reviews_returned"
    ),
    Page("19-kpi-mine-none", "staff:kpi_mine", ASSESSOR),
    Page("19-kpi-close", "staff:kpi_close", FINANCE, of="kpi_period"),
    Page("19-kpi-correct", "staff:kpi_correct", FINANCE, of="kpi_result"),
    Page("19-kpi-schemes", "staff:kpi_scheme_list", FINANCE),
    Page("19-kpi-scheme", "staff:kpi_scheme", FINAL, of="kpi_draft"),
    Page("19-kpi-scheme-new", "staff:kpi_scheme_create", FINANCE),
    Page("19-complaints", "staff:complaint_board", OFFICER),
    Page("19-complaints-table", "staff:complaint_list", OFFICER),
    Page("19-complaints-head", "staff:complaint_board", HEAD),
    Page("19-complaint", "staff:complaint_detail", OFFICER, of="complaint"),
    Page("19-complaint-late", "staff:complaint_detail", OFFICER, of="complaint_late"),
    Page("19-complaint-major", "staff:complaint_detail", FINAL, of="complaint_review"),
    Page("19-complaint-new", "staff:complaint_receive", OFFICER),
    Page("19-complaint-new-errors", "staff:complaint_receive", OFFICER, clicks=("form[method=post] .act-fill",)),
    Page("19-complaint-assign", "staff:complaint_assign", OFFICER, of="complaint_new"),
    Page("19-complaint-draft", "staff:complaint_draft", OWNER, of="complaint_late"),
    Page("19-complaint-review", "staff:complaint_review", FINAL, of="complaint_review"),
    Page("19-complaint-pause", "staff:complaint_pause", OFFICER, of="complaint_extended"),
    Page("19-complaint-reveal", "staff:complaint_reveal", OFFICER, of="complaint_phone"),
    Page("19-relations", "staff:relation_list"),
    Page("19-relation-new", "staff:relation_declare"),
    Page("19-public-complaint", "staff:public_complaint", ""),
    Page("19-public-status", "staff:public_status", ""),
    Page("16-search", "home:search", query="q=平湖"),
    Page("16-search-nothing", "home:search", query="q=火星"),
    Page("17-audit", "home:audit_list", AUDITOR),
    Page("17-jobs", "home:jobs", SYSTEM),
    Page("18-notices", "notify:notice_list"),
    Page("18-notices-bell", "notify:notice_list", clicks=("#bell > summary",)),
    Page("18-notices-preferences", "notify:preferences"),
    Page("17-audit-detail", "home:audit_detail", AUDITOR, of="event"),
    Page("18-password", "password_change"),
    Page("20-404", "clients:client_detail", ASSISTANT, of="foreign"),
    Page("20-404-visitor", "/nowhere/", ""),
    Page("20-403", "risk:rating_create", of="client"),
    Page("20-403-audit", "home:audit_list"),
    Page("20-400", "clients:client_list", query="page=-1"),
    Page("30-admin", "admin:index", FINAL),
    Page("30-admin-app", "admin:app_list", SECURITY, of="app"),
    Page("31-admin-reviews", "admin:risk_reviewcase_changelist", FINAL),
    Page("32-admin-case-declare", "admin:risk_reviewcase_change", FINAL, of="admin_undeclared"),
    Page("32-admin-case", "admin:risk_reviewcase_change", FINAL, of="admin_final"),
    Page("32-admin-case-return", "admin:risk_reviewcase_change", FINAL, of="admin_final", clicks=verb("return")),
    Page("32-admin-case-dossier", "admin:risk_reviewcase_change", FINAL, of="admin_final", query="tab=dossier"),
    Page("32-admin-case-changes", "admin:risk_reviewcase_change", FINAL, of="admin_final", query="tab=changes"),
    Page("32-admin-case-opinions", "admin:risk_reviewcase_change", FINAL, of="admin_final", query="tab=opinions"),
    Page("32-admin-case-conditions", "admin:risk_reviewcase_change", FINAL, of="admin_final", query="tab=conditions"),
    Page("32-admin-case-seats", "admin:risk_reviewcase_change", FINAL, of="admin_final", query="tab=seats"),
    Page("32-admin-case-history", "admin:risk_reviewcase_history", FINAL, of="admin_final"),
    Page("33-admin-ratings", "admin:risk_rating_changelist", SECOND),
    Page("33-admin-conditions", "admin:risk_condition_changelist", FINAL),
    Page("33-admin-decisions", "admin:risk_decision_changelist", AUDITOR),
    Page("33-admin-complaints", "admin:staff_complaint_changelist", OFFICER),
    Page("33-admin-complaint-events", "admin:staff_complaintevent_changelist", OFFICER),
    Page("33-admin-extensions", "admin:staff_extension_changelist", OFFICER),
    Page("33-admin-relations", "admin:staff_declaredrelation_changelist", AUDITOR),
    Page("33-admin-clients", "admin:clients_client_changelist", AUDITOR),
    Page("33-admin-client", "admin:clients_client_change", AUDITOR, of="admin_client"),
    Page("33-admin-contacts", "admin:clients_contact_changelist", AUDITOR),
    Page("22-warnings", "risk:warning_list"),
    Page("22-warnings-head", "risk:warning_list", HEAD),
    Page("22-warnings-late", "risk:warning_list", ASSESSOR, query="state=late"),
    Page("22-warning", "risk:warning_detail", of="warning"),
    Page("22-warning-answered", "risk:warning_detail", HEAD, of="warning_answered"),
    Page("22-warning-closed", "risk:warning_detail", AUDITOR, of="warning_closed"),
    Page("22-warning-answer", "risk:warning_respond", of="warning"),
    Page("22-warning-close", "risk:warning_close", HEAD, of="warning_answered"),
    Page("22-client-with-warnings", "clients:client_detail", of="warned", clicks=(".band details > summary",)),
    Page("33-admin-warnings", "admin:risk_warningepisode_changelist", AUDITOR),
    Page("33-admin-observations", "admin:risk_warningobservation_changelist", AUDITOR),
    Page("33-admin-nights", "admin:risk_nightrun_changelist", AUDITOR),
    Page("33-admin-standing", "admin:clients_standingfact_changelist", AUDITOR),
    Page("33-admin-projects", "admin:projects_project_changelist", AUDITOR),
    Page("33-admin-documents", "admin:projects_projectdocument_changelist", AUDITOR),
    Page("34-admin-parameters", "admin:kernel_parameter_changelist", SYSTEM),
    Page("34-admin-parameter", "admin:kernel_parameter_change", SYSTEM, of="admin_parameter"),
    Page("34-admin-versions", "admin:kernel_parameterversion_changelist", SYSTEM),
    Page("34-admin-version-new", "admin:kernel_parameterversion_add", SYSTEM),
    Page("34-admin-version", "admin:kernel_parameterversion_change", SYSTEM, of="admin_version"),
    Page("34-admin-calendar", "admin:kernel_calendarday_changelist", SYSTEM),
    Page("33-admin-kpi-quarters", "admin:staff_kpiperiod_changelist", FINANCE),
    Page("33-admin-kpi-results", "admin:staff_kpiresult_changelist", FINANCE),
    Page("33-admin-kpi-corrections", "admin:staff_kpicorrection_changelist", FINANCE),
    Page("33-admin-kpi-schemes", "admin:staff_kpischeme_changelist", FINANCE),
    Page("35-admin-people", "admin:kernel_person_changelist", SECURITY),
    Page("35-admin-person", "admin:kernel_person_change", SECURITY, of="admin_person"),
    Page("35-admin-person-new", "admin:kernel_person_add", SYSTEM),
    Page("34-admin-deliveries", "admin:kernel_dueitem_changelist", SYSTEM),
    Page("35-admin-departments", "admin:kernel_department_changelist", SECURITY),
    Page("35-admin-department-new", "admin:kernel_department_add", SYSTEM),
    Page("35-admin-posts", "admin:kernel_post_changelist", SECURITY),
    Page("35-admin-accounts", "admin:kernel_account_changelist", SECURITY),
    Page("35-admin-account", "admin:kernel_account_change", SYSTEM, of="admin_account"),
    Page("35-admin-keys", "admin:kernel_apikey_changelist", SECURITY),
    Page("35-admin-roles", "admin:kernel_rolegrant_changelist", SECURITY),
    Page("35-admin-role-new", "admin:kernel_rolegrant_add", SECURITY),
    Page("40-api-docs", "api:docs"),
)

FRAGMENT = "a fragment: pictured inside the page that asks for it"
JSON = "answers in JSON"
MACHINE = "for machines"
ACT = "one form of the acts on a complaint; others of them are pictured"
UNPICTURED = ("acknowledge", "reply", "close", "reopen", "extend", "decide_extension", "tell_extension", "resume",
              "reclassify", "concern")  # fmt: skip
# Routes without a picture of their own. The paper (risk:review_sheet) is turned into a picture by `run.sheet`.
EXEMPT: dict[str, str] = {
    "person_picker": JSON,
    "clients:client_picker": JSON,
    "clients:industry_picker": JSON,
    "clients:region_picker": JSON,
    "projects:client_picker": JSON,
    "staff:handler_picker": JSON,
    "clients:code_check": FRAGMENT,
    "clients:identity_reveal": "the same form as the contact's, for individuals",
    "projects:client_panel": FRAGMENT,
    "projects:document_download": "a file, not a page",
    "risk:rating_panel": FRAGMENT,
    "risk:warning_panel": FRAGMENT,
    "risk:project_panel": FRAGMENT,
    "risk:client_panel": FRAGMENT,
    **{f"staff:complaint_{act}": ACT for act in UNPICTURED},
    "staff:relation_end": ACT,
    "risk:review_sheet": "a PDF: pictured by pdftoppm where it is installed",
    "web:menu_counts": FRAGMENT,
    "notify:bell": FRAGMENT,
    "notify:notice_open": "a redirect to the thing itself",
    "web:gallery": "for developers, in debug only",
    "api:schema": MACHINE,
    "healthz": MACHINE,
    "readyz": MACHINE,
    "admin:login": "leads to the house's own sign-in",
    "admin:logout": "leads to the house's own sign-in",
    "admin:autocomplete": JSON,
    "admin:jsi18n": "a script",
    "admin:catch_all": "a redirect or 404",
}
# Django's own pages that every registered model brings; one of each kind is pictured, or nobody may open them.
EXEMPT_ADMIN: dict[str, str] = {
    "_history": "Django's list; the case's own history is pictured",
    "_delete": "nobody may delete there",
    "_redirect": "a redirect",
    "_add": "pictured where somebody may add",
    "_change": "read-only rows all look like the pictured client",
}
# Models of Django's whose admin nobody may open.
CLOSED = ("admin:auth_group_",)
