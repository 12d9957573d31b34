"""What is public of "Sequential Reptile" (2022): its claim; its numbers could not be looked up.

Only the abstract and single facts of the setting were found in public text (multilingual BERT,
AdamW at 3e-5, WikiAnn and TyDiQA, batches of 12 and 16), no table of results and no code. So there
is no file of numbers, and none is made up: the report prints "not available" beside the study's.
"""

from typing import Final

from isogloss.core.references.reference import PublishedModel, Reference

LEE2022: Final = Reference(
    name="lee2022",
    paper="Lee, Lee, Lee and Hwang (2022)",
    key="lee-etal-2022-sequential",
    text="Lee, Lee, Lee, Hwang. Sequential Reptile: Inter-Task Gradient Alignment for Multilingual "
    "Learning. ICLR 2022. https://arxiv.org/abs/2110.02600",
    bibtex="""
        @inproceedings{lee-etal-2022-sequential,
          title = {Sequential Reptile: Inter-Task Gradient Alignment for Multilingual Learning},
          author = {Lee, Seanie and Lee, Hae Beom and Lee, Juho and Hwang, Sung Ju},
          booktitle = {Proceedings of ICLR},
          year = {2022}
        }
    """,
    file="",
    models=(PublishedModel("Sequential Reptile", "sequential_reptile"),),
    comparisons=(),
    metrics={},
    pivot="",
    languages={},
    samples={},
    remarks={},
    claim="Sequential Reptile is better than all baselines that the paper considers, both in the "
    "languages that are learned together and zero-shot",
)
