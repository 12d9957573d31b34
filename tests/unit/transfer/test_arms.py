from isogloss.core import Language
from isogloss.transfer import MatrixSpec, parse_matrix
from isogloss.transfer.arms import BASELINE, Effect, effects


def spec(**changes: object) -> MatrixSpec:
    plain = {"model": "a/b", "transfer_languages": ["en", "sw", "te"], "runs": 2, "most_runs": 4}
    return parse_matrix({**plain, **changes}, "here")


def arms(found: list[Effect]) -> dict[str, int]:
    return {arm: sum(one.arm == arm for one in found) for arm in {one.arm for one in found}}


def test_adapters_alone_in_pairs_and_triples() -> None:
    found = effects(spec(company={"sizes": [1, 2, 3]}, targets=["en", "hi"]))
    assert arms(found) == {"alone": 3, "pair": 3, "triple": 1}
    assert all(len(one.treated) == 4 and set(one.reference) == {BASELINE} for one in found)
    targets = {one.label: [str(g) for g in one.targets] for one in found}
    assert targets["swa-Latn"] == ["eng-Latn", "hin-Deva"]
    assert targets["eng-Latn+swa-Latn"] == ["eng-Latn"]
    everyone = effects(spec(company={"sizes": [2], "targets": "all"}, targets=["en", "hi"]))
    assert {len(one.targets) for one in everyone} == {2}


def test_units_are_shared_by_companies() -> None:
    found = effects(spec(company={"sizes": [1, 2, 3]}))
    units = {unit for one in found for company in one.treated for unit in company.members}
    assert len(units) == 3 * 4


def test_a_fixed_sample_of_triples() -> None:
    languages = ["en", "sw", "te", "hi", "fr", "ru"]
    one, two = (
        effects(spec(transfer_languages=languages, company={"sizes": [3], "most": 5}))
        for _ in range(2)
    )
    assert one == two
    assert len(one) == 5


def test_tunes_over_updates_and_their_controls() -> None:
    controls = ["shuffled", "mix", "zero_rate"]
    found = effects(spec(method="tune", steps=[1, 10], controls=controls))
    assert arms(found) == {"tune": 6, "shuffled": 6, "mix": 2, "zero rate": 2}
    assert sum(one.is_cell for one in found) == 6
    [zero, _] = [one for one in found if one.arm == "zero rate"]
    assert zero.treated[3].members[0].rate == 0.0
    assert [company.members[0].run for company in zero.treated] == [0, 1, 2, 3]


def test_leaving_one_out_compares_two_joint_tunes() -> None:
    found = effects(spec(method="leave_one_out", steps=[10]))
    first = found[0]
    assert first.transfer == (Language.parse("en"),)
    assert first.treated[0].label == "eng-Latn+swa-Latn+tel-Telu"
    assert first.reference[0].label == "swa-Latn+tel-Telu"


def test_looking_ahead_is_one_update() -> None:
    found = effects(spec(method="lookahead", tasks=["masked_lm"]))
    assert [one.updates for one in found] == [1, 1, 1]
