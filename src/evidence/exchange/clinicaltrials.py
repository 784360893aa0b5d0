"""Read records of ClinicalTrials.gov (JSON of its API, version 2) as drafts: the trial and its arms.

Members read: of ``protocolSection`` the modules ``identification``, ``status``, ``conditions``, ``design``,
``armsInterventions``, ``outcomes``, ``references`` and ``contactsLocations``; of ``resultsSection`` those that
`clinicaltrials_results` names. Their names are those of https://clinicaltrials.gov/data-api/about-api/study-data-structure.
"""

from __future__ import annotations

from .clinicaltrials_results import Groups, add_results
from .draft import Draft, study_key
from .json_source import Node
from .pairs import add_pairs
from .words import Words

_PAGE = "https://clinicaltrials.gov/study/"


def drafts(root: Node, words: Words) -> list[Draft]:
    """A draft of each record in a file: a record alone, or the answer to a search.

    Parameters
    ----------
    root : Node
        The file.
    words : Words
        Our vocabularies.
    """
    several = isinstance(root.value, dict) and "studies" in root.value
    return [_draft(record, words) for record in (root.each("studies") if several else (root,))]


def _draft(record: Node, words: Words) -> Draft:
    protocol = record.at("protocolSection")
    number = protocol.text("identificationModule.nctId")
    draft = Draft(study_key(number))
    source = {"source_url": f"{_PAGE}{study_key(number).upper()}" if number else "", "source_kind": "registry"}
    groups = _arms(draft, record, words)
    add_results(draft, record.at("resultsSection"), groups, words, source)
    _study(draft, protocol, words, {"registration": number} | source)
    add_pairs(draft, words)
    return draft


def _study(draft: Draft, protocol: Node, words: Words, source: dict[str, str]) -> None:
    conditions = [node.text() for node in protocol.each("conditionsModule.conditions")]
    condition = words.key("condition", *conditions)
    if not condition:
        draft.tell("studies", "condition", *conditions)
    design = protocol.at("designModule.designInfo")
    model, allocation = design.text("interventionModel"), design.text("allocation")
    if not words.key("design", model):
        draft.tell("studies", "design", model)
    if allocation != "RANDOMIZED":
        draft.tell("studies", "randomised", allocation)
    count = protocol.text("designModule.enrollmentInfo.count")
    draft.tell("studies", "n_randomised", f"{count} enrolled" if count else "")
    posted = protocol.text("statusModule.resultsFirstPostDateStruct.date")
    draft.tell("studies", "year", f"results first posted {posted}" if posted else "")
    draft.tell("studies", "pmid", *_papers(protocol))
    draft.tell("studies", "country", *_countries(protocol))
    identity = protocol.at("identificationModule")
    draft.add(
        "studies",
        citation=identity.text("officialTitle") or identity.text("briefTitle"),
        condition=condition,
        population="; ".join(conditions),
        design=words.key("design", model),
        randomised="yes" if allocation == "RANDOMIZED" else "",
        **_blinding(design),
        has_results="yes" if draft.tables["results"] else "no",
        **source,
    )
    for node in protocol.each("outcomesModule.primaryOutcomes"):
        if not draft.tables["results"]:
            draft.drop(f"primary outcome without results: {node.text('measure')}, {node.text('timeFrame')}")


def _blinding(design: Node) -> dict[str, str]:
    """Who knew, where the record says so: a list of those who did not, or that it was open."""
    masked = [node.text() for node in design.each("maskingInfo.whoMasked")]
    if not masked and design.text("maskingInfo.masking") != "NONE":
        return {}
    told = {"participants_blinded": "PARTICIPANT", "assessors_blinded": "OUTCOMES_ASSESSOR"}
    return {column: "yes" if word in masked else "no" for column, word in told.items()}


def _papers(protocol: Node) -> list[str]:
    references = list(protocol.each("referencesModule.references"))
    return [f"{node.text('type')} {node.text('pmid')}" for node in references if node.text("type") == "RESULT"]


def _countries(protocol: Node) -> list[str]:
    return [node.text("country") for node in protocol.each("contactsLocationsModule.locations")]


def _arms(draft: Draft, record: Node, words: Words) -> Groups:
    """Arms: the groups people flowed through, else those of the protocol; later groups are known by their titles."""
    registered = list(record.each("protocolSection.armsInterventionsModule.armGroups"))
    types = {node.text("label").casefold(): node.text("type") for node in registered}
    flow = record.at("resultsSection.participantFlowModule")
    started = _started(flow)
    randomised = record.text("protocolSection.designModule.designInfo.allocation") == "RANDOMIZED"
    groups = Groups(draft, words, types)
    for node in flow.each("groups"):
        groups.add(node, n_randomised=started.get(node.text("id"), "") if randomised else "")
    if not draft.tables["arms"]:
        for node in registered:
            groups.add(node, title="label")
    for node in registered:
        if not groups.knows(node.text("label")):
            draft.drop(f"registered arm {node.text('label')!r}: no group of the results has this title")
    return groups


def _started(flow: Node) -> dict[str, str]:
    """Group to those who started the first period, which a record counts as assigned to it."""
    for period in flow.each("periods"):
        for milestone in period.each("milestones"):
            if milestone.text("type") == "STARTED":
                return {node.text("groupId"): node.number("numSubjects") for node in milestone.each("achievements")}
        break
    return {}
