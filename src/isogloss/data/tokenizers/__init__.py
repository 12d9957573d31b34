"""Sub-word vocabularies: trained to the byte, loaded from anywhere, counted per language."""

from isogloss.data.tokenizers.plain import PlainTokenizer, load_plain_tokenizer
from isogloss.data.tokenizers.statistics import TokenizerStatistics, tokenizer_statistics
from isogloss.data.tokenizers.tokenizer import Tokenizer, load_tokenizer
from isogloss.data.tokenizers.train import forecast_bytes_per_token, train_tokenizer
from isogloss.data.tokenizers.trimming import Text, TrimmedTokenizer, trim_tokenizer, unkept_tokens

__all__ = [
    "PlainTokenizer",
    "Text",
    "Tokenizer",
    "TokenizerStatistics",
    "TrimmedTokenizer",
    "forecast_bytes_per_token",
    "load_plain_tokenizer",
    "load_tokenizer",
    "tokenizer_statistics",
    "train_tokenizer",
    "trim_tokenizer",
    "unkept_tokens",
]
