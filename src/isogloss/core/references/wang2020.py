"""The numbers of "On Negative Interference in Multilingual Models" (2020).

`wang2020.csv` holds the four tables: corpus sizes (T1), Mono against JointPair for full and sampled
corpora (T2), a third, similar language (T3), and the main results (T4). They come from public
slides that print the paper's tables; the printed averages equal the recomputed ones within
rounding. Not in it, because not public in that form: the main QA and XNLI tables, English Mono
rows, the curves. In it but not shown, because nothing here corresponds: the row XLM (a released
model of a hundred languages) and the English side of T2.

The paper's French POS numbers are far below its Russian ones in both settings; they probably hold
sentences of a treebank that was published without its words. Do not chase them.
"""

from typing import Final

from isogloss.core.language import Language
from isogloss.core.references.reference import PublishedModel, Reference

_PAIR: Final = ("en",)
_CODES: Final = ("en", "ar", "fr", "ru", "hi", "sw", "te", "mr", "kn")

WANG2020: Final = Reference(
    name="wang2020",
    paper="Wang, Lipton and Tsvetkov (2020)",
    key="wang-etal-2020-negative",
    text="Wang, Lipton, Tsvetkov. On Negative Interference in Multilingual Models: Findings and A "
    "Meta-Learning Treatment. EMNLP 2020. https://arxiv.org/abs/2010.03017",
    bibtex="""
        @inproceedings{wang-etal-2020-negative,
          title = {On Negative Interference in Multilingual Models: Findings and A Meta-Learning
                   Treatment},
          author = {Wang, Zirui and Lipton, Zachary C. and Tsvetkov, Yulia},
          booktitle = {Proceedings of EMNLP},
          year = {2020}
        }
    """,
    file="wang2020.csv",
    models=(
        PublishedModel("Mono", "monolingual"),
        PublishedModel("JointPair", "untreated", _PAIR),
        PublishedModel("JointTri", "untreated", _PAIR, third={"hi": "mr", "te": "kn"}),
        PublishedModel("JointPair+ffn", "language_ffn", _PAIR),
        PublishedModel("JointPair+attn", "language_attention", _PAIR),
        PublishedModel("JointPair+adpt", "language_adapters", _PAIR),
        PublishedModel("JointPair+share_adpt", "shared_adapter", _PAIR),
        PublishedModel("JointPair+meta_adpt", "meta_adapters", _PAIR),
    ),
    comparisons=(
        ("JointPair", "Mono"),
        ("JointPair+ffn", "JointPair"),
        ("JointPair+attn", "JointPair"),
        ("JointPair+adpt", "JointPair"),
        ("JointPair+share_adpt", "JointPair"),
        ("JointPair+meta_adpt", "JointPair"),
        ("JointPair+meta_adpt", "JointPair+adpt"),
        ("JointTri", "JointPair"),
    ),
    metrics={
        ("NER", "F1"): ("ner", "entity_f1"),
        ("POS", "F1"): ("pos", "pos_accuracy"),
        ("QA", "F1"): ("qa", "qa_f1"),
        ("QA", "EM"): ("qa", "qa_em"),
    },
    pivot="en",
    languages={code: str(Language.parse(code)) for code in _CODES},
    samples={"fr_l": "fr", "ru_l": "ru"},
    remarks={
        "pos": "The paper scores tags with seqeval's chunk F1, this study with token accuracy. "
        "Signs can be compared, values cannot."
    },
)
