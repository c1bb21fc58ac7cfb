"""How Sanshen runs on one machine: embedded services, the supervisor behind `make run`, and the services of the tests.

Only the roof (settings, `crm.home`, `crm.celery`) imports from here; no app and no part of the kernel does.
Production names its services by URL and starts nothing of this.
"""
