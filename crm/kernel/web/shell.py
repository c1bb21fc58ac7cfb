"""Fragments of the frame itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View


class MenuCounts(View):
    """The figures of the side bar, asked for after the page: pages themselves pay no query for them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "web/_menu_counts.html")
