"""Comparisons that a finished study would refuse for unequal budgets, told before it trains."""

from collections.abc import Mapping, Sequence

from isogloss.core import InputError, Language
from isogloss.study.plan.pretraining import updates_by_language
from isogloss.study.plan.runs import Mixture, StudyPlan
from isogloss.study.spec.spec import StudySpec
from isogloss.study.spec.treatment_entry import TreatmentEntry
from isogloss.study.store.prepared import Prepared
from isogloss.training import TrainingPlan


def treated_updates(updates: int, entry: TreatmentEntry) -> int:
    """Return the updates of a treated joint training.

    Args:
        updates: of the untreated one.
        entry: the treatment, with its factor.

    Raises:
        InputError: the factor leaves none.
    """
    treated = round(updates * entry.updates_factor)
    if treated < 1:
        raise InputError(
            expected="an `updates_factor` that leaves an update or more",
            found=f"{entry.updates_factor:g} times {updates} updates",
            where=f"treatment `{entry.label}`",
            next_step="Raise the factor.",
        )
    return treated


def tell_rounded(
    plan: StudyPlan,
    spec: StudySpec,
    mixture: Mixture,
    shares: Mapping[Language, float],
    key: str,
) -> None:
    """Tell where whole updates of a monolingual model miss the joint model's share by over 1 %.

    Args:
        plan: takes the warning.
        spec: of the study.
        mixture: the languages of the joint model.
        shares: updates' worth of rows that the joint model spends on each language.
        key: of the study file that makes the shares larger.
    """
    if "language" not in spec.match:
        return
    for language, share in shares.items():
        alone = max(round(share), 1)
        if are_equal(alone, share):
            continue
        plan.warnings.append(
            f"No comparison at the same data for {language} in {'+'.join(map(str, mixture))}: "
            f"{share:.2f} updates of joint training, {alone} of its own. Raise `{key}`: whole "
            "updates then differ by less than 1 %."
        )


def tell_treated(
    plan: StudyPlan,
    spec: StudySpec,
    prepared: Prepared,
    label: str,
    sides: tuple[Sequence[TrainingPlan], TrainingPlan],
) -> None:
    """Tell which comparisons of a treatment will be missing, because no setting has its budget.

    Args:
        plan: takes the warnings.
        spec: of the study.
        prepared: material, for the rows of each language.
        label: of the treatment.
        sides: the treated plan, one for each setting to choose from, and the untreated one.
    """
    treated, untreated = sides
    name = "+".join(map(str, untreated.languages))
    wanted = updates_by_language(prepared, untreated)
    if "language" in spec.match and not any(
        all(are_equal(updates, wanted[one]) for one, updates in found.items())
        for found in (updates_by_language(prepared, one) for one in treated)
    ):
        plan.warnings.append(
            f"`{label}` is not compared with monolingual at the same data in {name}: no setting of "
            "it spends the same updates on each language."
        )
    passes = untreated.updates * untreated.passes
    if not any(
        are_equal(one.updates, untreated.updates) or are_equal(one.updates * one.passes, passes)
        for one in treated
    ):
        factor = untreated.passes / treated[0].passes
        plan.warnings.append(
            f"`{label}` is not compared with untreated in {name}: neither its updates nor its "
            f"compute are the same. For equal compute give it `updates_factor: {factor:.4g}`."
        )


def are_equal(first: float, second: float) -> bool:
    """Return whether two budgets may be compared, as the tables of the results decide it."""
    from isogloss.statistics import refuse_unequal_budgets  # loads scipy

    try:
        refuse_unequal_budgets({"": first}, {"": second})
    except InputError:
        return False
    return True
