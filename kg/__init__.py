"""Who did what to whom, who says so, and in which characters of which file.

The path of the data, room by room::

    files -> read -> annotate -> mentions -> attribution -> coreference -> events -> times
          -> entities -> coding -> merge -> rdf -> store -> query | view | export

"""

from __future__ import annotations

__version__ = "0.1.0"
