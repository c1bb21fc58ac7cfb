"""Reviews, ratings, changes of identity and warnings keep the names as of the act.

A case keeps besides whose project it is, where it was filed and the client's grade, as of the present round.
"""

from django.db import migrations

from crm.kernel.access.kept_words import Source, keep_words

CLIENT = Source("clients_client_words")
PROJECT_WORDS = """
CREATE FUNCTION risk_project_words(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object(
        'name', project.name, 'department', department.name, 'institution', root.name,
        'client', client.name, 'code', coalesce(client.credit_code, ''), 'grade', coalesce(standing.grade, '')
    )
    FROM projects_project AS project
    JOIN kernel_department AS department ON department.id = project.department_id
    JOIN kernel_department AS root ON root.path = split_part(department.path, '.', 1) || '.'
    JOIN clients_client AS client ON client.id = project.client_id
    LEFT JOIN clients_standing AS standing ON standing.client_id = client.id
    WHERE project.id = wanted
$$;
-- What the frozen dossier says goes before what the tables say today.
CREATE FUNCTION risk_project_words_told(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT risk_project_words(wanted) || coalesce((
        SELECT jsonb_strip_nulls(jsonb_build_object(
            'name', frozen.dossier::jsonb #>> '{project,name}', 'client', frozen.dossier::jsonb #>> '{client,name}',
            'code', frozen.dossier::jsonb #>> '{client,credit_code}', 'grade', frozen.dossier::jsonb #>> '{grade,grade}'
        ))
        FROM risk_reviewround AS frozen JOIN risk_reviewcase AS reviewed ON reviewed.id = frozen.case_id
        WHERE reviewed.project_id = wanted ORDER BY frozen.number DESC LIMIT 1
    ), '{}')
$$;
"""
DROP = "DROP FUNCTION risk_project_words_told(bigint); DROP FUNCTION risk_project_words(bigint);"


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0045_kept_words"),
        ("kernel", "0071_words_kept"),
        ("clients", "0040_client_words"),
        ("projects", "0030_search_by_form"),
    ]

    operations = [
        migrations.RunSQL(PROJECT_WORDS, DROP),
        *keep_words(
            "risk_reviewcase",
            people={"submitted_by": "opened_at", "withdrawn_by": "closed_at"},
            others={"project": Source("risk_project_words", again="round", told="risk_project_words_told")},
        ),
        *keep_words("risk_reviewround", people={"opened_by": "opened_at"}),
        *keep_words("risk_reviewseat", people={"person": "declared_at"}),
        *keep_words("risk_decision", people={"person": "decided_at"}),
        *keep_words("risk_condition", people={"owner": "", "reported_by": "reported_at", "settled_by": "settled_at"}),
        *keep_words("risk_conflictdeclaration", people={"person": "declared_at"}, others={"client": CLIENT}),
        *keep_words(
            "risk_rating",
            people={"entered_by": "entered_at", "confirmed_by": "confirmed_at", "rejected_by": "rejected_at"},
            others={"client": CLIENT},
        ),
        *keep_words("risk_identitychange", people={"proposed_by": "proposed_at", "decided_by": "decided_at"}),
        *keep_words(
            "risk_warningepisode",
            people={"responded_by": "responded_at", "closed_by": "closed_at"},
            others={"client": CLIENT},
        ),
        *keep_words("risk_warningobservation", people={"by": ""}),
    ]
