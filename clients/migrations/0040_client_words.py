"""The SQL function that answers the words of a client: name and credit code."""

from django.db import migrations

WORDS = """
CREATE FUNCTION clients_client_words(wanted bigint) RETURNS jsonb LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $$
    SELECT jsonb_build_object('name', name, 'code', coalesce(credit_code, '')) FROM clients_client WHERE id = wanted
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("clients", "0045_deviating_codes")]

    operations = [migrations.RunSQL(WORDS, "DROP FUNCTION clients_client_words(bigint);")]
