"""A throw-away database with the demo, then pictures of its pages, or the checks of their layout.

`python -m tools.shots [PREFIX …]` takes the pictures so named, `python -m tools.shots check [PREFIX …]`
checks the pages.
"""

import sys
from importlib import import_module

from crm.tests.support.throwaway import open_house

with open_house("sanshen_shots") as house:
    house.manage("demo")
    # Models can be imported only now that Django is set up on the new database.
    is_check = sys.argv[1:2] == ["check"]
    module = import_module("tools.shots.check" if is_check else "tools.shots.run")
    problems = module.main(*sys.argv[2 if is_check else 1 :])
sys.exit(1 if is_check and problems else 0)
