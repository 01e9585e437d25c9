"""Measure: `python -m bench` runs all benchmarks, `python -m bench engine` one.

A benchmark is a module of this folder with `run() -> Iterable[Figure]`. Each figure is printed beside a
limit measured in the same run, so that it means the same on any machine.
"""

import importlib
import pkgutil
import resource
import sys
from pathlib import Path

HERE = Path(__file__).parent
NO_BENCHMARKS = {"__main__", "database", "empty_page", "figures", "submitting"}


def main(only: list[str]) -> int:
    """Run the benchmarks named, or all; 2 when there is none of that name."""
    known = sorted({found.name for found in pkgutil.iter_modules([str(HERE)])} - NO_BENCHMARKS)
    if strange := [name for name in only if name not in known]:
        print(f"no benchmark {', '.join(strange)}; there are: {', '.join(known)}", file=sys.stderr)
        return 2
    print(f"{'figure':<58} {'seconds':>9} {'limit':>9} {'ratio':>7} {'aim':>6}")
    for name in only or known:
        for figure in importlib.import_module(f"bench.{name}").run():
            verdict = "" if figure.ratio <= figure.aim_ratio else "  over"
            print(
                f"{figure.name:<58} {figure.value_s:>9.4f} {figure.limit_s:>9.4f}"
                f" {figure.ratio:>7.2f} {figure.aim_ratio:>6.1f}{verdict}",
                flush=True,
            )
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name}: peak memory {peak:,.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
