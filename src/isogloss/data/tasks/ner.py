"""Named entity recognition."""

from typing import Final

from isogloss.data.tasks.card import TaskCard

NER: Final = TaskCard(
    name="ner",
    kind="ner",
    form="token_classification",
    metric="entity_f1",
    description="Persons, places and organisations in IOB2 tags; exact spans count.",
    reference="Pan et al. 2017 (WikiAnn); Rahimi, Li, Cohn 2019 (splits); Hu et al. 2020 (PAN-X)",
)
