"""Who reported a condition as met and who settled it: two people, and what is settled stays."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

SETTLED_STAYS = """
CREATE FUNCTION risk_condition_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF OLD.status IN ('met', 'waived') THEN
        RAISE EXCEPTION '% on % refused: a condition that is met or waived stays so', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER condition_stays BEFORE UPDATE OR DELETE ON risk_condition
    FOR EACH ROW EXECUTE FUNCTION risk_condition_stays();
ALTER TABLE risk_condition ENABLE ALWAYS TRIGGER condition_stays;
"""
DROP_SETTLED_STAYS = "DROP TRIGGER condition_stays ON risk_condition; DROP FUNCTION risk_condition_stays();"


def _person(words: str) -> "models.ForeignKey[object, object]":
    return models.ForeignKey(
        blank=True,
        db_index=False,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to="kernel.person",
        verbose_name=words,
    )


class Migration(migrations.Migration):
    dependencies = [("kernel", "0005_set_based_writes"), ("risk", "0005_deadlines_decided")]

    operations = [
        migrations.AddField("condition", "reported_by", _person("reported by")),
        migrations.AddField(
            "condition", "reported_at", models.DateTimeField(blank=True, null=True, verbose_name="reported at")
        ),
        migrations.AddField(
            "condition",
            "evidence",
            models.TextField(blank=True, default="", max_length=2000, verbose_name="how it is met"),
            preserve_default=False,
        ),
        migrations.AddField("condition", "settled_by", _person("settled by")),
        migrations.AddField(
            "condition", "settled_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")
        ),
        migrations.AddField(
            "condition",
            "reason",
            models.TextField(blank=True, default="", max_length=500, verbose_name="the second person's reason"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=Q(reported_by__isnull=True, reported_at__isnull=True, evidence="")
                | (Q(reported_by__isnull=False, reported_at__isnull=False) & ~Q(evidence="")),
                name="risk_condition_report_is_whole",
            ),
        ),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True, settled_at__isnull=True, reason="")
                | Q(settled_by__isnull=False, settled_at__isnull=False, reported_by__isnull=False),
                name="risk_condition_settling_is_whole",
            ),
        ),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | (~Q(settled_by=F("reported_by")) & ~Q(settled_by=F("owner"))),
                name="risk_condition_settled_by_another",
            ),
        ),
        migrations.AddConstraint(
            "condition",
            models.CheckConstraint(
                condition=Q(status="to_verify", reported_by__isnull=False, settled_by__isnull=True)
                | Q(status="met", settled_by__isnull=False)
                | (Q(status="waived", settled_by__isnull=False) & ~Q(reason=""))
                | ~Q(status__in=["to_verify", "met", "waived"]),
                name="risk_condition_status_has_its_act",
            ),
        ),
        migrations.RunSQL(SETTLED_STAYS, DROP_SETTLED_STAYS),
    ]
