"""Template tags of the client pages."""

from django import template

from crm.kernel.access.masks import masked

register = template.Library()
register.filter("masked", masked)
