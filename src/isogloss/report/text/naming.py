"""Who is who in a study: names of languages and mixtures, colours of treatments."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd
from markupsafe import Markup

from isogloss.report.drawings.svg import element
from isogloss.report.study_files import StudyFiles
from isogloss.report.text.wording import VERDICTS, in_order, joined, plural

_NAMED: Final = 5


def language_names(study: StudyFiles) -> dict[str, str]:
    """Return the name of every language that `study.json` names, by code."""
    return {
        str(language["code"]): str(language.get("name") or language["code"])
        for language in study.items("languages")
        if "code" in language
    }


def mixture_name(mixture: str, names: Mapping[str, str]) -> str:
    """Return "English + Swahili" for "eng-Latn+swa-Latn"; long mixtures are counted."""
    codes = mixture.split("+")
    if len(codes) > 6:
        shown = " + ".join(names.get(code, code) for code in codes[:4])
        return f"{shown} + {len(codes) - 4} more"
    return " + ".join(names.get(code, code) for code in codes)


def who(rows: pd.DataFrame, names: Mapping[str, str], whole: pd.DataFrame) -> str:
    """Return the languages of some rows as a list, at most five, then a count.

    A language is named with its partners where another of its mixtures is not meant.

    Args:
        rows: with columns `language` and `mixture`.
        names: of the languages.
        whole: the table that the rows were chosen from.
    """
    meant = rows.groupby("language")["mixture"].nunique()
    partly = meant < whole.groupby("language")["mixture"].nunique().reindex(meant.index)
    said = list(
        dict.fromkeys(
            names.get(language, language)
            + (f" (with {_others(mixture, language, names)})" if partly[language] else "")
            for language, mixture in zip(rows["language"], rows["mixture"], strict=True)
        )
    )
    more = len(said) - _NAMED
    return joined([*said[:_NAMED], plural(more, "other")] if more > 1 else said)


def _others(mixture: str, language: str, names: Mapping[str, str]) -> str:
    """With whom a language was trained."""
    partners = [names.get(code, code) for code in mixture.split("+") if code != language]
    return joined(partners) if len(partners) <= 3 else plural(len(partners), "other language")


def in_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with every code of a language that stands alone as its name."""
    if not names:
        return text
    code = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    joint = re.compile(rf"(?<![\w-])(?:{code})(?:\+(?:{code}))*(?![\w-])")
    return joint.sub(lambda found: mixture_name(found.group(), names), text)


def treatment_slots(study: StudyFiles) -> dict[str, int]:
    """Return which colour and sign a treatment has, the same in every figure of the report."""
    seen = [table["treatment"] for table in study.tables.values() if "treatment" in table]
    seen.append(study.curves["treatment"])
    names = in_order(name for column in seen for name in column.astype(str))
    return {name: slot for slot, name in enumerate(["monolingual", *without(names, "monolingual")])}


def without(names: Sequence[str], left_out: str) -> list[str]:
    """Return the names but one."""
    return [name for name in names if name != left_out]


def badge(verdict: str) -> Markup:
    """Write a verdict as sign and word in its colour; an unknown verdict keeps its own word."""
    if not verdict or verdict == "nan":
        return element("span", "not compared", class_="quiet")
    sign, word = VERDICTS.get(verdict, ("•", verdict.replace("_", " ").capitalize()))
    known = verdict.lower().replace(" ", "-") if verdict in VERDICTS else "other"
    return element(
        "span",
        element("span", sign, aria_hidden="true", class_="sign"),
        word,
        class_=f"badge v-{known}",
    )


def named(code: str, names: Mapping[str, str]) -> Markup:
    """Write a language as its name with its code behind it."""
    name = names.get(code, code)
    if name == code:
        return element("span", code, class_="name")
    return Markup("{} {}").format(name, element("span", code, class_="code"))


def language_order(names: Mapping[str, str], present: Iterable[str]) -> list[str]:
    """Return the languages that are present: first those that have a name, in that order."""
    codes = dict.fromkeys(str(code) for code in present)
    known = [code for code in names if code in codes]
    return known + [code for code in codes if code not in names]


def mixture_order(study: StudyFiles, present: Iterable[str]) -> list[str]:
    """Return the mixtures that are present: first those with a verdict, in that table's order."""
    verdicts = study.tables.get("verdicts")
    first = [] if verdicts is None else list(dict.fromkeys(verdicts["mixture"]))
    codes = dict.fromkeys(str(code) for code in present)
    return [code for code in first if code in codes] + [code for code in codes if code not in first]
