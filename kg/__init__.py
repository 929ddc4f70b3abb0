"""Who did what to whom, who says so, and in which characters of which file.

The path of the data, room by room::

    files -> read -> annotate -> mentions -> attribution -> coreference -> events -> times
          -> entities -> coding -> merge -> rdf -> store -> query | view | export

The public names are `build`, `open_graph`, `extract` and `Graph`; they load what they need when
they are first asked for, so that `import kg` loads nothing::

    graph = kg.build("seeds", "out")
    graph.ask("who-did-what", actor="Russia")
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.notebook import Graph, build, extract, open_graph

__all__ = ["Graph", "__version__", "build", "extract", "open_graph"]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import kg.notebook

    return getattr(kg.notebook, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


class _Package(ModuleType):
    """The package as a module whose `build` is the function, whoever imported `kg.build` before."""

    @property
    def build(self) -> object:
        return __getattr__("build")

    @build.setter
    def build(self, module: ModuleType) -> None:
        """Let the import system hang `kg.build` here, and keep the function in its place."""


sys.modules[__name__].__class__ = _Package
