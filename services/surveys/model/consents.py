"""Consent by purpose: changing it, and what follows for the numbers."""

from collections.abc import Collection, Mapping

from services.surveys.model.form import Consent, Fault, Form


def changed(
    form: Form, now: Consent, version: str, agree: Collection[str], refuse: Collection[str]
) -> tuple[Consent, list[Fault]]:
    """The consent after single purposes were agreed to or refused, and what is wrong with that.

    `version` is the wording that the person saw. A purpose without which no answer is taken cannot be refused: that
    is what withdrawing is for.
    """
    faults = []
    if (agree or refuse) and version != form.consent.version:
        faults.append(Fault(("version",), "The words to agree to are others; show them again and ask again."))
    for field, purposes in (("agree", agree), ("refuse", refuse)):
        faults += [
            Fault((field, purpose), "This is not one of the purposes; leave it out.")
            for purpose in sorted(set(purposes) - form.consent.purposes)
        ]
    faults += [
        Fault(("refuse", purpose), "Say either yes or no to this.") for purpose in sorted(set(agree) & set(refuse))
    ]
    faults += [
        Fault(
            ("refuse", purpose), "We can keep your answers only if you agree to this. You can take them back instead."
        )
        for purpose in sorted(set(refuse) & form.required_purposes)
    ]
    return Consent(form.consent.version, (now.purposes | set(agree)) - set(refuse)), faults


def counted(form: Form, purposes: Collection[str], values: Mapping[str, float]) -> dict[str, float]:
    """The numbers that may be scored: none where the person did not agree to the purpose that scoring is done for."""
    return dict(values) if form.scored_for is None or form.scored_for in purposes else {}
