"""The terms of an approved deal move with the next version of the terms alone; it takes the papers of a change.

The guards of 0068 with these two allowances, else as they were. That the version was decided, migration 0084 of `risk`
asks.
"""

from importlib import import_module

from django.db import migrations

FORMER = import_module("projects.migrations.0068_rehearing_guard")
DECLARED = """        'version', 'updated_at', 'grams', 'sounds', 'name_pinyin'];
BEGIN
    IF TG_OP = 'INSERT' THEN
"""
WITH_TERMS = """        'version', 'updated_at', 'grams', 'sounds', 'name_pinyin'];
    terms text[] := ARRAY['terms_version', 'amount', 'term_months', 'draw_months', 'rate_kind', 'rate_spread_bp',
        'rate_fixed', 'repayment', 'secured', 'security_kinds', 'is_fully_margined', 'purpose', 'term_reason'];
    is_amended boolean := false;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        is_amended := OLD.status = 'approved' AND NEW.status = 'approved'
            AND NEW.terms_version IS NOT DISTINCT FROM coalesce(OLD.terms_version, 1) + 1;
        IF NEW.terms_version IS DISTINCT FROM OLD.terms_version AND NOT is_amended THEN
            RAISE EXCEPTION 'project %: the version of its terms counts up, while it is approved', OLD.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_terms_count_up';
        END IF;
        IF is_amended THEN
            state := state || terms;
        END IF;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.terms_version IS NOT NULL THEN
            RAISE EXCEPTION 'a project begins without a version of its terms'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'projects_project_terms_count_up';
        END IF;
"""
KEPT = "IF OLD.status IN ('approved', 'rejected') AND NOT"
KEPT_UNLESS_AMENDED = "IF NOT is_amended AND OLD.status IN ('approved', 'rejected') AND NOT"
CONTRACT = "to_jsonb(NEW) ->> 'kind' = 'contract'"
PAPERS = "to_jsonb(NEW) ->> 'kind' IN ('contract', 'amendment')"


def _replace(text: str, old: str, new: str) -> str:
    """ValueError where the former text is not what this migration builds on."""
    if text.count(old) != 1:
        raise ValueError(f"not found once: {old}")
    return text.replace(old, new)


PROJECT = FORMER._write_project(reheard=True)
PART = FORMER._write_part(facts=True)
AMENDED = _replace(_replace(PROJECT, DECLARED, WITH_TERMS), KEPT, KEPT_UNLESS_AMENDED)


class Migration(migrations.Migration):
    dependencies = [("projects", "0075_terms_version")]

    operations = [
        migrations.RunSQL(AMENDED, PROJECT),
        migrations.RunSQL(_replace(PART, CONTRACT, PAPERS), PART),
    ]
