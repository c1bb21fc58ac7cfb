"""Reviews, ratings, changes of identity and warnings keep the names as of the act.

A round keeps besides for whom and where the project was filed when it was submitted.
"""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

CLIENT = "clients_client_words"
CASE_WORDS = """
CREATE FUNCTION risk_case_words(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('name', reviewed.number, 'department', department.name, 'root', root.name)
    FROM risk_reviewcase AS reviewed
    JOIN projects_project AS project ON project.id = reviewed.project_id
    JOIN kernel_department AS department ON department.id = project.department_id
    JOIN kernel_department AS root ON root.path = split_part(department.path, '.', 1) || '.'
    WHERE reviewed.id = wanted
$$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("risk", "0045_kept_words"),
        ("kernel", "0071_words_kept"),
        ("clients", "0040_client_words"),
        ("projects", "0030_search_by_form"),
    ]

    operations = [
        migrations.RunSQL(CASE_WORDS, "DROP FUNCTION risk_case_words(bigint);"),
        *keep_words("risk_reviewcase", people={"submitted_by": "opened_at", "withdrawn_by": "closed_at"}),
        *keep_words("risk_reviewround", people={"opened_by": "opened_at"}, others={"case": "risk_case_words"}),
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
    ]
