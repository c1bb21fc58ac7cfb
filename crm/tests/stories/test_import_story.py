"""A customer table of 用友 in a real Chromium: columns assigned, checked, errors corrected in the workbook that came
back, imported and undone; and once more with real workers killed in the middle of the import and of its undoing.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from clients.file.models import Client, Industry, Region
from clients.file.tests.factories import ClientFactory, credit_code
from crm.kernel.imports.models import ImportRow, ImportRun
from crm.kernel.imports.rules.tables import TableLimits, read_table
from crm.kernel.imports.services import WORK
from crm.kernel.imports.tests.support import as_xlsx, business_rows, work_off
from crm.kernel.outbox.tasks import relay
from crm.tests.assurance.deliveries import Nursery, nursery
from crm.tests.stories.walk import Desk, desk, path_of
from crm.tests.support.people import cast_member

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]
Opener = Callable[..., Page]
Worker = Callable[[], None]
ROWS, WRONG, KNOWN = 500, 37, 3
QUEUE = "import-story"
ERRORS = 'a[href$="/errors/"]'
LONGEST_SECONDS = 240
# As 用友 hands its customer file out; the place of business it calls by a name that no field of ours has.
HEADERS = ["客户编码", "客户名称", "客户简称", "地区编码", "所属行业", "税号", "法人", "经营场所", "开户银行"]
NAME, REGION, CODE, PLACE = 1, 3, 5, 7


def row_of(number: int) -> list[str]:
    """Customer `number` as it should stand there."""
    name = f"福建闽江第{number}水务有限公司"
    place = f"福州市鼓楼区五四路{number}号"
    return [f"KH{number:05d}", name, f"闽江{number}", "350100", "46", credit_code(number), "陈嘉树", place, "中国银行"]


def spoil(number: int, row: list[str]) -> list[str]:
    """The first 37 rows with one cell that cannot be taken each: no name, an unknown region, a wrong code."""
    place, text = ((NAME, ""), (REGION, "998877"), (CODE, row[CODE][:-1] + "I"))[number % 3]
    return [text if column == place else cell for column, cell in enumerate(row)]


def make_table() -> list[list[str]]:
    """500 customers, 37 of them with a wrong cell; the last three are on file, one as it stands here."""
    rows = [row_of(number) for number in range(ROWS)]
    return [HEADERS, *(spoil(number, row) if number < WRONG else row for number, row in enumerate(rows))]


def file_known() -> None:
    """Three of the customers are on file already: two at another place, the last with all that the table says."""
    owner = cast_member("owner")
    for number in range(ROWS - KNOWN, ROWS):
        row = row_of(number)
        place = row[PLACE] if number == ROWS - 1 else "莆田市荔城区"
        facts: dict[str, Any] = {"legal_representative": row[6], "address": place}
        facts |= {"region": Region.objects.get(pk=row[REGION]), "industry": Industry.objects.get(pk=row[4])}
        ClientFactory(by=owner, name=row[NAME], credit_code=row[CODE], **facts)


def digest() -> str:
    """The SHA-256 of every business table."""
    return hashlib.sha256(repr(business_rows()).encode()).hexdigest()


def save(folder: Path, name: str, rows: list[list[str]]) -> Path:
    """The rows as a workbook on this machine."""
    file = folder / name
    file.write_bytes(as_xlsx(rows).read())
    return file


def send(manager: Desk, file: Path) -> None:
    """Upload a table of clients; its columns are asked for next."""
    manager.page.goto("/imports/")
    manager.click("/imports/new/").at("/imports/new/")
    manager.main.locator("[name=entity]").select_option("client")
    manager.main.locator("[name=file]").set_input_files(file)
    manager.press("上传").at("/imports/<id>/columns/").told("表格已上传，请指定列对应关系")


def look_again(manager: Desk, *words: str) -> None:
    """Back on the page of the import once the worker is through."""
    manager.page.reload()
    manager.sees(*words)


def figure(manager: Desk, label: str) -> str:
    """The number beside this label on the page of an import."""
    return manager.main.locator(f'dt:text-is("{label}") + dd').inner_text()


def download(manager: Desk, folder: Path) -> list[list[str]]:
    """The workbook of errors as it lies on this machine: its headers and rows."""
    with manager.page.expect_download() as waiting:
        manager.click("/errors/")
    file = folder / "错误行.xlsx"
    waiting.value.save_as(file)
    with file.open("rb") as source:
        table = read_table(source, "xlsx", TableLimits(ROWS, 60, 500))
    return [table.headers, *(cells for _number, cells in table.rows)]


def correct(rows: list[list[str]]) -> list[list[str]]:
    """What the manager does in a spreadsheet: each row gets the cell right of which its reason speaks."""
    header, *wrong = rows
    mended = []
    for row in wrong:
        right, reason = row_of(int(row[0].removeprefix("KH"))), row[-1]
        place = next(place for word, place in (("客户名称", NAME), ("地区", REGION), ("代码", CODE)) if word in reason)
        mended.append([right[place] if column == place else cell for column, cell in enumerate(row)])
    return [header, *mended]


def press_and_wait(manager: Desk, act: str, words: str, work: Worker) -> None:
    """One act on the page of an import, its confirmation, and the worker's part."""
    manager.click(f"/{act}/").at(f"/imports/<id>/{act}/").press(words).at("/imports/<id>/")
    work()


def import_most(manager: Desk, folder: Path, work: Worker) -> list[list[str]]:
    """The table is sent, its columns are assigned, its good rows imported; the workbook of the others."""
    page, before = manager.page, digest()
    send(manager, save(folder, "客户档案.xlsx", make_table()))
    expect(page.get_by_label("税号")).to_have_value("credit_code")
    expect(page.get_by_label("开户银行")).to_have_value("")
    page.get_by_label("经营场所").select_option("address")
    manager.press("逐行校验").at("/imports/<id>/")
    work()
    look_again(manager, "已校验", "错误行")
    told = [figure(manager, label) for label in ("表格总行数", "新建", "更新", "无变化", "有错误")]
    assert told == [str(number) for number in (ROWS, ROWS - WRONG - KNOWN, KNOWN - 1, 1, WRONG)]
    assert digest() == before, "the check wrote something"
    wrong = download(manager, folder)
    assert len(wrong) == WRONG + 1

    press_and_wait(manager, "start", "导入", work)
    look_again(manager, "已导入")
    assert Client.objects.count() == ROWS - WRONG
    return wrong


def import_corrected(manager: Desk, folder: Path, wrong: list[list[str]]) -> None:
    """The corrected workbook comes back: its columns are known, every row is good, and all 500 clients are there."""
    page = manager.page
    send(manager, save(folder, "更正后的错误行.xlsx", correct(wrong)))
    expect(page.get_by_label("经营场所")).to_have_value("address")
    manager.press("逐行校验").at("/imports/<id>/")
    work_through()
    look_again(manager, "已校验")
    assert (figure(manager, "新建"), page.locator(ERRORS).count()) == (str(WRONG), 0)
    press_and_wait(manager, "start", "导入", work_through)
    look_again(manager, "已导入")
    assert sorted(Client.objects.values_list("name", "address")) == sorted(
        (row_of(number)[NAME], row_of(number)[PLACE]) for number in range(ROWS)
    )


def undo(manager: Desk, work: Worker, *paths: str) -> None:
    """Each import is undone, without a row that stays."""
    for path in paths:
        manager.page.goto(path)
        press_and_wait(manager, "undo", "撤销", work)
        look_again(manager, "已撤销")
    assert manager.page.get_by_text("未撤销").count() == 0
    assert set(ImportRun.objects.values_list("state", flat=True)) == {"undone"}


def test_a_table_of_another_system_is_corrected_imported_and_undone(
    open_page: Opener, actors: dict[str, Any], tmp_path: Path
) -> None:
    file_known()
    before, manager = digest(), desk(open_page, actors["owner"])
    wrong = import_most(manager, tmp_path, work_through)
    first = path_of(manager)
    import_corrected(manager, tmp_path, wrong)
    undo(manager, work_through, path_of(manager), first)
    assert digest() == before


def work_through() -> None:
    """The worker's part, done here and now, however slow the machine is."""
    while (run := Hunted.newest()) is not None:
        work_off(run)


class Hunted:
    """A real worker that is killed with -9 once in each state of an import of several chunks, in the middle."""

    def __init__(self, worker: Nursery) -> None:
        self.worker, self.kills = worker, 0

    def work(self) -> None:
        """Until the import is through; a chunk that is under way when the worker dies is not committed."""
        deadline, killed = time.monotonic() + LONGEST_SECONDS, False
        while (run := self.newest()) is not None:
            if time.monotonic() > deadline:
                pytest.fail(f"the worker hangs: {run} is still {run.state}")
            if not killed and run.total == ROWS and self.is_halfway(run):
                time.sleep(0.2)
                killed = self.newest() is not None
                self.worker.kill()
                self.worker.start()
                self.kills += killed
            relay.apply_async(queue=QUEUE, expires=1)
            time.sleep(0.1)

    @staticmethod
    def newest() -> ImportRun | None:
        """The import that is on its way."""
        return ImportRun.objects.filter(state__in=WORK).first()

    @staticmethod
    def is_halfway(run: ImportRun) -> bool:
        """Whether the first chunk is committed and others are to come."""
        left = WORK[run.state][0](run).count()
        return 0 < left < run.rows.exclude(outcome=ImportRow.Outcome.SKIPPED).count() - WRONG


@contextmanager
def hunted() -> Iterator[Hunted]:
    """The worker, gone at the end."""
    with nursery(QUEUE) as worker:
        yield Hunted(worker)


def test_workers_killed_in_the_middle_of_an_import_and_of_its_undoing_repeat_and_lose_nothing(
    open_page: Opener, actors: dict[str, Any], tmp_path: Path, app_database_url: str
) -> None:
    file_known()
    with hunted() as worker:
        before, manager = digest(), desk(open_page, actors["owner"])
        import_most(manager, tmp_path, worker.work)
        undo(manager, worker.work, path_of(manager))
    assert digest() == before
    # While it was checked, imported and undone.
    assert worker.kills == 3
