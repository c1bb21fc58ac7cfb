"""A large client file, written set by set in SQL: names of Chinese syllables, codes of the right shape, 200 people."""

from collections.abc import Mapping

from django.db import connection

from clients.file.models import Client, ClientGrant
from crm.kernel.audit.context import SYSTEM
from crm.kernel.people.models import Account, Person, RoleGrant
from crm.kernel.people.roles import Role, power_of
from crm.kernel.people.services import department_create
from tools.bench.rows import insert_rows

PEOPLE, GRANTS_EACH = 200, 500
DEPARTMENTS = 4

CLIENT = {
    "name": "made.name",
    "name_normalised": "made.name",
    "name_pinyin": "made.pinyin",
    "client_type": "'company'",
    "credit_code": "'91330482MA' || lpad(made.n::text, 8, '0')",
    "size": "(ARRAY['large','medium','small','micro'])[1 + (made.n / 7) %% 4]",
    "owner_id": "person.id",
    "department_id": "person.department_id",
    "industry_id": "'34'",
    "region_id": "'330482'",
}
NAMES = """
FROM (
    SELECT n,
        (ARRAY['浙江','江苏','湖南','四川','安徽','福建','天津','湖北','陕西','河南'])[1 + n %% 10]
        || (ARRAY['钧','沛','岑','垣','皖','阔','澜','衡','弘','沃','岳'])[1 + (n / 10) %% 11]
        || (ARRAY['茂','澄','新','蜀','屹','港','冷','水','煤','农','金','热','林'])[1 + (n / 110) %% 13]
        || (ARRAY['精密机械','新能源','材料','制药','装备','港务','物流'])[1 + (n / 1430) %% 7]
        || (ARRAY['有限公司','股份有限公司','集团有限公司'])[1 + (n / 10010) %% 3] || n AS name,
        concat_ws(' ',
            (ARRAY['ZHE JIANG','JIANG SU','HU NAN','SI CHUAN','AN HUI'] ||
                ARRAY['FU JIAN','TIAN JIN','HU BEI','SHAN XI','HE NAN'])[1 + n %% 10],
            (ARRAY['JUN','PEI','CEN','YUAN','WAN','KUO','LAN','HENG','HONG','WO','YUE'])[1 + (n / 10) %% 11],
            (ARRAY['MAO','CHENG','XIN','SHU','YI','GANG','LENG','SHUI','MEI','NONG','JIN','RE','LIN'])
                [1 + (n / 110) %% 13],
            (ARRAY['JING MI JI XIE','XIN NENG YUAN','CAI LIAO','ZHI YAO','ZHUANG BEI','GANG WU','WU LIU'])
                [1 + (n / 1430) %% 7],
            (ARRAY['YOU XIAN GONG SI','GU FEN YOU XIAN GONG SI','JI TUAN YOU XIAN GONG SI'])[1 + (n / 10010) %% 3],
            n) AS pinyin
    FROM generate_series(%(start)s, %(stop)s) AS n
) AS made
JOIN (SELECT id, department_id, row_number() OVER (ORDER BY id) - 2 AS place FROM kernel_person) AS person
    ON person.place = made.n %% %(people)s
"""
# Turns at another pace than owner, department and size: each of them has every grade.
STANDING = """
UPDATE clients_standing SET grade = (ARRAY['AAA','AA','A','B'])[1 + client_id / 28 %% 4],
    grade_until = current_date + 200, grade_source = 'bench', exposure = 1000000, exposure_source = 'bench'
WHERE grade_source = ''
"""
GRANT = {
    "user_id": "account.id",
    "permission_id": "permission.id",
    "content_object_id": "client.id",
    "source": "'bench'",
    "reason": "'bench'",
}
GRANTED = """
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM kernel_account) AS account
CROSS JOIN generate_series(1, %(each)s) AS n
JOIN auth_permission AS permission ON permission.codename = 'view_client'
JOIN clients_client AS client
    ON client.id = (SELECT min(id) FROM clients_client) + (account.place * 37 + n * 19) %% %(clients)s
"""


def make_people() -> tuple[Account, Account, Account]:
    """Two hundred account managers in four departments under one root, and an auditor who sees every client.

    Returns the accounts of the first manager, of the second, who heads the department besides, and of the auditor.
    Nobody logs in with a password: the run makes its sessions.
    """
    root = department_create(code="0001", name="总部", by=SYSTEM)
    places = [
        department_create(code=f"{number:02d}00", name=f"客户{number}部", parent=root, by=SYSTEM)
        for number in range(1, DEPARTMENTS + 1)
    ]
    people = Person.objects.bulk_create(
        Person(name=f"经理{number}", employee_no=f"B{number:04d}", department=places[number % DEPARTMENTS])
        for number in range(PEOPLE + 1)
    )
    RoleGrant.objects.bulk_create(
        RoleGrant(person=person, role=role, power=power_of(role))
        for person, role in zip(people, [Role.AUDITOR] + [Role.ACCOUNT_MANAGER] * PEOPLE, strict=True)
    )
    accounts = [
        Account(person=person, login=f"bench{number}", must_change_password=False)
        for number, person in enumerate(people)
    ]
    for account in accounts:
        account.set_unusable_password()
    auditor, manager, head, *_rest = Account.objects.bulk_create(accounts)
    RoleGrant.objects.create(person=head.person, role=Role.DEPARTMENT_HEAD, power=power_of(Role.DEPARTMENT_HEAD))
    return manager, head, auditor


def fill_clients(*, start: int, stop: int, more: Mapping[str, str] | None = None) -> None:
    """File the clients of the numbers `start` to `stop`, spread over the people; `more` sets further columns."""
    given = {"start": start, "stop": stop, "people": PEOPLE}
    insert_rows(Client, values={**CLIENT, **(more or {})}, source=NAMES, given=given)


def grow_to(clients: int) -> None:
    """Fill up to `clients` rows with standing and grants, and let the planner see them as after a night's vacuum."""
    fill_clients(start=Client.objects.count() + 1, stop=clients)
    ClientGrant.objects.all().delete()
    insert_rows(
        ClientGrant,
        values=GRANT,
        source=GRANTED,
        given={"each": GRANTS_EACH, "clients": clients},
        tail="ON CONFLICT DO NOTHING",
    )
    with connection.cursor() as cursor:
        cursor.execute(STANDING, {})
        cursor.execute("VACUUM ANALYZE")
