"""`python -m kg` and the command `kg`."""

from __future__ import annotations

__all__ = ["main"]


def main() -> None:
    """Run the command line."""
    from kg.cli import run

    run()


if __name__ == "__main__":
    main()
