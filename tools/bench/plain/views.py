"""An empty answer, fifty companies and a count as a page, the same as JSON: everybody sees everything."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines

from tools.bench.plain.models import Company

PAGE, CAP = 50, 10_001
LIST = engines["django"].from_string("""<!doctype html>
<title>Companies</title>
<p>{{ user.username }}</p>
{% for message in messages %}<p>{{ message }}</p>{% endfor %}
<table>
  {% for row in rows %}
    <tr>
      <td><a href="/{{ row.pk }}/">{{ row.name }}</a></td>
      <td>{{ row.credit_code }}</td>
      <td>{{ row.owner.name }}</td>
      <td>{{ row.industry.name }}</td>
    </tr>
  {% endfor %}
</table>
<p>{{ count }}</p>
""")


def healthz(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware."""
    return HttpResponse("ok")


@login_required
def empty(request: HttpRequest) -> HttpResponse:
    """Nothing but the middleware, the session and the user."""
    return HttpResponse(request.user.get_username())


@login_required
def company_list(request: HttpRequest) -> HttpResponse:
    """The first page by name, with owner and industry, and how many there are up to the cap."""
    rows = Company.objects.select_related("owner", "industry").order_by("name_pinyin", "-pk")
    return HttpResponse(LIST.render({"rows": rows[:PAGE], "count": rows[:CAP].count()}, request))


@login_required
def company_json(request: HttpRequest) -> JsonResponse:
    """The same as JSON."""
    rows = Company.objects.order_by("name_pinyin", "-pk")
    shown = rows.values("id", "name", "credit_code", "owner__name", "industry__name")[:PAGE]
    return JsonResponse({"count": rows[:CAP].count(), "results": list(shown)})
