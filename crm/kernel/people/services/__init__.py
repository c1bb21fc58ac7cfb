"""Writes about people: the directory, accounts, keys, roles, moves."""

from crm.kernel.people.services.accounts import account_create, account_reset, account_switch, password_change
from crm.kernel.people.services.directory import (
    department_create,
    department_move,
    person_create,
    person_deactivate,
    person_update,
    post_create,
)
from crm.kernel.people.services.held import RIGHTS_CHANGED
from crm.kernel.people.services.keys import KEY_ENDS, api_key_confirm, api_key_create, api_key_revoke
from crm.kernel.people.services.moves import move_confirm, move_refuse
from crm.kernel.people.services.roles import FIRST_ROLES, first_admin, role_grant, role_revoke

__all__ = [
    "FIRST_ROLES",
    "KEY_ENDS",
    "RIGHTS_CHANGED",
    "account_create",
    "account_reset",
    "account_switch",
    "api_key_confirm",
    "api_key_create",
    "api_key_revoke",
    "department_create",
    "department_move",
    "first_admin",
    "move_confirm",
    "move_refuse",
    "password_change",
    "person_create",
    "person_deactivate",
    "person_update",
    "post_create",
    "role_grant",
    "role_revoke",
]
