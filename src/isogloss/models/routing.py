"""The routing of the forward pass that is running, which language-specific modules read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from isogloss.data import Routing

_CURRENT: ContextVar[Routing] = ContextVar("routing")


@contextmanager
def routed(routing: Routing) -> Iterator[None]:
    """Make `routing` that of the forward pass inside; language-specific modules read it.

    Hugging Face layers hand nothing of ours down to their submodules. A context variable is bound
    to this call and thread; an attribute of a module would be overwritten by the next batch.
    """
    token = _CURRENT.set(routing)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def reroute(routing: Routing) -> None:
    """Make `routing` that of the rest of the forward pass that is running, up to its end."""
    _CURRENT.set(routing)


def current_routing() -> Routing:
    """Find the routing of the forward pass that is running.

    Returns:
        What the innermost `routed` was given.

    Raises:
        RuntimeError: the backbone was run outside `MultilingualModel.encode`, for example by the
            recomputation of activation checkpointing: failing is better than a wrong language.
    """
    routing = _CURRENT.get(None)
    if routing is None:
        raise RuntimeError(
            "A model with language-specific modules was run without languages; "
            "call MultilingualModel.encode instead of the Hugging Face model inside it."
        )
    return routing


def running_routing() -> Routing | None:
    """Return the routing of the forward pass that is running, or None outside of one."""
    return _CURRENT.get(None)
