"""What upper modules do when an interaction changes: each registers a function in a file `follows.py`."""

from collections.abc import Callable

from clients.relations.models import Interaction
from crm.kernel.access.policies import Viewer

Follower = Callable[[Interaction, Viewer], None]
_FOLLOWERS: dict[str, Follower] = {}


def register(name: str, follower: Follower) -> None:
    """`follower(interaction, by)` is called in the transaction of each act. ValueError for a name that is taken."""
    if _FOLLOWERS.setdefault(name, follower) is not follower:
        raise ValueError(f"registered twice: {name}")


def tell_followers(row: Interaction, *, by: Viewer) -> None:
    """Tell all of them that an interaction was planned, held, corrected or cancelled."""
    for follower in _FOLLOWERS.values():
        follower(row, by)
