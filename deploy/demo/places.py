"""The demonstration's two councils, and what their directories and stories hold. All of it made up, but the wards."""

import csv
from dataclasses import dataclass
from importlib.resources import files

from deploy.operate.tenants import Area
from schemas.rpc.case_studies import Consent, WriteCaseStudy
from schemas.rpc.directory import Contact, CreateEntry, Funding

LABEL = "Demonstration"
NOT_REAL = "This is an example made up to show what the directory can do. It does not exist."


@dataclass(frozen=True)
class Place:
    """A demonstration council."""

    slug: str
    name: str
    code: str

    def wards(self) -> tuple[Area, ...]:
        """Its wards, in the order of their codes."""
        with (files("deploy.demo") / "data" / "wards.csv").open(encoding="utf-8") as file:
            rows = [row for row in csv.DictReader(file) if row["council"] == self.code]
        return tuple(Area(row["code"], row["name"], "ward", self.code) for row in rows)

    def entries(self) -> tuple[CreateEntry, ...]:
        """What its directory begins with."""
        here = self.wards()
        return (
            _entry("organisation", "Community Kitchen", "We cook and eat together on Thursdays. Everybody is welcome.",
                   here[3].code, "food", "volunteering"),
            _entry("support_group", "Recovery Walk and Talk", "A slow walk and a cup of tea for people in recovery, "
                   "and for those who care about them. Come as you are. You need not say anything.",
                   here[5].code, "recovery", "wellbeing"),
            _entry("support_group", "Quiet Mornings", "A calm room with tea, for people who feel alone. Drop in when "
                   "you like.", here[8].code, "wellbeing", "company"),
            _entry("organisation", "Street Champions", "Neighbours who look after their streets and tell the council "
                   "what needs mending.", here[11].code, "neighbourhood", "volunteering"),
            CreateEntry(
                "funding",
                f"{LABEL}: Small Sparks Fund",
                f"{NOT_REAL} Small sums for neighbours who want to start something together.",
                tags=("funding", "neighbourhood"),
                contact=Contact(website="https://example.org/small-sparks"),
                funding=Funding(50, 500),
            ),
        )  # fmt: skip

    def story(self) -> WriteCaseStudy:
        """A published story."""
        return WriteCaseStudy(
            title=f"{LABEL}: From the sofa to the allotment",
            narrative=(
                "Demonstration: this story was made up to show what a story looks like. It is about no real person.\n\n"
                "When I stopped drinking, the evenings were long. A neighbour asked whether I could help on the "
                "allotment for an hour. I was afraid that everybody would ask questions. Nobody did. We dug, and we "
                "talked about beans.\n\n"
                "After some weeks I had a key of my own. In spring the council wanted to sell the plot. I had never "
                "spoken in a meeting before. I wrote down three sentences and read them out. The plot is still there, "
                "and now I show new people where the tools are."
            ),
            consent=Consent("1", ("publication", "service_improvement")),
            area=self.wards()[5].code,
            themes=("recovery", "taking_part"),
            byline="A made-up person",
        )


def _entry(kind: str, name: str, description: str, area: str, *tags: str) -> CreateEntry:
    return CreateEntry(
        kind,  # type: ignore[arg-type]  # checked by the contract on its way
        f"{LABEL}: {name}",
        f"{NOT_REAL} {description}",
        area,
        tags,
        Contact(email="hello@example.org"),
    )


PLACES = (
    Place("peterborough", "Peterborough", "E06000031"),
    Place("thanet", "Thanet", "E07000114"),
)
