"""Writes of the client file. Each function is keyword-only, atomic, asks the policy and records what it did."""

from clients.file.services.batches import client_create_many, client_remove_many
from clients.file.services.clients import (
    client_confirm,
    client_create,
    client_reassign,
    client_remove,
    client_update,
    co_manager_add,
    co_manager_remove,
    identity_bind,
    identity_check,
    identity_write,
)
from clients.file.services.contacts import contact_create, contact_delete, contact_update
from clients.file.services.disclosures import (
    CodeCheck,
    Duplicate,
    code_check,
    contact_reveal,
    duplicate_lookup,
    identity_reveal,
    reveal,
)

__all__ = [
    "CodeCheck",
    "Duplicate",
    "client_confirm",
    "client_create",
    "client_create_many",
    "client_reassign",
    "client_remove",
    "client_remove_many",
    "client_update",
    "co_manager_add",
    "co_manager_remove",
    "code_check",
    "contact_create",
    "contact_delete",
    "contact_reveal",
    "contact_update",
    "duplicate_lookup",
    "identity_bind",
    "identity_check",
    "identity_reveal",
    "identity_write",
    "reveal",
]
