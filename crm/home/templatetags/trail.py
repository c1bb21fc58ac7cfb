"""The words of the audit trail for templates."""

from django import template

from crm.home.trail import words

register = template.Library()

register.filter("action_word", words.action_word)
register.filter("door_word", words.door_word)
register.filter("roles_words", words.roles_words)
register.filter("model_word", words.model_word)
register.filter("changes", words.changes)
register.filter("handed", words.handed)
register.filter("told", words.told)
