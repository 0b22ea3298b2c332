"""Two contracts of our own: a table is private to the domain of its name; a domain is entered by its front door."""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class _Refusing(Contract):
    """A contract that lists offences `(importer, imported)`."""

    def offences(self, graph: ImportGraph) -> list[tuple[str, str]]:
        raise NotImplementedError

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        found = self.offences(graph)
        return ContractCheck(kept=not found, metadata={"offences": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, imported in check.metadata["offences"]:
            output.print_error(f"{importer} may not import {imported}")


class NamesakeContract(_Refusing):
    """`models.leave` is imported by `services.leave` only (and by the readers named), and so is `models.leave_pay`: a
    domain with many tables has more files, each with a word of its own behind the name."""

    tables = fields.StringField()
    owners = fields.StringField()
    shared = fields.ListField(subfield=fields.StringField())
    readers = fields.ListField(subfield=fields.StringField(), required=False)

    def offences(self, graph: ImportGraph) -> list[tuple[str, str]]:
        tables, shared = str(self.tables), set(map(str, self.shared))  # type: ignore[call-overload]
        readers = tuple(map(str, self.readers or ()))  # type: ignore[call-overload]
        found = []
        for table in graph.find_children(tables):
            name = table.removeprefix(f"{tables}.")
            if name in shared:
                continue
            owner = f"{self.owners}.{name.partition('_')[0]}"
            allowed = (owner, f"{owner}.", f"{tables}.tables", *readers)
            for importer in graph.find_modules_that_directly_import(table):
                if not (importer == owner or importer.startswith(allowed[1:])):
                    found.append((importer, table))
        return sorted(found)


class FrontDoorContract(_Refusing):
    """`services.leave.rules` is imported within `services.leave` only; others import `services.leave`."""

    domains = fields.StringField()

    def offences(self, graph: ImportGraph) -> list[tuple[str, str]]:
        found = []
        for domain in graph.find_children(str(self.domains)):
            for module in graph.find_descendants(domain):
                for importer in graph.find_modules_that_directly_import(module):
                    if importer != domain and not importer.startswith(f"{domain}."):
                        found.append((importer, module))
        return sorted(found)
