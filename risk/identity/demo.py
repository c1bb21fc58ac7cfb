"""A change of identity of the demo that waits for the department head or a risk assessor."""

from django.core.files.base import ContentFile

from crm.kernel.declarations import demo
from crm.kernel.workdays.stage import Stage
from risk.identity.services import identity_propose

SUFFIX = "有限公司"


def propose_a_change(stage: Stage) -> None:
    """The first rated client of 林晓雯 was renamed at the registry the day before yesterday."""
    owned = (client for client in stage.made["clients"] if client.owner.name == "林晓雯")
    for client in owned:
        client.refresh_from_db()
        if client.is_identity_bound and client.name.endswith(SUFFIX) and not client.name.endswith("集团" + SUFFIX):
            break
    else:
        return
    name = client.name.removesuffix(SUFFIX) + "集团" + SUFFIX
    text = f"准予变更登记通知书\n原名称：{client.name}\n现名称：{name}\n统一社会信用代码不变。"
    with stage.days_ago(1):
        identity_propose(
            client=client,
            changes={"name": name},
            reason="企业改制为集团公司，登记机关已核准名称变更，统一社会信用代码不变，已在公示系统核对。",
            paper=ContentFile(text.encode(), name="准予变更登记通知书.txt"),
            expected_version=client.version,
            by=client.owner,
        )


demo.register(propose_a_change, order=75)
