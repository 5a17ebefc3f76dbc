"""The results as the section of the page that people read."""

from typing import Any

from trials._report import table

Result = dict[str, Any]


def written(results: Result) -> str:
    """The section in Markdown."""
    parts = [_where(results), _import(results), _questions(results), _statements(results), _rest(results)]
    return "\n\n".join(parts)


def _where(results: Result) -> str:
    machine = results["machine"]
    return (
        f"{results['date']}; {machine['system']}, {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_mib']} MiB, Python {machine['python']}; load when it began {machine['load'][0]}."
    )


def _import(results: Result) -> str:
    done = results["import"]
    small = results["small"]["import"]
    rows: list[list[object]] = [
        ["changes", f"{done['changes']:,}", f"{small['changes']:,}"],
        ["postings", f"{done['postings']:,}", f"{small['postings']:,}"],
        ["cells", f"{done['cells']:,}", f"{small['cells']:,}"],
        ["seconds", done["seconds"], small["seconds"]],
        ["**changes a second**", f"**{done['changes_per_second']:,}**", f"{small['changes_per_second']:,}"],
        ["most memory, with workers (MiB)", done["peak_mib"], small["peak_mib"]],
        ["most memory, without (MiB)", done["peak_without_workers_mib"], small["peak_without_workers_mib"]],
        ["database file (MiB)", done["database_mib"], small["database_mib"]],
    ]
    whole = sum(done["stages"].values())
    stages: list[list[object]] = [
        [name, f"{seconds:.1f}", f"{100 * seconds / whole:.0f} %"]
        for name, seconds in done["stages"].items()
        if seconds
    ]
    return "\n\n".join(
        [
            f"### Import of a table ({done['mbas']} MBAs, {done['years']} years, one transaction)",
            table(["", "Large", "Small"], rows),
            "Where the time of the large one goes, in the process that writes; the workers make commitments beside it:",
            table(["Stage", "Seconds", "Share"], stages),
        ]
    )


def _questions(results: Result) -> str:
    small = results["small"]["questions"]
    rows: list[list[object]] = [
        [
            name,
            *(took[each] for each in ("median_ms", "p95_ms", "cold_ms")),
            *(small[name][each] for each in ("median_ms", "p95_ms")),
            f"{took['median_ms'] / max(small[name]['median_ms'], 0.01):.1f}",
        ]
        for name, took in results["questions"].items()
    ]
    question = "Question, at random days as known at random statements (ms)"
    head = [question, "Median", "95 %", "Cold", "Small: median", "95 %", "Grows by"]
    factor = results["import"]["changes"] / results["small"]["import"]["changes"]
    return f"### Questions\n\n{table(head, rows)}\n\nThe large book is {factor:.0f} times the small one."


def _statements(results: Result) -> str:
    rows: list[list[object]] = [
        [name, took["statements_per_second"], took["median_ms"], took["p95_ms"], took["max_ms"], took.get("lost", "")]
        if "missing" not in took
        else [name, took["missing"], "", "", "", ""]
        for name, took in results["single statements"].items()
    ]
    head = ["Single statements", "A second", "Median (ms)", "95 % (ms)", "Longest (ms)", "Lost"]
    return f"### Single statements\n\n{table(head, rows)}"


def _rest(results: Result) -> str:
    kept, journal = results["upkeep"], results["journal"]
    written_in, size = f"{journal['journal_seconds']} s", f"{journal['journal_mib']} MiB"
    rows: list[list[object]] = [
        ["verify, large", f"{kept['verify_seconds']} s", f"{kept['verify_peak_mib']} MiB"],
        ["rebuild and compare, large", f"{kept['rebuild_seconds']} s", f"{kept['rebuild_peak_mib']} MiB"],
        [f"journal of {journal['changes']:,} changes written", written_in, size],
        ["all MBAs on a day: OpenMPCA", f"{journal['openmpca_ms']} ms", ""],
    ]
    rows += [_other(f"the same: {name}, reading the journal", journal[name]) for name in ("hledger", "ledger")]
    return f"### Upkeep, and other programs\n\n{table(['', 'Time', ''], rows)}"


def _other(title: str, found: Result) -> list[object]:
    if "missing" in found:
        return [title, found["missing"], ""]
    answer = "the same answer" if found["same_answer"] else "another answer"
    return [title, f"{found['seconds']} s", f"{found['times_slower']:,} times as long; {answer}"]
