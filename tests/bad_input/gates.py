"""Mistakes with the gate of a release and its policy, and with models on raw text."""

import json

from bad_input.mistake import Mistake, both, file

_GATE = "gate new.csv --baseline base.csv --policy policy.yaml"
_HEAD = "example,language,score\n"
_SIDES = both(
    file("base.csv", _HEAD + "q1,sw,1\nq2,sw,0\nq3,sw,1\n"),
    file("new.csv", _HEAD + "q1,sw,1\nq2,sw,1\nq3,sw,0\n"),
)


def _with(what: str, text: str, says: str) -> Mistake:
    return Mistake(what, _GATE, says, both(_SIDES, file("policy.yaml", text)))


MISTAKES = [
    Mistake(
        "a gate without a policy file",
        _GATE,
        "Expected a policy (YAML). Found no such file. Where: policy.yaml. docs/gate.md lists "
        "every key.",
        _SIDES,
    ),
    _with(
        "a policy that names no language",
        "rules: [{name: all, languages: [], largest_loss: 0.02}]\n",
        "Expected languages. Found an empty list. Where: policy.yaml: rules.0.languages. Name "
        "some, or write `languages: all`.",
    ),
    _with(
        "a policy with a language that is none",
        "rules: [{name: all, languages: [suahelish], largest_loss: 0.02}]\n",
        "Expected a language or a group of the policy. Found `suahelish`. Where: policy.yaml. …",
    ),
    _with(
        "a policy with a language that nobody scored",
        "rules: [{name: all, languages: [sw, fr], largest_loss: 0.02}]\n",
        "Expected scores of every language that the rule `all` names. Found none of fra-Latn on "
        "either side. Where: base.csv and new.csv. There are swa-Latn. …",
    ),
    _with(
        "a policy with a key that is not known",
        "rules: [{name: all, languages: all, largest_lost: 0.02}]\n",
        "Expected one of the keys name, tier, languages, … Found `largest_lost`. Where: "
        "policy.yaml: rules.0.largest_lost. Did you mean `largest_loss`?",
    ),
    _with(
        "a rule that asks nothing",
        "rules: [{name: all, languages: all}]\n",
        "Expected one of largest_loss, worst_language, share_hurt in each rule. Found none in "
        "`all`. Where: policy.yaml: rules.0. …",
    ),
    _with(
        "a rule for a task that is not there",
        "rules: [{name: all, languages: all, tasks: [xnli], largest_loss: 0.02}]\n",
        "Expected a task of the scores for each pattern of the rule `all`. Found none like "
        "`xnli`. Where: the policy, tasks. There are scores.",
    ),
    Mistake(
        "models on raw text, without a folder to keep their scores in",
        "compare --models base new --text data",
        "Expected --out with --text or --tasks, and none of the options of score files; --context, "
        "--stride and --precision are of --text. Found no --out. Where: the command line. …",
    ),
    Mistake(
        "models that are no folders",
        "compare --models base new --text data --out scored",
        "Expected the folder of a Hugging Face model. Found no such folder. Where: base. …",
    ),
    Mistake(
        "a model with the head of a task on raw text",
        "compare --models base new --text data --out scored",
        "Expected a causal or a masked language model, by `architectures` of config.json. Found "
        "BertForTokenClassification. Where: base. Models with the head of a task are compared on …",
        both(
            file(
                "base/config.json",
                json.dumps({"model_type": "bert", "architectures": ["BertForTokenClassification"]}),
            ),
            file(
                "new/config.json",
                json.dumps({"model_type": "bert", "architectures": ["BertForMaskedLM"]}),
            ),
        ),
    ),
]
