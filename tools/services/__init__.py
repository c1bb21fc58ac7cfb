"""How Sanshen runs on one machine: embedded services, the supervisor behind `make run`, and the services of the tests.

The product imports nothing from here. Production names its services by URL and starts none of this.
"""
