"""The CSV tables of a study: their columns, written once for who writes and who reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from isogloss.core.diagnosis_rows import DIAGNOSIS_COLUMNS
from isogloss.core.records import RECORD_COLUMNS


@dataclass(frozen=True)
class Table:
    """One table of a study's folder.

    Attributes:
        columns: all of them, in order.
        needed: those that the table is useless without; a reader fills any other that is absent,
            as in a study made before the column was.
    """

    columns: tuple[str, ...]
    needed: tuple[str, ...]


ROLE_COLUMNS: Final = ("run_id", "treatment", "mixture", "match", "task", "seed")
"""What a run stands for: the first columns of the table of every measurement."""

# What the comparison could find: at Holm's level, like its verdict.
_FINDS: Final = ("mde", "power", "seeds_needed", "p_no_effect", "plateau", "destroyed")
# Of a study that runs seeds until decided: the stage that a verdict is of, and what is to come.
_STAGE: Final = ("analysis", "open")
_GAIN: Final = (
    *("source_language", "language", "reference_value", "value", "gain", "ci_low", "ci_high"),
    *("p", "p_holm", "verdict", *_FINDS, "n_seeds", "n_examples", "note", *_STAGE),
)

_NEURONS: Final = (
    *("language_off", "language", "n_neurons", "loss_whole", "harm", "harm_random"),
    *("excess", "excess_se"),
)
_SHARING: Final = (
    *("layer", "sublayer", "language_a", "language_b", "n_gates", "cosine", "pearson", "spearman"),
    *("sign_agreement", "overlap", "permuted", "corrected"),
    *("universal", "only_a", "only_b", "unused"),
)

TABLES: Final[Mapping[str, Table]] = {
    "verdicts": Table(
        columns=(
            *("treatment", "mixture", "match", "task", "metric", "setting", "source_language"),
            *("language", "monolingual", "multilingual", "interference", "ci_low", "ci_high"),
            *("p", "p_holm", "verdict", *_FINDS, "n_seeds", "n_examples", "note"),
            *_STAGE,
            *("gradient_cosine", "gradient_control", "conflict_rate"),
        ),
        needed=("treatment", "mixture", "metric", "setting", "language", "verdict"),
    ),
    "diagnoses": Table(
        columns=DIAGNOSIS_COLUMNS,
        needed=("treatment", "mixture", "language", "task", "diagnosis"),
    ),
    "truth": Table(
        columns=(
            *("mixture", "relation", "language", "match", "planted", "reason", "interference"),
            *("ci_low", "ci_high", "p_holm", "verdict", "outcome"),
        ),
        needed=("mixture", "language", "match", "planted", "verdict", "outcome"),
    ),
    "comparisons": Table(
        columns=("treatment", "reference", "mixture", "task", "metric", "setting", *_GAIN),
        needed=("treatment", "reference", "mixture", "metric", "setting", "language", "gain"),
    ),
    "confounds": Table(
        columns=(
            *(*ROLE_COLUMNS, "language", "tokens", "updates"),
            *("epochs", "vocabulary_share", "fertility", "unknown_rate", "bytes_per_token"),
            *("unigram_nats", "dev_nats", "best_dev_nats", "left_plateau"),
            # Of a training from a checkpoint.
            *("start_nats", "start_retrieval", "retrieval", "destroyed"),
        ),
        needed=("treatment", "language"),
    ),
    "records": Table(columns=RECORD_COLUMNS, needed=("run_id", "treatment", "stage")),
    "parameters": Table(
        columns=("treatment", "mixture", "language", "shared", "language_specific"),
        needed=("treatment", "mixture", "language", "shared", "language_specific"),
    ),
    "mixtures": Table(
        columns=("treatment", "mixture", "reference_mixture", "task", "metric", "setting", *_GAIN),
        needed=("treatment", "mixture", "reference_mixture", "metric", "setting", "gain"),
    ),
    "conflict": Table(
        columns=(
            *(*ROLE_COLUMNS, "level", "name", "update"),
            *("language_a", "language_b", "cosine", "corrected", "half", "control"),
        ),
        needed=(
            *("treatment", "mixture", "run_id", "level", "language_a", "language_b"),
            "cosine",
        ),
    ),
    "averages": Table(
        columns=(
            *("treatment", "reference", "mixture", "task", "metric", "setting", "n_languages"),
            *("reference_value", "value", "gain", "ci_low", "ci_high", "p", "p_holm", "verdict"),
            *(*_FINDS, "n_seeds", "n_examples", "note", *_STAGE),
        ),
        needed=("treatment", "reference", "mixture", "metric", "setting", "gain", "verdict"),
    ),
    "transfer_gap": Table(
        columns=(
            *("treatment", "mixture", "match", "task", "metric", "source_language", "language"),
            *("source_score", "score", "gap", "reduction", "n_languages", "n_seeds"),
        ),
        needed=("treatment", "mixture", "task", "metric", "language", "source_score", "score"),
    ),
    "gap_correlation": Table(
        columns=(
            *("treatment", "mixture", "match", "task", "metric", "state", "layer", "measure", "n"),
            *("spearman", "pearson", "p", "ci_low", "ci_high", "note"),
        ),
        needed=("treatment", "task", "metric", "state", "layer", "measure", "n"),
    ),
    "forgetting": Table(
        columns=(
            *(*ROLE_COLUMNS, "language", "seen"),
            *("n_masked", "pretrained_nats", "original_decoder_nats", "tied_decoder_nats"),
            *("forgotten_nats", "forgotten_nats_tied", "distance", "relative_distance"),
        ),
        needed=("run_id", "treatment", "language", "seen", "forgotten_nats"),
    ),
    "sharing": Table(
        columns=(*ROLE_COLUMNS, *_SHARING),
        needed=("layer", "sublayer", "language_a", "language_b", "pearson", "permuted"),
    ),
    "neurons": Table(
        columns=(*ROLE_COLUMNS, *_NEURONS),
        needed=("language_off", "language", "n_neurons", "harm", "harm_random", "excess"),
    ),
}

COMPARISON_TABLES: Final[Mapping[str, Table]] = {
    "comparison": Table(
        columns=(
            *("view", "language", "task", "slice", "metric", "base", "new", "harm"),
            *("ci_low", "ci_high", "p", "p_adjusted", "verdict", "p_no_difference"),
            *("smallest_effect", "level", "mde", "power", "examples_needed", "n_examples"),
            *("n_clusters", "n_seeds_base", "n_seeds_new", "broke", "mended", "test", "note"),
        ),
        needed=("view", "language", "metric", "harm", "verdict"),
    ),
    "flips": Table(
        columns=(
            *("language", "task", "label", "example", "metric", "direction"),
            *("base", "new", "harm", "base_text", "new_text"),
        ),
        needed=("language", "example", "direction", "harm"),
    ),
}
"""The tables of two finished systems side by side, which are no study."""

SHARING_FILES: Final[Mapping[str, Table]] = {
    "sharing": Table(
        columns=("run_id", *_SHARING),
        needed=("run_id", "layer", "sublayer", "language_a", "language_b", "pearson", "permuted"),
    ),
    "gates": Table(
        columns=(
            *("run_id", "language", "seed", "density", "open"),
            *("loss_whole", "loss_gated", "loss_random"),
        ),
        needed=("run_id", "language", "seed", "density", "loss_gated"),
    ),
    "gate_histogram": Table(
        columns=(
            *("run_id", "sublayer", "language_a", "language_b"),
            *("low", "high", "n", "mean", "kept"),
        ),
        needed=("run_id", "sublayer", "language_a", "language_b", "low", "high", "n", "mean"),
    ),
    "neurons": Table(
        columns=("run_id", "language", "layer", "n_units", "n_neurons", "mean_entropy"),
        needed=("run_id", "language", "layer", "n_units", "n_neurons"),
    ),
    "neurons_off": Table(
        columns=("run_id", *_NEURONS),
        needed=("run_id", "language_off", "language", "n_neurons", "harm", "excess"),
    ),
}
"""The tables of `isogloss sharing`, by file."""

GROUP_FILES: Final[Mapping[str, Table]] = {
    "affinities": Table(
        columns=("affinity", "language_a", "language_b", "value"),
        needed=("affinity", "language_a", "language_b", "value"),
    ),
    "groups": Table(
        columns=(
            *("affinity", "language", "group", "n_groups"),
            *("silhouette", "contrast", "p_random"),
        ),
        needed=("affinity", "language", "group"),
    ),
    "agreement": Table(
        columns=("affinity_a", "affinity_b", "adjusted_rand"),
        needed=("affinity_a", "affinity_b", "adjusted_rand"),
    ),
    "predicted": Table(
        columns=(
            *("language", "group", "alone", "with_group", "with_all"),
            *("gain", "ci_low", "ci_high"),
        ),
        needed=("language", "group", "gain"),
    ),
}
"""The tables of `isogloss group`, by file."""

# Which part of a transfer matrix a row is of: cells are corrected within it.
_PART: Final = ("task", "metric", "arm", "updates")
_CHANGE: Final = ("gain", "ci_low", "ci_high")

MATRIX_TABLES: Final[Mapping[str, Table]] = {
    "cells": Table(
        columns=(
            *(*_PART, "transfer", "target", "unseen_transfer", "unseen_target", "baseline"),
            *("value", *_CHANGE, "gain_relative", "p", "p_adjusted", "verdict", "open"),
            *("margin", "n_runs", "n_examples"),
        ),
        needed=(*_PART, "transfer", "target", "gain", "verdict"),
    ),
    "runs": Table(
        columns=(
            *("model", *_PART, "transfer", "target", "run", "seed", "baseline", "score"),
            *("gain", "n_test", "status", "core_seconds", "cell"),
        ),
        needed=(*_PART, "transfer", "target", "run", "score"),
    ),
    "languages": Table(
        columns=(
            *(*_PART, "language", "role", "unseen", "category", "beneficial", "harmful"),
            *("neutral", "undecided", "n_cells", "mean_gain"),
        ),
        needed=(*_PART, "language", "role", "category"),
    ),
    "asymmetry": Table(
        columns=(*_PART, "a", "b", "a_to_b", "b_to_a", "difference", "ci_low", "ci_high"),
        needed=(*_PART, "a", "b", "difference", "ci_low", "ci_high"),
    ),
    "recommended": Table(
        columns=("transfer", "target", "least_gain", "gain", "n_beneficial", "n_parts", "where"),
        needed=("transfer", "target", "least_gain"),
    ),
    "company": Table(
        columns=(
            *("task", "metric", "language", "measure", "size", "value", "ci_low", "ci_high"),
            *("verdict", "n_companies", "n_runs"),
        ),
        needed=("task", "metric", "language", "measure", "value"),
    ),
    "seen": Table(
        columns=(*_PART, "transfer_is", "target_is", *_CHANGE, "n_cells"),
        needed=(*_PART, "transfer_is", "target_is", "gain"),
    ),
    "factors": Table(
        columns=(
            *(*_PART, "factor", "controls", "correlation", "ci_low", "ci_high", "p"),
            *("p_adjusted", "n_languages", "n_cells"),
        ),
        needed=(*_PART, "factor", "controls", "correlation", "ci_low", "ci_high", "p"),
    ),
    "cost": Table(
        columns=("what", "n", "tokens", "core_seconds", "each"),
        needed=("what", "n", "core_seconds"),
    ),
}
"""The tables of a transfer matrix."""


def own_columns(name: str) -> tuple[str, ...]:
    """Return the columns of a measurement's table that are its own, after `ROLE_COLUMNS`."""
    return tuple(one for one in TABLES[name].columns if one not in ROLE_COLUMNS)


TEXT_COLUMNS: Final = frozenset(
    {
        *("study", "treatment", "mixture", "match", "task", "metric", "setting", "note", "name"),
        *("relation", "planted", "outcome"),
        *("diagnosis", "reason", "same_data", "same_compute", "sublayer"),
        *("source_language", "target_language", "language", "language_a", "language_b", "verdict"),
        "language_off",
        *("reference", "reference_mixture", "run_id", "stage", "status", "level", "spec_hash"),
        "version",
    }
)
"""Columns that hold words; every other one holds numbers, or true and false (`TRUTH_COLUMNS`)."""

TRUTH_COLUMNS: Final = frozenset({"destroyed", "left_plateau", "open", "plateau", "seen"})
"""Columns that hold true or false."""
