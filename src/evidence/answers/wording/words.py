"""Words for the vocabulary of the data, for sentences, captions and axes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

CONDITIONS: Mapping[str, str] = {
    "spinal_stenosis": "lumbar spinal stenosis",
    "disc_herniation": "herniated lumbar disc",
    "arthritis": "arthritis",
    "lumbar_sprain": "acute lumbar sprain",
    "chronic_overuse": "chronic low back pain",
    "other": "other populations",
}
FIVE = ("spinal_stenosis", "disc_herniation", "arthritis", "lumbar_sprain", "chronic_overuse")
COMPARATORS: Mapping[str, str] = {
    "sham": "sham acupuncture",
    "no_treatment": "no treatment or a waiting list",
    "usual_care": "usual care",
    "drug": "drugs",
    "exercise": "exercise",
    "physical_therapy": "physical therapy",
    "other_active": "another active treatment",
    "acupuncture": "another form of acupuncture",
}
#: Where there is little room.
SHORT_COMPARATORS: Mapping[str, str] = {
    "sham": "sham",
    "no_treatment": "nothing",
    "usual_care": "usual care",
    "drug": "drugs",
    "exercise": "exercise",
    "physical_therapy": "physical therapy",
    "other_active": "other active",
    "acupuncture": "other form",
}
WINDOWS: Mapping[str, str] = {
    "immediate": "within a week of the first session",
    "short": "up to 3 months",
    "intermediate": "at 3 to 12 months",
    "long": "at 12 months or later",
    "unstated": "at a time that is not stated",
}
#: What more of the outcome means when acupuncture does better.
BETTER: Mapping[str, str] = {
    "pain": "less pain",
    "leg_pain": "less leg pain",
    "disability": "less disability",
    "function": "better function",
    "quality_of_life": "better quality of life",
    "responder": "more responders",
    "global_rating": "better ratings",
    "medication_use": "less medication",
    "adverse_event": "fewer adverse events",
}


def outcome_words(outcome: str) -> str:
    """An outcome in running text."""
    return outcome.replace("_", " ")


def better(outcome: str) -> str:
    """What acupuncture doing better means for an outcome."""
    return BETTER.get(outcome, f"{outcome_words(outcome)} more in the hoped-for direction")


def people(n: float) -> str:
    """A number of people: 1,162 people."""
    return f"{n:,.0f} {'person' if round(n) == 1 else 'people'}"


def trials(k: int) -> str:
    """A number of trials in words: one trial, 7 trials."""
    return "one trial" if k == 1 else f"{k} trials"


#: What a treatment that works does to an outcome: verb and object. Verbs take -s, or -d for the past.
DOES: Mapping[str, tuple[str, str]] = {
    "pain": ("reduce", "pain"),
    "leg_pain": ("reduce", "leg pain"),
    "disability": ("reduce", "disability"),
    "function": ("improve", "physical function"),
    "quality_of_life": ("improve", "quality of life"),
    "responder": ("increase", "the number of people who improve"),
    "global_rating": ("increase", "the number of people who rate themselves better"),
    "medication_use": ("reduce", "the use of pain medication"),
    "adverse_event": ("reduce", "adverse events"),
    "beta_endorphin": ("raise", "beta-endorphin"),
    "enkephalin": ("raise", "enkephalin"),
    "serotonin": ("raise", "serotonin"),
    "dopamine": ("raise", "dopamine"),
    "noradrenaline": ("change", "noradrenaline"),
    "substance_p": ("reduce", "substance P"),
    "cortisol": ("reduce", "cortisol"),
    "tnf_alpha": ("reduce", "TNF-alpha"),
    "il_1b": ("reduce", "interleukin 1 beta"),
    "il_6": ("reduce", "interleukin 6"),
    "il_8": ("reduce", "interleukin 8"),
    "il_10": ("raise", "interleukin 10"),
    "crp": ("reduce", "C-reactive protein"),
    "esr": ("reduce", "the sedimentation rate"),
    "other_cytokine": ("improve", "other inflammatory markers"),
    "blood_flow": ("increase", "blood flow"),
    "skin_temperature": ("raise", "skin temperature"),
    "muscle_stiffness": ("reduce", "muscle stiffness"),
    "muscle_thickness": ("increase", "the thickness of deep muscles"),
    "emg": ("improve", "muscle activity"),
    "range_of_motion": ("increase", "the range of motion"),
    "pressure_pain_threshold": ("raise", "the pressure pain threshold"),
    "thermal_pain_threshold": ("raise", "the thermal pain threshold"),
    "electrical_pain_threshold": ("raise", "the electrical pain threshold"),
    "temporal_summation": ("reduce", "temporal summation of pain"),
    "conditioned_pain_modulation": ("improve", "conditioned pain modulation"),
    "brain_fmri": ("change", "the brain's response to pain"),
    "heart_rate_variability": ("raise", "heart rate variability"),
    "posture_or_alignment": ("improve", "posture or alignment"),
    "tissue_repair": ("improve", "tissue repair"),
    "systemic_balance": ("improve", "systemic balance"),
}


def does(outcomes: str) -> tuple[str, str]:
    """Verb and object of one outcome, or of several joined by "|"; they share a verb or are improved."""
    words = [DOES.get(outcome, ("improve", outcome_words(outcome))) for outcome in outcomes.split("|")]
    verbs = {verb for verb, _ in words}
    return verbs.pop() if len(verbs) == 1 else "improve", listed([thing for _, thing in words])


def listed(words: Sequence[str], last: str = "and") -> str:
    """Words as a list in running text: "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


#: What a verdict on a claim means.
VERDICTS: Mapping[str, str] = {
    "supported": "Trials against sham support it, with moderate certainty or better.",
    "partly": "Trials support part of it: not against sham, with low certainty, or not for all it names.",
    "unclear": "Trials leave it open, or are too few or too uncertain.",
    "contradicted": "Trials point the other way, or rule out an effect worth having.",
    "untested": "No trial in the data measures it.",
}
#: Certainty of the evidence, from least to most (GRADE).
GRADES = ("very low", "low", "moderate", "high")
