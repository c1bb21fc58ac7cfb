"""Building the demo institution: the scenes of all modules in their order, the clock moving with the story."""

from crm.kernel.declarations.demo import list_scenes
from crm.kernel.modules import import_declared
from crm.kernel.workdays.stage import Stage


def build() -> None:
    """Everything, oldest first, through the services."""
    for _module in import_declared("demo"):
        pass
    stage = Stage()
    for scene in list_scenes():
        scene(stage)
