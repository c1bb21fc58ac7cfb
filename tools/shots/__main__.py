"""`python -m tools.shots [PREFIX …]`: a throw-away database with the demo, then pictures of the pages so named."""

import sys
from importlib import import_module

from crm.tests.support.throwaway import open_house

with open_house("sanshen_shots") as house:
    house.manage("demo")
    # Models can be imported only now that Django is set up on the new database.
    import_module("tools.shots.run").main(*sys.argv[1:])
