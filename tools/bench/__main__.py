"""`python -m tools.bench [SIZE …]`: a throw-away house, then the run inside it; `kpi` is the KPI of 2,000 people,
`night [SIZE]` the risk review, `import [SIZE]` a table of clients.
"""

import os
import sys
from importlib import import_module

from crm.tests.support.throwaway import open_house

SETTINGS = "tools.bench.settings"

os.environ["DATABASE_ROLE"] = "owner"
with open_house("sanshen_bench", settings=SETTINGS):
    # Models can be imported only now that Django is set up on the new database.
    if sys.argv[1:2] == ["kpi"]:
        sys.exit(import_module("tools.bench.kpi").main())
    elif sys.argv[1:2] == ["night"]:
        import_module("tools.bench.night").main(int(sys.argv[2]) if sys.argv[2:] else 1_000_000)
    elif sys.argv[1:2] == ["import"]:
        sys.exit(import_module("tools.bench.imports").main(int(sys.argv[2]) if sys.argv[2:] else 100_000))
    else:
        sys.exit(import_module("tools.bench.run").main([int(size) for size in sys.argv[1:]] or [10_000, 100_000]))
