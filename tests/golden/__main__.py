"""Write `seeds.nq` anew."""

from __future__ import annotations

from tests.golden import GOLDEN, seed_lines

if __name__ == "__main__":
    lines = seed_lines()
    with GOLDEN.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)
