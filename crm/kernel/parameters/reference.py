"""The release's own parameters, written at every start: what is new is added, what people changed is left alone."""

from typing import Any

from django.db import transaction

from crm.kernel.audit.context import SYSTEM
from crm.kernel.audit.services import record
from crm.kernel.declarations.parameters import list_seeds, problems_of
from crm.kernel.parameters.models import Parameter, ParameterVersion
from crm.kernel.workdays import clock


@transaction.atomic
def load() -> str:
    """Add parameters and seed versions that are missing; refresh names and units, which only the release sets.

    A seed is known by its parameter and first day. A parameter that people have touched gets no further seed:
    their decision stands until they take over the new figure themselves.
    """
    known = {parameter.code: parameter for parameter in Parameter.objects.all()}
    rows = list(ParameterVersion.objects.values_list("parameter__code", "effective_from", "version", "proposed_by"))
    touched = {code for code, _from, _version, proposer in rows if proposer is not None}
    present = {(code, day.isoformat()) for code, day, _version, _proposer in rows}
    numbers: dict[str, int] = {}
    for code, _from, version, _proposer in rows:
        numbers[code] = max(version, numbers.get(code, 0))
    new: list[ParameterVersion] = []
    for item in list_seeds():
        parameter = _described(known.get(item["code"]), item)
        for seed in item["versions"]:
            if item["code"] in touched or (item["code"], seed["effective_from"]) in present:
                continue
            if problems := problems_of(item["code"], seed["value"]):
                raise ValueError(f"seed {item['code']}: {problems}")
            numbers[item["code"]] = numbers.get(item["code"], 0) + 1
            new.append(
                ParameterVersion(
                    parameter=parameter,
                    version=numbers[item["code"]],
                    status=ParameterVersion.Status.PUBLISHED,
                    proposed_at=clock.now(),
                    **{name: seed[name] for name in ("effective_from", "source", "value")},
                )
            )
    ParameterVersion.objects.bulk_create(new)
    # An empty system begins with the values of the release; those of a later release are announced.
    for brought in new if rows else ():
        stated = {"effective_from": brought.effective_from, "source": brought.source, "value": brought.value}
        record("parameter.released", subject=brought, by=SYSTEM, after=stated)
    return f"parameters: {len(new)} versions added"


def _described(parameter: Parameter | None, item: dict[str, Any]) -> Parameter:
    texts = {name: item[name] for name in ("name", "name_en", "unit", "description")}
    if parameter is None:
        return Parameter.objects.create(code=item["code"], **texts)
    if any(getattr(parameter, name) != text for name, text in texts.items()):
        Parameter.objects.filter(pk=parameter.pk).update(**texts)
    return parameter
