"""The files that lines of an inventory come from, as commands are given them: a mapping of columns, a listing."""

from pathlib import Path
from typing import TYPE_CHECKING

from openmpca.record import console

if TYPE_CHECKING:
    from openmpca.accounting.statements import Listed
    from openmpca.formats.tables.mapping import Mapping


def mapping_of(path: Path | None) -> "Mapping | None":
    """The mapping of columns in a file; none where no file is given."""
    from openmpca.formats.tables.mapping import from_toml
    from openmpca.record.record import Refused

    if path is None:
        return None
    found, problems = from_toml(path.read_bytes())
    if found is None:
        raise Refused(problems)
    return found


def listing_of(path: Path) -> "list[Listed]":
    """The lines of the one physical inventory listing in a file of Code 10."""
    from openmpca.accounting.inventory.taking import lines_of_pil
    from openmpca.formats.code10.interpret import read_reports
    from openmpca.problems import errors
    from openmpca.record.record import Refused

    with path.open("rb") as source:
        found = list(read_reports(source))
    problems = [problem for _, told in found for problem in told]
    if errors(problems):
        raise Refused(problems)
    listings = [report for report, _ in found if report is not None and report.header.kind == "P"]
    if len(listings) != 1:
        console.usage(f"{path} holds {len(listings)} physical inventory listings.", "Give a file with one.")
    return lines_of_pil(listings[0])
