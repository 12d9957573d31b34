"""What is public of X-Mixup (2022): means of its seven XTREME tasks, and its claim.

The paper's table has one number a task, averaged over languages; no number of a single language was
found in public text. So there is no table beside the study's cells; the means stand in the claim.
"""

from typing import Final

from isogloss.core.references.reference import PublishedModel, Reference

YANG2022: Final = Reference(
    name="yang2022",
    paper="Yang, Chen, Zhou and Li (2022)",
    key="yang-etal-2022-enhancing",
    text="Yang, Chen, Zhou, Li. Enhancing Cross-lingual Transfer by Manifold Mixup. ICLR 2022. "
    "https://arxiv.org/abs/2205.04182",
    bibtex="""
        @inproceedings{yang-etal-2022-enhancing,
          title = {Enhancing Cross-lingual Transfer by Manifold Mixup},
          author = {Yang, Huiyun and Chen, Huadong and Zhou, Hao and Li, Lei},
          booktitle = {Proceedings of ICLR},
          year = {2022}
        }
    """,
    file="",
    models=(
        PublishedModel("X-Mixup", "x_mixup"),
        PublishedModel("Trans-train", "translate_train"),
        PublishedModel("Filter", "filter"),
        PublishedModel("xTune", "xtune"),
    ),
    comparisons=(),
    metrics={},
    pivot="en",
    languages={},
    samples={},
    remarks={},
    claim="X-Mixup is better than translate-train and FILTER, and brings the languages' "
    "representations nearer to each other (means of seven XTREME tasks with XLM-R large, printed "
    "there: XLM-R 70.1, translate-train 72.6, FILTER 74.4, X-Mixup 75.5, xTune 76.5; the models "
    "were chosen by dev data of all languages, the first by English alone)",
)
