"""The night's SQL. It judges one chunk of clients at a time and writes only what differs from what is known.

Every indicator is one SELECT of (client_id, indicator, value, level, evidence) over a range of clients. `evidence`
holds facts only: what moves by itself, such as days, stands in `value`, which alone is no reason to write.
"""

from collections.abc import Mapping
from typing import Any

from risk.indicators.models import Indicator

# How a value reaches a threshold: direction and whether the threshold itself counts (rules 4: >= and > both occur).
REACHES = {("up", True): ">=", ("up", False): ">", ("down", True): "<=", ("down", False): "<"}

GRADE_EXPIRY = """
    SELECT client_id, 'grade_expiry' AS indicator, value::numeric,
        CASE WHEN value {reaches} %(grade_expiry_red)s THEN 'red' WHEN value {reaches} amber THEN 'amber' END AS level,
        evidence
    FROM (
        SELECT client_id, grade_until - %(as_of)s::date AS value,
            (%(grade_expiry_amber)s::jsonb ->> grade)::int AS amber,
            jsonb_build_object('grade', grade, 'until', grade_until, 'source', grade_source) AS evidence
        FROM clients_standing
        WHERE client_id > %(low)s AND client_id <= %(high)s AND grade <> '' AND grade_until IS NOT NULL
    ) AS graded
"""
FILE_CONFIRMATION = """
    SELECT client_id, 'file_confirmation', value::numeric,
        CASE WHEN value {reaches} %(file_confirmation_red)s THEN 'red'
             WHEN value {reaches} %(file_confirmation_amber)s THEN 'amber' END,
        jsonb_build_object('since', since, 'source', source)
    FROM (
        SELECT client_id, since, %(as_of)s::date - since AS value, source
        FROM (
            SELECT id AS client_id, coalesce(confirmed_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date) AS since,
                CASE WHEN confirmed_on IS NULL THEN 'filed' ELSE 'confirmed' END AS source
            FROM clients_client WHERE id > %(low)s AND id <= %(high)s
        ) AS filed
    ) AS counted
"""
# The conditions of an approved case bind; those of one that is not decided yet, rejected or withdrawn bind nobody.
CONDITION_OVERDUE = """
    SELECT client_id, 'condition_overdue', value::numeric,
        CASE WHEN value {reaches} %(condition_overdue_red)s THEN 'red'
             WHEN value {reaches} %(condition_overdue_amber)s THEN 'amber' END,
        jsonb_build_object('due_on', due_on, 'conditions', conditions, 'case', first_case)
    FROM (
        SELECT project.client_id, %(as_of)s::date - min(condition.due_on) AS value, min(condition.due_on) AS due_on,
            jsonb_agg(condition.id ORDER BY condition.due_on, condition.id) AS conditions,
            (array_agg(condition.case_id ORDER BY condition.due_on, condition.id))[1] AS first_case
        FROM risk_condition AS condition
        JOIN risk_reviewcase AS review ON review.id = condition.case_id AND review.status = 'approved'
        JOIN projects_project AS project ON project.id = review.project_id
        WHERE project.client_id > %(low)s AND project.client_id <= %(high)s
            AND condition.status IN ('open', 'partly', 'to_verify') AND condition.due_on < %(as_of)s::date
        GROUP BY project.client_id
    ) AS overdue
"""
# An open deal is one that is neither decided nor withdrawn. Figures it lacks are named at submission, not here.
DEAL_CAPITAL = """
    SELECT client_id, 'deal_capital', round(value, 4),
        CASE WHEN value {reaches} %(deal_capital_red)s THEN 'red'
             WHEN value {reaches} %(deal_capital_amber)s THEN 'amber' END,
        evidence
    FROM (
        SELECT DISTINCT ON (project.client_id) project.client_id,
            (sector.minimum * project.total_investment - project.capital)
                / (sector.minimum * project.total_investment) AS value,
            jsonb_build_object('project', project.id, 'sector', project.sector, 'capital', project.capital,
                'total', project.total_investment, 'minimum', sector.minimum) AS evidence
        FROM projects_project AS project
        JOIN (
            SELECT code, greatest(minimum, institution) AS minimum
            FROM jsonb_to_recordset(%(sectors)s::jsonb) AS row(code text, minimum numeric, institution numeric)
        ) AS sector ON sector.code = project.sector
        WHERE project.client_id > %(low)s AND project.client_id <= %(high)s
            AND project.status IN ('draft', 'in_review', 'returned') AND project.product = ANY(%(tested)s)
            AND project.capital IS NOT NULL AND sector.minimum * project.total_investment > 0
        ORDER BY project.client_id, value DESC, project.id
    ) AS tested
"""
DEAL_DOCUMENTS = """
    SELECT client_id, 'deal_documents', value::numeric,
        CASE WHEN value {reaches} %(deal_documents_red)s THEN 'red'
             WHEN value {reaches} %(deal_documents_amber)s THEN 'amber' END,
        jsonb_build_object('project', project_id, 'since', since, 'document', document)
    FROM (
        SELECT DISTINCT ON (client_id) client_id, project_id, document, since, %(as_of)s::date - since AS value
        FROM (
            SELECT project.client_id, project.id AS project_id, max(document.id) AS document,
                (coalesce(max(document.added_at), project.created_at) AT TIME ZONE 'Asia/Shanghai')::date AS since
            FROM projects_project AS project
            LEFT JOIN projects_projectdocument AS document
                ON document.project_id = project.id AND document.removed_at IS NULL
            WHERE project.client_id > %(low)s AND project.client_id <= %(high)s
                AND project.status IN ('draft', 'in_review', 'returned')
            GROUP BY project.id
        ) AS newest
        ORDER BY client_id, since, project_id
    ) AS aged
"""
# The plan holds the last contact of each client; the job before this one keeps it (clients.relations).
NO_CONTACT = """
    SELECT client_id, 'no_contact', value::numeric,
        CASE WHEN value {reaches} %(no_contact_red)s THEN 'red'
             WHEN value {reaches} %(no_contact_amber)s THEN 'amber' END,
        jsonb_build_object('since', since, 'source', source)
    FROM (
        SELECT client_id, since, %(as_of)s::date - since AS value, source
        FROM (
            SELECT plan.client_id, coalesce(plan.last_on, (client.created_at AT TIME ZONE 'Asia/Shanghai')::date)
                    AS since,
                CASE WHEN plan.last_on IS NULL THEN 'filed' ELSE 'contact' END AS source
            FROM clients_contactplan AS plan JOIN clients_client AS client ON client.id = plan.client_id
            WHERE plan.client_id > %(low)s AND plan.client_id <= %(high)s
                AND client.id > %(low)s AND client.id <= %(high)s
        ) AS planned
    ) AS counted
"""
JUDGED: Mapping[str, str] = {
    Indicator.GRADE_EXPIRY: GRADE_EXPIRY,
    Indicator.FILE_CONFIRMATION: FILE_CONFIRMATION,
    Indicator.CONDITION_OVERDUE: CONDITION_OVERDUE,
    Indicator.DEAL_CAPITAL: DEAL_CAPITAL,
    Indicator.DEAL_DOCUMENTS: DEAL_DOCUMENTS,
    Indicator.NO_CONTACT: NO_CONTACT,
}


def hits(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """The SELECT of every indicator that is amber or red, by the directions of `rules` (indicator → its value)."""
    parts = [
        text.replace("{reaches}", REACHES[rules[code]["direction"], rules[code]["inclusive"]])
        for code, text in JUDGED.items()
    ]
    return f"SELECT * FROM ({' UNION ALL '.join(parts)}) AS judged WHERE level IS NOT NULL"  # noqa: S608


# Heads of departments on that day: the nearest one above the client who is not the owner himself.
HEADS = """
    SELECT person.id, department.path FROM kernel_rolegrant AS given
    JOIN kernel_person AS person ON person.id = given.person_id AND person.is_active
    JOIN kernel_department AS department ON department.id = person.department_id
    WHERE given.role = 'department_head' AND given.valid_from <= %(as_of)s
        AND (given.valid_until IS NULL OR given.valid_until >= %(as_of)s)
"""
# Who has to close `warning` of `client` at `place`: whom WarningPolicy lets, the nearest head first, else an assessor.
CLOSER = """
    SELECT person.id FROM kernel_rolegrant AS given
    JOIN kernel_person AS person ON person.id = given.person_id AND person.is_active
    JOIN kernel_department AS department ON department.id = person.department_id
    WHERE given.valid_from <= %(as_of)s AND (given.valid_until IS NULL OR given.valid_until >= %(as_of)s)
        AND (given.role = 'risk_assessor' OR given.role = 'department_head' AND place.path LIKE department.path || '%%')
        AND person.id NOT IN (client.owner_id, warning.owner_id) AND person.id IS DISTINCT FROM warning.responded_by_id
        AND NOT EXISTS (
            SELECT 1 FROM clients_clientgrant AS granted
            JOIN kernel_account AS account ON account.id = granted.user_id
            JOIN auth_permission AS permission ON permission.id = granted.permission_id
            WHERE granted.content_object_id = client.id AND account.person_id = person.id
                AND permission.codename = 'change_client'
                AND (granted.valid_until IS NULL OR granted.valid_until > now()))
        AND NOT EXISTS (
            SELECT 1 FROM projects_investigator AS investigator
            JOIN projects_project AS project ON project.id = investigator.project_id
            WHERE project.client_id = client.id AND investigator.person_id = person.id)
    ORDER BY given.role = 'risk_assessor', length(department.path) DESC, person.id LIMIT 1
"""

# The chunk's limits are said of each table: otherwise a plan may read all clients once for every chunk.
# One statement: judge, bring open episodes up to date, open new ones, and note each change as an observation.
# A worse level or a relapse asks for a new answer. What was closed while still bad stays quiet for some days, unless
# the facts are others or the level is worse; then a new episode opens: a closed one is never opened again.
CHUNK = """
WITH hits AS MATERIALIZED ({hits}),
heads AS MATERIALIZED ({heads}),
verdict AS (
    SELECT warning.id, hit.level, hit.value, hit.evidence, client.owner_id, warning.level AS former_level,
        warning.owner_id AS former_owner, place.path,
        CASE
            WHEN hit.client_id IS NULL AND warning.recovered_on IS NULL THEN 'recovered'
            WHEN hit.client_id IS NOT NULL AND warning.recovered_on IS NOT NULL THEN 'relapsed'
            WHEN hit.level = 'red' AND warning.level = 'amber' THEN 'raised'
            WHEN hit.level <> warning.level THEN 'lowered'
            WHEN hit.evidence <> warning.evidence THEN 'changed'
            WHEN client.owner_id <> warning.owner_id THEN 'handed_over'
        END AS kind,
        hit.client_id IS NOT NULL AND warning.responded_at IS NULL AND warning.escalated_on IS NULL
            AND warning.recovered_on IS NULL AND warning.due_on < %(as_of)s AS is_late,
        -- A day that passed while all was normal was not missed: bad again, there is another.
        warning.responded_at IS NOT NULL OR (warning.recovered_on IS NOT NULL AND warning.escalated_on IS NULL
            AND warning.due_on < %(as_of)s) AS asks_anew
    FROM risk_warningepisode AS warning
    JOIN clients_client AS client ON client.id = warning.client_id
    JOIN kernel_department AS place ON place.id = client.department_id
    LEFT JOIN hits AS hit ON hit.client_id = warning.client_id AND hit.indicator = warning.indicator
    WHERE warning.client_id > %(low)s AND warning.client_id <= %(high)s AND warning.closed_on IS NULL
),
changed AS (
    UPDATE risk_warningepisode AS warning SET
        level = coalesce(verdict.level, warning.level),
        value = coalesce(verdict.value, warning.value),
        evidence = coalesce(verdict.evidence, warning.evidence),
        rules = CASE WHEN verdict.level IS NULL THEN warning.rules ELSE %(stamps)s::jsonb -> warning.indicator END,
        judged_on = %(as_of)s,
        recovered_on = CASE WHEN verdict.level IS NOT NULL THEN NULL
                            ELSE coalesce(warning.recovered_on, %(as_of)s) END,
        owner_id = verdict.owner_id,
        due_on = CASE
            WHEN verdict.kind NOT IN ('raised', 'relapsed') THEN warning.due_on
            WHEN verdict.asks_anew THEN {due}
            ELSE least(warning.due_on, {due}) END,
        due_provisional = CASE
            WHEN verdict.kind IN ('raised', 'relapsed') AND (verdict.asks_anew OR {due} < warning.due_on)
            THEN (%(due)s::jsonb -> warning.indicator -> verdict.level ->> 'provisional')::boolean
            ELSE warning.due_provisional END,
        responded_at = CASE WHEN verdict.kind IN ('raised', 'relapsed') THEN NULL ELSE warning.responded_at END,
        responded_by_id = CASE WHEN verdict.kind IN ('raised', 'relapsed') THEN NULL ELSE warning.responded_by_id END,
        response = CASE WHEN verdict.kind IN ('raised', 'relapsed') THEN '' ELSE warning.response END,
        escalated_on = CASE
            WHEN verdict.is_late THEN %(as_of)s
            WHEN verdict.kind IN ('raised', 'relapsed') AND verdict.asks_anew THEN NULL
            ELSE warning.escalated_on END,
        escalated_to_id = CASE
            WHEN verdict.is_late THEN (
                SELECT heads.id FROM heads
                WHERE verdict.path LIKE heads.path || '%%' AND heads.id <> verdict.owner_id
                ORDER BY length(heads.path) DESC, heads.id LIMIT 1)
            WHEN verdict.kind IN ('raised', 'relapsed') AND verdict.asks_anew THEN NULL
            ELSE warning.escalated_to_id END,
        version = warning.version + 1
    FROM verdict
    WHERE warning.id = verdict.id AND warning.closed_on IS NULL AND (verdict.kind IS NOT NULL OR verdict.is_late)
    RETURNING warning.id, coalesce(verdict.kind, 'escalated') AS kind, warning.level,
        CASE WHEN verdict.former_level <> warning.level THEN verdict.former_level ELSE '' END AS former_level,
        warning.value, warning.evidence, warning.due_on,
        -- Missed by whoever had it until then, not by whoever the client was handed to since.
        CASE WHEN verdict.is_late THEN verdict.former_owner ELSE warning.owner_id END AS owner_id,
        CASE WHEN verdict.is_late THEN 'missed' ELSE '' END AS deadline
),
opened AS (
    INSERT INTO risk_warningepisode (client_id, indicator, level, value, evidence, rules, opened_on, judged_on,
        owner_id, due_on, due_provisional, response, closing, version)
    SELECT hit.client_id, hit.indicator, hit.level, hit.value, hit.evidence, %(stamps)s::jsonb -> hit.indicator,
        %(as_of)s, %(as_of)s, client.owner_id, (%(due)s::jsonb -> hit.indicator -> hit.level ->> 'date')::date,
        (%(due)s::jsonb -> hit.indicator -> hit.level ->> 'provisional')::boolean, '', '', 1
    FROM hits AS hit
    JOIN clients_client AS client ON client.id = hit.client_id AND client.id > %(low)s AND client.id <= %(high)s
    WHERE NOT EXISTS (
        SELECT 1 FROM risk_warningepisode AS past
        WHERE past.client_id > %(low)s AND past.client_id <= %(high)s
            AND past.client_id = hit.client_id AND past.indicator = hit.indicator AND (
            past.closed_on IS NULL
            OR (past.recovered_on IS NULL AND past.closed_on > %(as_of)s::date - %(quiet)s
                AND (past.level = 'red' OR hit.level = 'amber') AND past.evidence = hit.evidence))
    )
    ON CONFLICT (client_id, indicator) WHERE closed_on IS NULL DO NOTHING
    RETURNING id, level, value, evidence, owner_id, due_on
),
noted AS (
    INSERT INTO risk_warningobservation (warning_id, run_id, kind, "on", level, former_level, value, evidence, note,
        owner_id, due_on, deadline)
    SELECT id, %(run)s, kind, %(as_of)s, level, former_level, value, evidence, '', owner_id, due_on, deadline
    FROM changed
    UNION ALL
    SELECT id, %(run)s, 'opened', %(as_of)s, level, '', value, evidence, '', owner_id, due_on, '' FROM opened
    RETURNING id, kind
)
SELECT coalesce(min(first), 0), coalesce(max(last), 0), coalesce(jsonb_object_agg(kind, n), '{{}}')
FROM (SELECT kind, count(*) AS n, min(id) AS first, max(id) AS last FROM noted GROUP BY kind) AS kinds
"""

# What this chunk noted: a run's rows of one chunk lie together, since the run's own row is locked meanwhile.
NOTED = """
FROM risk_warningobservation AS noted JOIN risk_warningepisode AS warning ON warning.id = noted.warning_id
WHERE noted.id BETWEEN %(first)s AND %(last)s AND noted.run_id = %(run)s
"""
# What was noted outside the nights, by its numbers.
KEYED = """
FROM risk_warningobservation AS noted JOIN risk_warningepisode AS warning ON warning.id = noted.warning_id
WHERE noted.id = ANY(%(noted)s)
"""
EVENTS = (
    """
SELECT 'warning.' || noted.kind AS action, warning.id::text AS subject_id,
    warning.indicator || ' · ' || warning.client_id AS subject_name,
    jsonb_build_object('client', warning.client_id, 'run', noted.run_id, 'rules', warning.rules) AS data,
    CASE WHEN noted.former_level <> '' THEN jsonb_build_object('level', noted.former_level) END AS before,
    jsonb_build_object('level', noted.level, 'value', noted.value::text, 'evidence', noted.evidence,
        'owner', warning.owner_id, 'due_on', warning.due_on, 'escalated_to', warning.escalated_to_id) AS after
"""
    + NOTED
)
EVENTS_OF_KEYS = EVENTS.replace(NOTED, KEYED)
COUNTED = """
SELECT client_id, count(*) FILTER (WHERE level = 'amber' AND closed_on IS NULL) AS open_ambers,
    count(*) FILTER (WHERE level = 'red' AND closed_on IS NULL) AS open_reds
FROM risk_warningepisode
"""
STANDING = f"""{COUNTED} WHERE client_id IN (SELECT warning.client_id {NOTED}) GROUP BY client_id"""


def chunk(rules: Mapping[str, Mapping[str, Any]]) -> str:
    """The one statement of a chunk, by these rules."""
    due = "(%(due)s::jsonb -> warning.indicator -> verdict.level ->> 'date')::date"
    return CHUNK.format(hits=hits(rules), heads=HEADS, due=due)
