"""The words of the audit trail for templates."""

from django import template

from crm.home.trail import names, words

register = template.Library()

register.filter("action_word", words.action_word)
register.filter("door_word", words.door_word)
register.filter("who_word", words.who_word)
register.filter("subject_word", names.subject_word)
register.filter("roles_words", words.roles_words)
register.filter("model_word", words.model_word)
register.filter("changes", words.changes)
register.filter("handed", words.handed)
register.filter("told", words.told)
