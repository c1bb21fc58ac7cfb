"""A credit code that a register issued although its check character is wrong: filed with a reason and a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from clients.file.identifiers import CheckedCode, check_credit_code, is_identity_number
from clients.file.models import Client
from crm.kernel.access.errors import BadInput, Conflict
from crm.kernel.access.inputs import checked
from crm.kernel.access.policies import Viewer
from crm.kernel.attachments.models import StoredFile
from crm.kernel.attachments.services import file_store
from crm.kernel.people.models import Person

LEAST = 10


@dataclass(frozen=True)
class CodeAnswers:
    """What whoever files says to the questions about a code: why it deviates, the paper, that it is no person's."""

    reason: str = ""
    paper: UploadedFile | File | StoredFile | None = None
    confirms: bool = False

    @classmethod
    def taken_from(cls, given: dict[str, Any]) -> "CodeAnswers":
        """The answers among the values of a form or body; they are taken out of it."""
        names = {"reason": "code_reason", "paper": "code_paper", "confirms": "confirm_code"}
        found = {field: given.pop(name, None) for field, name in names.items()}
        return cls(found["reason"] or "", found["paper"] or None, bool(found["confirms"]))


NO_ANSWERS = CodeAnswers()


def set_code(client: Client, text: str, answers: CodeAnswers) -> None:
    """Set the checked code on the unsaved client; of one that deviates with its reason.

    BadInput as `check_credit_code`; Conflict when it is a valid identity number as well, which `confirms` answers.
    """
    found: CheckedCode = check_credit_code(text, is_excused=bool(answers.reason or answers.paper))
    if is_identity_number(found.code) and not answers.confirms:
        raise Conflict(
            _(
                "This is also a valid identity number of a person. Tick the box if the certificate shows it as a "
                "credit code; otherwise choose the type individual."
            ),
            field="credit_code",
            code="identity_number",
        )
    client.credit_code, client.code_reason, client.code_paper = found.code, "", None
    if not found.deviates:
        return
    reason = str(checked(Client, {"code_reason": answers.reason}, allowed=("code_reason",))["code_reason"])
    if len(reason) < LEAST:
        raise BadInput(_("At least %(least)d characters.") % {"least": LEAST}, field="code_reason")
    if answers.paper is None:
        raise BadInput(_("Attach the certificate that shows this code."), field="code_paper", code="required")
    client.code_reason = reason


def keep_paper(client: Client, answers: CodeAnswers, *, by: Viewer) -> None:
    """Store the paper of a code that deviates, in the transaction that saves the client; it is set on the row."""
    if not client.code_reason or client.code_paper_id is not None or answers.paper is None:
        return
    if isinstance(answers.paper, StoredFile):
        client.code_paper = answers.paper
    elif isinstance(by, Person):
        client.code_paper = file_store(upload=answers.paper, by=by, field="code_paper")


def code_facts(client: Client) -> Mapping[str, Any]:
    """What audit keeps of a code that deviates."""
    return {"code_reason": client.code_reason, "code_paper": client.code_paper_id}
