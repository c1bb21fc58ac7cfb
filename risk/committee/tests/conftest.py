"""Every test of the committee has the deciders of the other stages at hand."""

import threading
from collections.abc import Callable, Sequence

import pytest
from django.db import connections

from crm.kernel.access.errors import DomainError
from risk.reviews.tests.conftest import deciders

__all__ = ["deciders"]


@pytest.fixture
def at_once() -> Callable[[Sequence[Callable[[], object]]], list[str]]:
    """Run acts in threads of their own that start together; answers "done" or the class of each refusal, in order."""

    def run(acts: Sequence[Callable[[], object]]) -> list[str]:
        answers, gate = [""] * len(acts), threading.Barrier(len(acts))

        def one(place: int, act: Callable[[], object]) -> None:
            gate.wait()
            try:
                act()
                answers[place] = "done"
            except DomainError as error:
                answers[place] = type(error).__name__
            finally:
                connections.close_all()

        threads = [threading.Thread(target=one, args=(place, act)) for place, act in enumerate(acts)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        return answers

    return run
