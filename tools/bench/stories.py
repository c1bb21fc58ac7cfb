"""What hangs on clients: contacts, projects, to-dos and notices by the set; cases, grades and warnings by the services.

The account manager of the run keeps `CASES` deals in review, a third at each stage, so that the inbox of every stage
has work; a real office has hundreds open, however many clients it has filed.
"""

from django.db import connection

from clients.file.models import Client, Contact
from crm.kernel.notify.models import Notice
from crm.kernel.people.models import Person
from crm.kernel.worklist.models import Todo
from crm.tests.support.people import cast_member
from projects.deals.models import Project
from risk.indicators.tests.factories import open_warning
from risk.ratings.services import rating_confirm, rating_enter
from risk.reviews.models import ReviewCase
from risk.reviews.tests.factories import credit_code, decide, give_grade, make_project, submit
from tools.bench.night import PROJECT
from tools.bench.rows import insert_rows

DECIDERS = ("initial_reviewer", "recheck_reviewer", "final_approver", "risk_assessor")
CASES, TODOS_EACH, NOTICES_EACH = 60, 30, 60
CONTACT = {"client_id": "id", "name": "'李' || id", "title": "'财务总监'", "is_primary": "true"}
OF_CLIENT = "FROM clients_client WHERE id > %(after)s"
TODO = {
    "kind": "'bench'",
    "object_type": "'clients.client'",
    "object_id": "client.id::text",
    "owner_id": "person.id",
    "due_on": "current_date + (n - 5)::int",
    "url": "'/clients/' || client.id || '/'",
}
NOTICE = {
    "recipient_id": "person.id",
    "kind": "'bench'",
    "object_type": "'clients.client'",
    "object_id": "client.id::text",
    "due_at": "now() + n * interval '1 hour'",
    "url": "'/clients/' || client.id || '/'",
}
OF_PERSON = """
FROM kernel_person AS person CROSS JOIN generate_series(1, %(each)s) AS n
JOIN LATERAL (SELECT id FROM clients_client WHERE owner_id = person.id ORDER BY id OFFSET n LIMIT 1) AS client ON true
"""


def hang_on(*, after: int) -> None:
    """A contact for every client filed after the key `after`, a project in draft for every tenth."""
    insert_rows(Contact, values=CONTACT, source=OF_CLIENT, given={"after": after})
    insert_rows(Project, values=PROJECT, source=f"{OF_CLIENT} AND id %% 10 = 0", given={"after": after})


def hang_on_people() -> None:
    """To-dos, a sixth of them late, and notices for everybody who keeps clients."""
    insert_rows(Todo, values=TODO, source=OF_PERSON, given={"each": TODOS_EACH})
    insert_rows(Notice, values=NOTICE, source=OF_PERSON, given={"each": NOTICES_EACH})


def tell_stories(manager: Person) -> tuple[Client, ReviewCase]:
    """Deals of `manager` in review, warnings, and grades. Returns a client that has everything and its first case."""
    # Whom a case waits for is kept with it: they are there before. The first stage is the department's own.
    reviewer, *_others = [cast_member(part) for part in DECIDERS]
    Person.objects.filter(pk=reviewer.pk).update(department=manager.department)
    reviewer.refresh_from_db()
    clients = list(Client.objects.filter(owner=manager).order_by("pk")[:CASES])
    cases = []
    for number, client in enumerate(clients):
        # The file's codes have the right shape only; a review asks for one whose last sign checks.
        Client.objects.filter(pk=client.pk).update(credit_code=credit_code(number + 1))
        give_grade(client, "AA")
        case = submit(make_project(client, sector_reason="集团内新能源板块的项目公司"))
        if number % 3:
            decide(case, cast_member("initial_reviewer"))
        if number % 3 == 2:
            decide(case, cast_member("recheck_reviewer"))
        open_warning(client)
        cases.append(case)
    rating = rating_enter(
        client=clients[0], grade="AA", reason="三年报表稳健", source="内部评级", by=cast_member("risk_assessor")
    )
    rating_confirm(rating=rating, by=cast_member("second_assessor"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return clients[0], cases[0]
