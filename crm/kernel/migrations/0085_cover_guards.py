"""What Django's constraints cannot say of a cover: no chains, names as of the act, and what was decided stays."""

from django.db import migrations

from crm.kernel.access.kept_words import keep_words

# Of each live cover a set of numbers: the whole block of the person who is away, and of the deputy's block the one
# number that is the person's. Two sets share a number just where one person is away in both, or away in one and a
# deputy in the other: so nobody passes a cover on, stands in while away, or makes a circle. One deputy of two people
# shares none. An exclusion constraint holds it, so two requests at one moment cannot both pass.
NO_CHAIN = """
ALTER TABLE kernel_cover ADD CONSTRAINT kernel_cover_no_chain EXCLUDE USING gist (
    int8multirange(
        int8range(person_id << 31, (person_id + 1) << 31),
        int8range((deputy_id << 31) + person_id, (deputy_id << 31) + person_id, '[]')
    ) WITH &&,
    daterange(starts_on, ends_on, '[]') WITH &&
) WHERE (state IN ('asked', 'confirmed'));
"""
CHAIN = "ALTER TABLE kernel_cover DROP CONSTRAINT kernel_cover_no_chain;"

STAYS = """
CREATE FUNCTION kernel_cover_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.state NOT IN ('asked', 'confirmed')
       OR (OLD.state = 'confirmed' AND NEW.state <> 'ended')
       OR (OLD.state = 'asked' AND NEW.state = 'asked')
       OR (NEW.id, NEW.person_id, NEW.deputy_id, NEW.kind, NEW.starts_on, NEW.ends_on, NEW.scope, NEW.ceiling,
           NEW.letter_no, NEW.is_suspended, NEW.person_post, NEW.person_department, NEW.deputy_post,
           NEW.deputy_department, NEW.asked_by_id, NEW.asked_at)
          IS DISTINCT FROM
          (OLD.id, OLD.person_id, OLD.deputy_id, OLD.kind, OLD.starts_on, OLD.ends_on, OLD.scope, OLD.ceiling,
           OLD.letter_no, OLD.is_suspended, OLD.person_post, OLD.person_department, OLD.deputy_post,
           OLD.deputy_department, OLD.asked_by_id, OLD.asked_at)
       OR (OLD.state = 'confirmed' AND (NEW.decided_by_id, NEW.decided_at)
           IS DISTINCT FROM (OLD.decided_by_id, OLD.decided_at)) THEN
        RAISE EXCEPTION '% on % refused: a letter is only confirmed, refused or ended', TG_OP, TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER cover_stays BEFORE UPDATE OR DELETE ON kernel_cover
    FOR EACH ROW EXECUTE FUNCTION kernel_cover_stays();
ALTER TABLE kernel_cover ENABLE ALWAYS TRIGGER cover_stays;
"""
CHANGES = "DROP TRIGGER cover_stays ON kernel_cover; DROP FUNCTION kernel_cover_stays();"


class Migration(migrations.Migration):
    dependencies = [("kernel", "0084_cover")]

    operations = [
        migrations.RunSQL(NO_CHAIN, CHAIN),
        *keep_words(
            "kernel_cover",
            people={
                "person": "asked_at",
                "deputy": "asked_at",
                "asked_by": "asked_at",
                "decided_by": "decided_at",
                "ended_by": "ended_at",
            },
        ),
        migrations.RunSQL(STAYS, CHANGES),
    ]
