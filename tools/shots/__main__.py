"""`python -m tools.shots`: a throw-away house with the demo institution, then the pictures inside it."""

from importlib import import_module

from crm.tests.support.throwaway import open_house

with open_house("sanshen_shots") as house:
    house.manage("demo")
    # Models can be imported only now that Django is set up on the new database.
    import_module("tools.shots.run").main()
