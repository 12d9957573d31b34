"""Data: readers by content, sources, tokenizers, corpora on disk, samplers, batches, the test bed.

Text streams from a `DataSource` to an `EncodedCorpus` on disk; a `Sampler` maps the number of an
update to a `Batch` with a language for each row. Nothing here holds a corpus in memory.
"""

from isogloss.data.batches import Batch
from isogloss.data.check import DataCheck, check_data
from isogloss.data.corpora import EncodedCorpus, encode_corpus, open_corpus
from isogloss.data.corpus_part import CorpusPart, TextSource
from isogloss.data.needed_text import all_text, texts_of_source
from isogloss.data.overlap import LARGEST_OVERLAP
from isogloss.data.readers import HIDDEN, ClassifiedText, DataWarning, Question, TaggedSentence
from isogloss.data.routing import Routing, Runs
from isogloss.data.samplers import (
    IGNORED,
    UNSAID,
    EncodedExample,
    EncodedExamples,
    MixedTaskSampler,
    Sampler,
    SingleLanguageSampler,
    TaskSampler,
    TextSampler,
    Window,
    choose_rows,
    encode_classified,
    encode_questions,
    encode_tagged,
    language_shares,
    question_windows,
)
from isogloss.data.sources import (
    NO_LANGUAGE,
    DataSource,
    SampledSource,
    open_source,
)
from isogloss.data.tasks import TASKS, TaskCard, task_card
from isogloss.data.testbed import Truth, is_test_bed, read_truth, synthesise
from isogloss.data.text_groups import text_groups
from isogloss.data.tokenizers import (
    PlainTokenizer,
    Text,
    Tokenizer,
    forecast_bytes_per_token,
    load_plain_tokenizer,
    load_tokenizer,
    tokenizer_statistics,
    train_tokenizer,
    trim_tokenizer,
    unkept_tokens,
)
from isogloss.data.translations import (
    PROVIDERS,
    Dictionary,
    Lexicon,
    Material,
    Provenance,
    Provider,
    Translated,
    Translations,
    Wanted,
    build_provider,
    by_words,
    switched,
    translate_examples,
)

__all__ = [
    "HIDDEN",
    "IGNORED",
    "LARGEST_OVERLAP",
    "NO_LANGUAGE",
    "PROVIDERS",
    "TASKS",
    "UNSAID",
    "Batch",
    "ClassifiedText",
    "CorpusPart",
    "DataCheck",
    "DataSource",
    "DataWarning",
    "Dictionary",
    "EncodedCorpus",
    "EncodedExample",
    "EncodedExamples",
    "Lexicon",
    "Material",
    "MixedTaskSampler",
    "PlainTokenizer",
    "Provenance",
    "Provider",
    "Question",
    "Routing",
    "Runs",
    "SampledSource",
    "Sampler",
    "SingleLanguageSampler",
    "TaggedSentence",
    "TaskCard",
    "TaskSampler",
    "Text",
    "TextSampler",
    "TextSource",
    "Tokenizer",
    "Translated",
    "Translations",
    "Truth",
    "Wanted",
    "Window",
    "all_text",
    "build_provider",
    "by_words",
    "check_data",
    "choose_rows",
    "encode_classified",
    "encode_corpus",
    "encode_questions",
    "encode_tagged",
    "forecast_bytes_per_token",
    "is_test_bed",
    "language_shares",
    "load_plain_tokenizer",
    "load_tokenizer",
    "open_corpus",
    "open_source",
    "question_windows",
    "read_truth",
    "switched",
    "synthesise",
    "task_card",
    "text_groups",
    "texts_of_source",
    "tokenizer_statistics",
    "train_tokenizer",
    "translate_examples",
    "trim_tokenizer",
    "unkept_tokens",
]
