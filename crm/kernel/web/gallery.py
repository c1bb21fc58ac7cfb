"""The gallery of components at /ui/ (in debug): each one in light and in dark, with invented data."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.generic import View


class Gallery(View):
    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "web/gallery.html", {})
